import pytest

from audit.domain import trail
from notices.models import Message
from projects.enums import Role
from quality.domain import defects
from quality.domain.errors import DefectMoveNotAllowed, ForeignRows, OwnerIsNotOfTeam
from quality.enums import DefectState
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import CaseFactory, DefectFactory, ExecutionFactory, ResultFactory

pytestmark = pytest.mark.django_db

DO = {
    "fix": lambda pk, by: defects.fix_defect(pk, by=by, fixed_in="1.4.1"),
    "reopen": lambda pk, by: defects.reopen_defect(pk, by=by, reason="Still there"),
    "close": lambda pk, by: defects.close_defect(pk, by=by),
}


def told(template_word):
    """Who was told in the house, of those messages whose subject begins with a word."""
    rows = Message.objects.filter(channel="in_app", subject__startswith=template_word)
    return {message.recipient for message in rows}


@pytest.mark.parametrize("state", DefectState)
@pytest.mark.parametrize("name", defects.MOVES)
def test_every_move_from_every_state(name, state):
    defect = DefectFactory(state=state)
    sources, target = defects.MOVES[name]
    if state in sources:
        assert DO[name](defect.pk, UserFactory()).state == target
        assert trail.entries_for(defect).get().action == name
    else:
        with pytest.raises(DefectMoveNotAllowed):
            DO[name](defect.pk, UserFactory())


def test_fix_defect_asks_who_found_it_to_run_the_case_again():
    execution = ExecutionFactory()
    result = ResultFactory(execution=execution, outcome="failed")
    defect = DefectFactory(project=execution.run.project, case=execution.case, result=result)

    defects.fix_defect(defect.pk, by=UserFactory(), fixed_in="1.4.1")

    assert told("Please test again") == {result.executed_by}
    assert Message.objects.filter(channel="in_app").get().url == execution.get_absolute_url()


def test_fix_defect_asks_the_reporter_where_no_case_found_it():
    defect = DefectFactory()
    defects.fix_defect(defect.pk, by=UserFactory())
    assert told("Please test again") == {defect.reported_by}
    assert Message.objects.filter(channel="in_app").get().url == defect.get_absolute_url()


def test_close_defect_tells_the_reporter():
    defect = DefectFactory(state=DefectState.FIXED)
    closed = defects.close_defect(defect.pk, by=UserFactory())
    assert told("Closed") == {defect.reported_by}
    assert closed.told_reporter_at == closed.closed_at


def test_reopen_defect_clears_what_belonged_to_the_state_it_leaves():
    owner = UserFactory()
    defect = DefectFactory(state=DefectState.CLOSED, owner=owner)
    fixer = defect.fixed_by

    defects.reopen_defect(defect.pk, by=UserFactory(), reason="Still there")

    defect.refresh_from_db()
    cleared = (defect.fixed_at, defect.fixed_by, defect.closed_at, defect.closed_by, defect.told_reporter_at)
    assert cleared == (None,) * 5
    assert told("Reopened") == {owner, fixer}
    assert trail.entries_for(defect).get().facts == {"reason": "Still there"}


def test_report_defect_tells_manager_and_owner_but_not_the_reporter():
    project = ProjectFactory()
    manager, engineer = member(project, Role.PROJECT_MANAGER), member(project, Role.ENGINEER)
    defect = defects.report_defect(project, by=UserFactory(), title="Tax", seen="Wrong", owner=engineer)
    assert told("DF-001") == {manager, engineer}
    assert defect.code == "DF-001"
    defects.report_defect(project, by=manager, title="Tax", seen="Wrong")
    assert told("DF-002") == set()


def test_report_defect_refuses_what_does_not_belong():
    project = ProjectFactory()
    for foreign in ({"phase": PhaseFactory()}, {"case": CaseFactory()}):
        with pytest.raises(ForeignRows):
            defects.report_defect(project, by=UserFactory(), title="Tax", seen="Wrong", **foreign)
    with pytest.raises(OwnerIsNotOfTeam):
        defects.report_defect(project, by=UserFactory(), title="Tax", seen="Wrong", owner=UserFactory())


def test_edit_defect_tells_the_new_owner_once():
    defect = DefectFactory()
    owner, manager = member(defect.project, Role.ENGINEER), UserFactory()
    defects.edit_defect(defect.pk, by=manager, owner=owner)
    defects.edit_defect(defect.pk, by=manager, owner=owner, priority=1)
    assert Message.objects.filter(channel="in_app", recipient=owner).count() == 1
    assert trail.entries_for(defect).count() == 2


def test_edit_defect_that_changes_nothing_records_nothing():
    defect = DefectFactory()
    defects.edit_defect(defect.pk, by=UserFactory(), title=defect.title)
    assert not trail.entries_for(defect).exists()
