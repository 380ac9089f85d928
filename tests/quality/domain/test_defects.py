from datetime import date

import pytest
from django.db import IntegrityError

from audit.domain import trail
from notices.models import Message
from projects.enums import Role
from quality.domain import defects
from quality.domain.errors import (
    DefectMoveNotAllowed,
    DeferredToThePast,
    DuplicateOfItself,
    ForeignRows,
    OwnerIsNotOfTeam,
    OwnRefusal,
    ReporterWouldLoseIt,
)
from quality.enums import DefectState
from quality.models import Defect, DefectMove
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import CaseFactory, DefectFactory, ExecutionFactory, ResultFactory

pytestmark = pytest.mark.django_db

DO = {
    "fix": lambda pk, by: defects.fix_defect(pk, by=by, fixed_in="1.4.1"),
    "reopen": lambda pk, by: defects.reopen_defect(pk, by=by, reason="Still there"),
    "close": lambda pk, by: defects.close_defect(pk, by=by),
    "decline": lambda pk, by: defects.decline_defect(pk, by=by, reason="As agreed"),
    "defer": lambda pk, by: defects.defer_defect(pk, by=by, until=LATER, reason="After go-live", on=TODAY),
    "duplicate": lambda pk, by: defects.mark_duplicate(pk, by=by, original=original_for(pk)),
}
TODAY, LATER = date(2026, 6, 1), date(2026, 7, 1)


def original_for(pk):
    return DefectFactory(project=Defect.objects.get(pk=pk).project)


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
        move = defect.moves.get()
        assert (move.name, move.source, move.target) == (name, state, target)
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
    assert told("Reopened") == {owner, fixer, defect.reported_by}
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


def test_decline_defect_waits_for_somebody_else_to_confirm():
    defect, engineer = DefectFactory(), UserFactory()
    defects.decline_defect(defect.pk, by=engineer, reason="As agreed in the SRS")
    assert Defect.objects.unclosed().get() == defect
    assert told("DF-001 is now") == {defect.reported_by}
    with pytest.raises(OwnRefusal):
        defects.close_defect(defect.pk, by=engineer)
    assert defects.close_defect(defect.pk, by=UserFactory()).state == DefectState.CLOSED


def test_close_defect_lets_its_reporter_take_back_what_they_reported():
    defect = DefectFactory()
    defects.decline_defect(defect.pk, by=defect.reported_by, reason="I was wrong")
    assert defects.close_defect(defect.pk, by=defect.reported_by).fixed_at is None


def test_open_moves_offers_what_is_legal_and_not_the_own_refusal():
    defect, engineer = DefectFactory(), UserFactory()
    assert defects.open_moves(Defect.objects.with_people().get(), engineer) == ["fix", "defer", "decline", "duplicate"]
    defects.decline_defect(defect.pk, by=engineer, reason="As agreed")
    row = Defect.objects.with_people().get()
    assert defects.open_moves(row, engineer) == ["reopen"]
    assert defects.open_moves(row, UserFactory()) == ["close", "reopen"]


def test_defer_defect_refuses_a_day_that_has_come():
    with pytest.raises(DeferredToThePast):
        defects.defer_defect(DefectFactory().pk, by=UserFactory(), until=TODAY, reason="Later", on=TODAY)


def test_mark_duplicate_tells_its_reporter_of_the_moves_of_the_other():
    original = DefectFactory()
    repeated = DefectFactory(project=original.project)
    defects.mark_duplicate(repeated.pk, by=UserFactory(), original=original)

    defects.fix_defect(original.pk, by=UserFactory())
    assert told("What DF-002 reports") == {repeated.reported_by}
    assert Message.objects.filter(channel="in_app", subject__startswith="What").get().url == repeated.get_absolute_url()
    assert list(original.duplicates.all()) == [repeated]


def test_mark_duplicate_never_makes_a_chain():
    first = DefectFactory()
    second, third, fourth = (DefectFactory(project=first.project) for _ in range(3))
    defects.mark_duplicate(second.pk, by=UserFactory(), original=first)
    defects.mark_duplicate(third.pk, by=UserFactory(), original=second)  # goes to what the second repeats
    defects.mark_duplicate(first.pk, by=UserFactory(), original=fourth)  # hands both on
    assert set(fourth.duplicates.all()) == {first, second, third}
    with pytest.raises(DuplicateOfItself):
        defects.mark_duplicate(fourth.pk, by=UserFactory(), original=second)


def test_mark_duplicate_refuses_a_defect_of_another_project():
    with pytest.raises(ForeignRows):
        defects.mark_duplicate(DefectFactory().pk, by=UserFactory(), original=DefectFactory())


@pytest.mark.parametrize("is_named", [True, False])
def test_the_database_refuses_a_chain_of_duplicates(is_named):
    """Naming a duplicate, and becoming one while being named."""
    repeated = DefectFactory(state=DefectState.DUPLICATE)
    other = DefectFactory(project=repeated.project, state=DefectState.DUPLICATE)
    late, named = (repeated.duplicate_of, other.duplicate_of) if is_named else (other, repeated)
    change = {"state": "duplicate", "duplicate_of": named, "closed_at": other.closed_at, "closed_by": other.closed_by}
    with pytest.raises(IntegrityError, match="quality_defect_duplicate_is_of_none"):
        Defect.objects.filter(pk=late.pk).update(**change)


def test_the_database_keeps_moves_as_they_were():
    defects.fix_defect(DefectFactory().pk, by=UserFactory())
    with pytest.raises(IntegrityError, match="append-only"):
        DefectMove.objects.update(reason="Another")


def test_edit_defect_leaves_the_customer_what_they_reported():
    project = ProjectFactory()
    defect = DefectFactory(project=project, shared=True, reported_by=member(project, Role.KEY_USER))
    with pytest.raises(ReporterWouldLoseIt):
        defects.edit_defect(defect.pk, by=UserFactory(), audience="team")
