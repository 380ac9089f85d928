import pytest

from notices.models import Message
from projects.enums import Audience, Role
from quality.domain import runs
from quality.domain.errors import (
    CaseIsRetired,
    CasesHaveNoSteps,
    CriteriaNotAgreed,
    ForeignRows,
    RunHasNoCases,
    RunIsFinished,
    RunIsNotPlanned,
    RunMoveNotAllowed,
    TesterIsNotOfProject,
)
from quality.enums import RunState
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import CaseFactory, CriteriaSetFactory, ExecutionFactory, RunFactory

pytestmark = pytest.mark.django_db

STATES = {
    RunState.PLANNED: {},
    RunState.RUNNING: {"running": True},
    RunState.FINISHED: {"finished": True},
}
DO = {"start": runs.start_run, "finish": runs.finish_run}


def startable_run(**fields):
    project = ProjectFactory()
    CriteriaSetFactory(project=project, agreed=True)
    return ExecutionFactory(run=RunFactory(project=project, **fields)).run


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", runs.MOVES)
def test_every_move_from_every_state(name, state):
    run = startable_run(**STATES[state])
    sources, target = runs.MOVES[name]
    if state in sources:
        assert DO[name](run.pk, by=UserFactory()).state == target
    else:
        with pytest.raises(RunMoveNotAllowed):
            DO[name](run.pk, by=UserFactory())


def test_start_run_shares_run_and_cases_and_tells_those_who_test():
    run = startable_run()
    case = CaseFactory(project=run.project)
    someone, assigned = member(run.project, Role.KEY_USER), member(run.project, Role.REPRESENTATIVE)
    runs.plan_cases(run.pk, {case.pk: assigned}, by=run.created_by)

    runs.start_run(run.pk, by=run.created_by)

    run.refresh_from_db()
    case.refresh_from_db()
    assert (run.audience, case.audience) == (Audience.CUSTOMER, Audience.CUSTOMER)
    assert {message.recipient for message in Message.objects.all()} == {assigned}
    assert someone not in {message.recipient for message in Message.objects.all()}


def test_start_run_tells_all_who_test_where_a_case_is_anyones():
    run = startable_run()
    people = {member(run.project, Role.KEY_USER), member(run.project, Role.REPRESENTATIVE)}
    member(run.project, Role.SPONSOR)
    runs.start_run(run.pk, by=run.created_by)
    assert {message.recipient for message in Message.objects.all()} == people


def test_start_run_of_the_teams_own_cases_needs_no_criteria_and_stays_with_the_team():
    run = RunFactory()
    case = ExecutionFactory(run=run, case=CaseFactory(project=run.project, kind="regression")).case
    tester, key_user = member(run.project, Role.TESTER), member(run.project, Role.KEY_USER)
    member(run.project, Role.CONSULTANT)

    runs.start_run(run.pk, by=run.created_by)

    run.refresh_from_db()
    case.refresh_from_db()
    assert (run.state, run.audience, case.audience) == (RunState.RUNNING, Audience.TEAM, Audience.TEAM)
    assert {message.recipient for message in Message.objects.all()} == {tester}
    uat = CaseFactory(project=run.project)
    with pytest.raises(CriteriaNotAgreed):  # from here on it is the customer's
        runs.plan_cases(run.pk, {case.pk: tester, uat.pk: key_user}, by=run.created_by)


def test_a_run_in_which_the_customer_runs_something_is_shared():
    run = RunFactory()
    case = CaseFactory(project=run.project, kind="functional")
    runs.plan_cases(run.pk, {case.pk: member(run.project, Role.KEY_USER)}, by=run.created_by)
    runs.start_run(run.pk, by=run.created_by)
    run.refresh_from_db()
    assert run.audience == Audience.CUSTOMER


@pytest.mark.parametrize(
    ("kind", "role", "may"),
    [
        ("uat", Role.KEY_USER, True),
        ("uat", Role.TESTER, False),
        ("regression", Role.ENGINEER, True),
        ("regression", Role.KEY_USER, True),
        ("regression", Role.SPONSOR, False),
    ],
)
def test_who_can_be_given_a_case(kind, role, may):
    run = RunFactory()
    case = CaseFactory(project=run.project, kind=kind)
    person = member(run.project, role)
    if may:
        runs.plan_cases(run.pk, {case.pk: person}, by=run.created_by)
        assert run.executions.get().assigned_to == person
    else:
        with pytest.raises(TesterIsNotOfProject):
            runs.plan_cases(run.pk, {case.pk: person}, by=run.created_by)


