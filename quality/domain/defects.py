"""The moves of a defect: reported, fixed, retested, closed, reopened."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.domain.numbers import next_number
from projects.enums import VENDOR_ROLES, Audience, Role
from projects.models import Membership, Phase, Project
from quality.domain.errors import (
    DefectMoveNotAllowed,
    ForeignRows,
    OwnerIsNotOfTeam,
)
from quality.enums import DefectState, RunState
from quality.models import Defect, Execution, Result, TestCase
from signing.domain import requests

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "fix": ({DefectState.OPEN}, DefectState.FIXED),
    "reopen": ({DefectState.FIXED, DefectState.CLOSED}, DefectState.OPEN),
    "close": ({DefectState.FIXED}, DefectState.CLOSED),
}


@transaction.atomic
def report_defect(
    project: Project,
    *,
    by: User,
    phase: Phase | None = None,
    case: TestCase | None = None,
    result: Result | None = None,
    owner: User | None = None,
    **fields: Any,
) -> Defect:
    """Open a defect; the project manager is told, and its owner. Raises ForeignRows, OwnerIsNotOfTeam."""
    _check_belongs(project, phase=phase, case=case, owner=owner)
    defect = Defect(
        project=project,
        number=next_number(Defect, project),
        phase=phase,
        case=case,
        result=result,
        owner=owner,
        reported_by=by,
        **fields,
    )
    defect.save(force_insert=True)
    trail.record("create", defect, by=by, before={})
    managers = User.objects.filter(memberships__project=project, memberships__role=Role.PROJECT_MANAGER)
    for person in {*managers, *([owner] if owner else [])} - {by}:
        _tell(person, "reported", defect, by=by)
    requests.recheck(project, by)
    return defect


@transaction.atomic
def edit_defect(defect_id: int, *, by: User, **fields: Any) -> Defect:
    """Change what is known or planned about a defect; a new owner is told. Raises ForeignRows, OwnerIsNotOfTeam."""
    defect = _locked(defect_id)
    before, owner_before = trail.snapshot(defect), defect.owner_id
    for name, value in fields.items():
        setattr(defect, name, value)
    owner = defect.owner if defect.owner_id != owner_before else None
    _check_belongs(defect.project, phase=defect.phase, case=defect.case, owner=owner)
    defect.save()
    if trail.difference(before, trail.snapshot(defect)):
        trail.record("edit", defect, by=by, before=before)
    if owner is not None and owner != by:
        _tell(owner, "assigned", defect, by=by)
    requests.recheck(defect.project, by)
    return defect


@transaction.atomic
def fix_defect(defect_id: int, *, by: User, fixed_in: str = "") -> Defect:
    """Say that a defect is fixed, in which build; who found it is asked to run the case again.

    Raises DefectMoveNotAllowed from any state but OPEN.
    """
    defect, before = _move(defect_id, "fix")
    defect.fixed_at, defect.fixed_by, defect.fixed_in = timezone.now(), by, fixed_in
    defect.save(update_fields=["state", "fixed_at", "fixed_by", "fixed_in"])
    trail.record("fix", defect, by=by, before=before)
    finder = defect.result.executed_by if defect.result else defect.reported_by
    _tell(finder, "retest_asked", defect, by=by, url=retest_url(defect))
    requests.recheck(defect.project, by)
    return defect


@transaction.atomic
def close_defect(defect_id: int, *, by: User) -> Defect:
    """Close a fixed defect; its reporter is told in the same transaction.

    Raises DefectMoveNotAllowed from any state but FIXED.
    """
    defect, before = _move(defect_id, "close")
    defect.closed_at = defect.told_reporter_at = timezone.now()
    defect.closed_by = by
    defect.save(update_fields=["state", "closed_at", "closed_by", "told_reporter_at"])
    trail.record("close", defect, by=by, before=before)
    _tell(defect.reported_by, "closed", defect, by=by)
    requests.recheck(defect.project, by)
    return defect


@transaction.atomic
def reopen_defect(defect_id: int, *, by: User, reason: str) -> Defect:
    """Say that a defect is still there, or there again; owner and fixer are told.

    Raises DefectMoveNotAllowed from any state but FIXED and CLOSED.
    """
    defect, before = _move(defect_id, "reopen")
    told = {person for person in (defect.owner, defect.fixed_by) if person} - {by}
    defect.fixed_at = defect.fixed_by = defect.closed_at = defect.closed_by = defect.told_reporter_at = None
    defect.fixed_in = ""
    defect.save(
        update_fields=["state", "fixed_at", "fixed_by", "fixed_in", "closed_at", "closed_by", "told_reporter_at"]
    )
    trail.record("reopen", defect, by=by, before=before, facts={"reason": reason})
    for person in told:
        _tell(person, "reopened", defect, by=by, reason=reason)
    requests.recheck(defect.project, by)
    return defect


def open_from_result(
    result: Result, *, severity: str, by: User, seen: str = "", audience: Audience = Audience.CUSTOMER
) -> Defect:
    """Open the defect that a failed execution shows: as it was seen, or as `seen` says."""
    execution = result.execution
    step = next((step for step in result.steps if step["position"] == result.failed_step), None)
    return report_defect(
        execution.run.project,
        by=by,
        title=execution.case.title,
        severity=severity,
        priority=execution.case.priority,
        seen=seen or result.comment,
        expected=step["expected"] if step else "",
        step=result.failed_step,
        phase=execution.run.phase,
        case=execution.case,
        result=result,
        build=result.build,
        environment=result.environment,
        audience=audience,
    )


def close_retested(result: Result, *, by: User) -> list[Defect]:
    """Close the fixed defects of a case that has just passed."""
    return [close_defect(pk, by=by) for pk in _to_retest(result)]


def reopen_retested(result: Result, *, by: User) -> list[Defect]:
    """Reopen the fixed defects of a case that has just failed again."""
    return [reopen_defect(pk, by=by, reason=result.comment) for pk in _to_retest(result)]


def retest_url(defect: Defect) -> str:
    """Return where the case can be run again: in the latest running run that has it, else the defect's page."""
    running = Execution.objects.filter(case=defect.case_id, run__state=RunState.RUNNING)
    execution = running.select_related("run__project", "case").order_by("-run__number").first()
    return (execution or defect).get_absolute_url()


