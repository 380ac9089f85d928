"""What happens to a test run: planned, given its cases, started, finished."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.domain.numbers import next_number
from projects.enums import DELIVERY_TEAM, Audience, Role
from projects.models import Membership, Phase, Project
from quality.domain import criteria_sets, signoffs
from quality.domain.errors import (
    CaseIsRetired,
    CasesHaveNoSteps,
    ForeignRows,
    RunHasNoCases,
    RunIsFinished,
    RunIsNotPlanned,
    RunMoveNotAllowed,
    TesterIsNotOfProject,
)
from quality.enums import CaseKind, CaseState, RunState
from quality.models import Execution, TestCase, TestRun
from quality.permissions import TESTERS
from signing.domain import requests

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "start": ({RunState.PLANNED}, RunState.RUNNING),
    "finish": ({RunState.RUNNING}, RunState.FINISHED),
}


@transaction.atomic
def create_run(project: Project, *, by: User, phase: Phase | None = None, **fields: Any) -> TestRun:
    """Plan a run; the customer sees it once one of its people is to run something in it. Raises ForeignRows."""
    if phase is not None and phase.project_id != project.pk:
        raise ForeignRows
    run = TestRun(
        project=project,
        number=next_number(TestRun, project),
        phase=phase,
        created_by=by,
        **fields,
    )
    run.save(force_insert=True)
    trail.record("create", run, by=by, before={})
    return run


@transaction.atomic
def edit_run(run_id: int, *, by: User, phase: Phase | None, **fields: Any) -> TestRun:
    """Change what a run is called and runs on; once started its phase and site stay.

    Raises RunIsFinished, RunIsNotPlanned, ForeignRows.
    """
    run = _locked(run_id)
    if run.state == RunState.FINISHED:
        raise RunIsFinished(run=run.code)
    is_moved = phase != run.phase or fields.get("site", run.site) != run.site
    if is_moved and run.state != RunState.PLANNED:
        raise RunIsNotPlanned(run=run.code)
    if phase is not None and phase.project_id != run.project_id:
        raise ForeignRows
    before = trail.snapshot(run)
    run.phase = phase
    for name, value in fields.items():
        setattr(run, name, value)
    run.save()
    if trail.difference(before, trail.snapshot(run)):
        trail.record("edit", run, by=by, before=before)
    return run


@transaction.atomic
def plan_cases(run_id: int, assignments: Mapping[int, User | None], *, by: User) -> TestRun:
    """Set which cases (by id) a run has, and who is to run each. In a running one cases are only added.

    Raises RunIsFinished, RunIsNotPlanned, ForeignRows, CaseIsRetired, TesterIsNotOfProject, CriteriaNotAgreed.
    """
    run = _locked(run_id)
    if run.state == RunState.FINISHED:
        raise RunIsFinished(run=run.code)
    cases = {case.pk: case for case in TestCase.objects.filter(pk__in=assignments)}
    planned = {execution.case_id: execution for execution in run.executions.select_related("case")}
    dropped = [execution for case_id, execution in planned.items() if case_id not in assignments]
    if dropped and run.state != RunState.PLANNED:
        raise RunIsNotPlanned(run=run.code)
    _check_assignments(run, cases, assignments, planned)
    Execution.objects.filter(pk__in=[execution.pk for execution in dropped]).delete()
    for case_id, person in assignments.items():
        execution = planned.get(case_id) or Execution(run=run, case=cases[case_id])
        if execution.pk is None or execution.assigned_to_id != getattr(person, "pk", None):
            execution.assigned_to = person
            execution.save()
    if run.state == RunState.RUNNING:
        _open_to_customer(run, run.executions.select_related("case"))
        run.save(update_fields=["audience"])
        added = [cases[pk] for pk in assignments if pk not in planned and cases[pk].kind == CaseKind.UAT]
        because = ", ".join(case.code for case in added)
        signoffs.take_back(run, {case.process for case in added}, by=by, because=because)
    facts = {"cases": {cases[pk].code: str(person or "") for pk, person in assignments.items()}}
    trail.record("plan", run, by=by, facts=facts)
    requests.recheck(run.project, by)
    return run


@transaction.atomic
def start_run(run_id: int, *, by: User) -> TestRun:
    """Open a run to those who are to run its cases, who are told.

    UAT cases can be run once the criteria they will be judged by are agreed. What a person of the customer is to run,
    the customer sees, with the run. Raises RunMoveNotAllowed, CriteriaNotAgreed,
    RunHasNoCases, CasesHaveNoSteps.
    """
    run = _locked(run_id)
    if run.state not in MOVES["start"][0]:
        raise RunMoveNotAllowed(run=run.code, state=run.get_state_display())
    executions = list(run.executions.select_related("case", "assigned_to").prefetch_related("case__steps"))
    if not executions:
        raise RunHasNoCases(run=run.code)
    bare = [execution.case.code for execution in executions if not execution.case.steps.all()]
    if bare:
        raise CasesHaveNoSteps(cases=", ".join(bare))
    before = _move(run, "start")
    _open_to_customer(run, executions)
    run.started_at, run.started_by = timezone.now(), by
    run.save(update_fields=["state", "started_at", "started_by", "audience"])
    trail.record("start", run, by=by, before=before)
    for person in _testers(run, executions):
        outbox.tell(
            person,
            "quality/mails/run_started",
            {"run": run, "project": run.project},
            url=run.get_absolute_url(),
            key=f"run-{run.pk}-started-{person.pk}",
        )
    return run


@transaction.atomic
def finish_run(run_id: int, *, by: User) -> TestRun:
    """End a run: no more results; what was not executed stays "not run". Raises RunMoveNotAllowed."""
    run = _locked(run_id)
    before = _move(run, "finish")
    run.finished_at, run.finished_by = timezone.now(), by
    run.save(update_fields=["state", "finished_at", "finished_by"])
    trail.record("finish", run, by=by, before=before)
    return run


@transaction.atomic
def create_imported_run(project: Project, *, by: User, phase: Phase | None = None, **fields: Any) -> TestRun:
    """Make the run of an imported file: finished from the start, for nobody records in it by hand.

    What is read into it counts, so the customer sees it. Raises ForeignRows.
    """
    run = create_run(project, by=by, phase=phase, **fields)
    before = trail.snapshot(run)
    run.state, run.audience = RunState.FINISHED, Audience.CUSTOMER
    run.started_at = run.finished_at = timezone.now()
    run.started_by = run.finished_by = by
    run.save()
    trail.record("finish", run, by=by, before=before)
    return run


def people_who_test(project: Project) -> "list[User]":
    """Return the people of the project who may run UAT cases, by name."""
    return _holders(project, TESTERS)


def team_who_tests(project: Project) -> "list[User]":
    """Return the people of the team, who may run every other kind of case, by name."""
    return _holders(project, DELIVERY_TEAM)


def _holders(project: Project, roles: frozenset[str]) -> "list[User]":
    held = Membership.objects.filter(project=project, role__in=roles).values("user")
    return list(User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk"))


def _locked(run_id: int) -> TestRun:
    return TestRun.objects.select_for_update(of=("self",)).select_related("project", "phase").get(pk=run_id)


def _move(run: TestRun, name: str) -> dict[str, Any]:
    """Check the move and set the new state; return the run as it was, for the trail. The caller saves."""
    sources, target = MOVES[name]
    if run.state not in sources:
        raise RunMoveNotAllowed(run=run.code, state=run.get_state_display())
    before = trail.snapshot(run)
    run.state = target
    return before


def _check_assignments(run, cases, assignments, planned) -> None:
    if any(pk not in cases or cases[pk].project_id != run.project_id for pk in assignments):
        raise ForeignRows
    for pk, case in cases.items():
        if case.state == CaseState.RETIRED and pk not in planned:
            raise CaseIsRetired(case=case.code)
    testers = {person.pk for person in people_who_test(run.project)}
    team = {person.pk for person in team_who_tests(run.project)}
    for pk, person in assignments.items():
        able = testers if cases[pk].kind == CaseKind.UAT else testers | team
        stays = pk in planned and person is not None and planned[pk].assigned_to_id == person.pk
        if person is not None and person.pk not in able and not stays:
            raise TesterIsNotOfProject(person=person.name)


def _open_to_customer(run: TestRun, executions: Iterable[Execution]) -> None:
    """Show the customer a run in which its people run something, once its criteria allow; the caller saves the run."""
    is_uat = any(execution.case.kind == CaseKind.UAT for execution in executions)
    testers = {person.pk for person in people_who_test(run.project)}
    is_open_already = run.started_at is not None and run.audience == Audience.CUSTOMER
    if is_uat and not is_open_already:
        criteria_sets.check_agreed(run.project, run.phase)
    if is_uat or any(execution.assigned_to_id in testers for execution in executions):
        run.audience = Audience.CUSTOMER
    if run.audience == Audience.CUSTOMER:
        share_cases(run)


def share_cases(run: TestRun) -> None:
    """Show the customer the cases of a run: they are what is run."""
    shown = Execution.objects.filter(run=run).showing()
    TestCase.objects.filter(executions__in=shown, audience=Audience.TEAM).update(audience=Audience.CUSTOMER)


def _testers(run: TestRun, executions: list[Execution]) -> list[User]:
    """Whom a started run concerns: those assigned; where a case is assigned to nobody, those whose trade it is."""
    assigned = {execution.assigned_to for execution in executions if execution.assigned_to}
    anyones = {execution.case.kind == CaseKind.UAT for execution in executions if execution.assigned_to is None}
    if True in anyones:
        assigned |= set(people_who_test(run.project))
    if False in anyones:
        assigned |= set(_holders(run.project, frozenset({Role.TESTER})))
    return sorted((person for person in assigned if person.is_active), key=lambda person: person.name)