def test_the_site_of_a_started_run_stays():
    run = RunFactory(running=True, site="Store 12")
    with pytest.raises(RunIsNotPlanned):
        runs.edit_run(run.pk, by=run.created_by, phase=None, site="Store 13")


def test_start_run_needs_agreed_criteria_of_its_own_scope():
    run = startable_run()
    run.phase = PhaseFactory(project=run.project)
    run.save()
    with pytest.raises(CriteriaNotAgreed, match=str(run.phase)):
        runs.start_run(run.pk, by=UserFactory())
    CriteriaSetFactory(project=run.project, phase=run.phase, sent=True)
    with pytest.raises(CriteriaNotAgreed):
        runs.start_run(run.pk, by=UserFactory())


def test_start_run_needs_cases_with_steps():
    run = startable_run()
    run.executions.all().delete()
    with pytest.raises(RunHasNoCases):
        runs.start_run(run.pk, by=UserFactory())
    case = ExecutionFactory(run=run, case=CaseFactory(project=run.project, steps=0)).case
    with pytest.raises(CasesHaveNoSteps, match=case.code):
        runs.start_run(run.pk, by=UserFactory())


def test_plan_cases_sets_adds_and_drops():
    run = RunFactory()
    first, second = CaseFactory(project=run.project), CaseFactory(project=run.project)
    tester = member(run.project, Role.KEY_USER)
    runs.plan_cases(run.pk, {first.pk: None}, by=run.created_by)
    runs.plan_cases(run.pk, {second.pk: tester}, by=run.created_by)
    assert [(execution.case, execution.assigned_to) for execution in run.executions.all()] == [(second, tester)]


def test_plan_cases_only_adds_to_a_running_run():
    execution = ExecutionFactory()
    added = CaseFactory(project=execution.run.project)
    run = runs.plan_cases(execution.run.pk, {execution.case.pk: None, added.pk: None}, by=UserFactory())
    added.refresh_from_db()
    assert (run.executions.count(), added.audience) == (2, Audience.CUSTOMER)
    with pytest.raises(RunIsNotPlanned):
        runs.plan_cases(run.pk, {added.pk: None}, by=UserFactory())


def test_plan_cases_refuses_what_does_not_belong():
    run = RunFactory()
    with pytest.raises(ForeignRows):
        runs.plan_cases(run.pk, {CaseFactory().pk: None}, by=UserFactory())
    with pytest.raises(CaseIsRetired):
        runs.plan_cases(run.pk, {CaseFactory(project=run.project, retired=True).pk: None}, by=UserFactory())
    case, sponsor = CaseFactory(project=run.project), member(run.project, Role.SPONSOR)
    with pytest.raises(TesterIsNotOfProject):
        runs.plan_cases(run.pk, {case.pk: sponsor}, by=UserFactory())
    with pytest.raises(RunIsFinished):
        runs.plan_cases(RunFactory(finished=True).pk, {}, by=UserFactory())


def test_edit_run_keeps_the_phase_once_started():
    run = RunFactory(running=True)
    assert runs.edit_run(run.pk, by=UserFactory(), phase=None, build="1.4.1").build == "1.4.1"
    with pytest.raises(RunIsNotPlanned):
        runs.edit_run(run.pk, by=UserFactory(), phase=PhaseFactory(project=run.project))


def test_edit_run_refuses_a_finished_run_and_another_projects_phase():
    with pytest.raises(RunIsFinished):
        runs.edit_run(RunFactory(finished=True).pk, by=UserFactory(), phase=None)
    with pytest.raises(ForeignRows):
        runs.edit_run(RunFactory().pk, by=UserFactory(), phase=PhaseFactory())
    with pytest.raises(ForeignRows):
        runs.create_run(ProjectFactory(), by=UserFactory(), phase=PhaseFactory())