def _to_retest(result: Result) -> list[int]:
    fixed = Defect.objects.to_retest().filter(case=result.execution.case_id)
    return list(fixed.order_by("number").values_list("pk", flat=True))


def _locked(defect_id: int) -> Defect:
    related = ("project", "owner", "fixed_by", "reported_by", "result__executed_by", "case", "phase")
    return Defect.objects.select_for_update(of=("self",)).select_related(*related).get(pk=defect_id)


def _move(defect_id: int, name: str) -> tuple[Defect, dict[str, Any]]:
    """Lock the defect, check the move, set the new state; the caller saves and records it against the snapshot."""
    defect = _locked(defect_id)
    sources, target = MOVES[name]
    if defect.state not in sources:
        raise DefectMoveNotAllowed(defect=defect.code, state=defect.get_state_display())
    before = trail.snapshot(defect)
    defect.state = target
    return defect, before


def _check_belongs(project: Project, *, phase: Phase | None, case: TestCase | None, owner: User | None) -> None:
    if any(thing is not None and thing.project_id != project.pk for thing in (phase, case)):
        raise ForeignRows
    team = Membership.objects.filter(project=project, user=owner, role__in=VENDOR_ROLES)
    if owner is not None and not team.exists():
        raise OwnerIsNotOfTeam(person=owner.name)


def _tell(person: User, what: str, defect: Defect, *, by: User, url: str = "", **context: Any) -> None:
    facts = {"defect": defect, "project": defect.project, "by": by, **context}
    template = {
        "reported": "quality/mails/defect_reported",
        "assigned": "quality/mails/defect_assigned",
        "retest_asked": "quality/mails/retest_asked",
        "closed": "quality/mails/defect_closed",
        "reopened": "quality/mails/defect_reopened",
    }[what]
    outbox.tell(person, template, facts, url=url or defect.get_absolute_url(), project_id=defect.project_id)
