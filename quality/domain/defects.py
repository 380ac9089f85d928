"""The moves of a defect: reported, fixed, declined, deferred, marked as duplicate, closed, reopened."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from audit.domain import trail
from projects.domain.numbers import next_number
from projects.enums import CUSTOMER_ROLES, VENDOR_ROLES, Audience, Role
from projects.models import Membership, Phase, Project
from quality.domain import defect_notices
from quality.domain.errors import (
    DefectMoveNotAllowed,
    DeferredToThePast,
    DuplicateOfItself,
    ForeignRows,
    OwnerIsNotOfTeam,
    OwnRefusal,
    ReporterWouldLoseIt,
)
from quality.enums import DefectState, RunState
from quality.models import Defect, DefectMove, Execution, Result, TestCase
from signing.domain import requests

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "fix": ({DefectState.OPEN, DefectState.DEFERRED}, DefectState.FIXED),
    "decline": ({DefectState.OPEN, DefectState.DEFERRED}, DefectState.DECLINED),
    "defer": ({DefectState.OPEN}, DefectState.DEFERRED),
    "duplicate": ({DefectState.OPEN, DefectState.DEFERRED}, DefectState.DUPLICATE),
    "close": ({DefectState.FIXED, DefectState.DECLINED}, DefectState.CLOSED),
    "reopen": (set(DefectState) - {DefectState.OPEN}, DefectState.OPEN),
}
FIRST = ("fix", "close", "reopen", "defer", "decline", "duplicate")  # in which order they are offered
OF_MOVES = (  # what a move writes, and the next one that leaves its state empties
    *("fixed_at", "fixed_by", "fixed_in", "deferred_until", "duplicate_of"),
    *("closed_at", "closed_by", "told_reporter_at"),
)


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
        defect_notices.tell(person, "reported", defect, by=by)
    requests.recheck(project, by)
    return defect


@transaction.atomic
def edit_defect(defect_id: int, *, by: User, **fields: Any) -> Defect:
    """Change what is known or planned about a defect; a new owner is told.

    Raises ForeignRows, OwnerIsNotOfTeam, and ReporterWouldLoseIt if it is taken from the customer who reported it.
    """
    defect = _locked(defect_id)
    before, owner_before, audience_before = trail.snapshot(defect), defect.owner_id, defect.audience
    for name, value in fields.items():
        setattr(defect, name, value)
    owner = defect.owner if defect.owner_id != owner_before else None
    _check_belongs(defect.project, phase=defect.phase, case=defect.case, owner=owner)
    if defect.audience != audience_before:
        _check_reporter_sees(defect)
    defect.save()
    if trail.difference(before, trail.snapshot(defect)):
        trail.record("edit", defect, by=by, before=before)
    if owner is not None and owner != by:
        defect_notices.tell(owner, "assigned", defect, by=by)
    requests.recheck(defect.project, by)
    return defect


@transaction.atomic
def fix_defect(defect_id: int, *, by: User, fixed_in: str = "") -> Defect:
    """Say that a defect is fixed, in which build; who found it is asked to run the case again.

    Raises DefectMoveNotAllowed from any state but OPEN and DEFERRED.
    """
    defect = _locked(defect_id)
    _move(defect, "fix", by=by, fixed_at=timezone.now(), fixed_by=by, fixed_in=fixed_in)
    defect_notices.tell_finder(defect, by=by, url=retest_url(defect))
    return defect


@transaction.atomic
def decline_defect(defect_id: int, *, by: User, reason: str) -> Defect:
    """Say that it is no defect, or not one that will be fixed; its reporter is told and asked to confirm.

    Until somebody closes it, it counts as open. Raises DefectMoveNotAllowed from any state but OPEN and DEFERRED.
    """
    defect = _locked(defect_id)
    _move(defect, "decline", by=by, reason=reason)
    defect_notices.tell_reporter(defect, by=by, reason=reason)
    return defect


@transaction.atomic
def defer_defect(defect_id: int, *, by: User, until: date, reason: str, on: date) -> Defect:
    """Put a defect off until a day after `on`; it counts as open, and from that day its owner is asked again.

    Raises DefectMoveNotAllowed from any state but OPEN, DeferredToThePast.
    """
    if until <= on:
        raise DeferredToThePast
    defect = _locked(defect_id)
    _move(defect, "defer", by=by, reason=reason, deferred_until=until)
    defect_notices.tell_reporter(defect, by=by, reason=reason)
    return defect


@transaction.atomic
def mark_duplicate(defect_id: int, *, by: User, original: Defect, reason: str = "") -> Defect:
    """Say that a defect repeats `original`, or what that repeats; its reporter is told of the moves of that one.

    Those that repeat the defect itself are handed on, so that none repeats a repetition. Raises ForeignRows,
    DuplicateOfItself, and DefectMoveNotAllowed from any state but OPEN and DEFERRED.
    """
    root_id = Defect.objects.values_list("duplicate_of", flat=True).get(pk=original.pk) or original.pk
    defect, root = (_locked_all([defect_id, root_id])[pk] for pk in (defect_id, root_id))
    if root == defect:
        raise DuplicateOfItself(defect=defect.code)
    if root.project_id != defect.project_id:
        raise ForeignRows
    if root.duplicate_of_id is not None:  # moved while this waited for the lock
        raise DefectMoveNotAllowed(defect=root.code, state=root.get_state_display())
    _check_move(defect, "duplicate")
    handed_on = list(defect.duplicates.select_related("project"))
    for repeated in handed_on:
        before = trail.snapshot(repeated)
        repeated.duplicate_of = root
        repeated.save(update_fields=["duplicate_of"])
        trail.record("edit", repeated, by=by, before=before)
    _move(defect, "duplicate", by=by, reason=reason, duplicate_of=root, closed_at=timezone.now(), closed_by=by)
    defect_notices.tell_reporter(defect, by=by, reason=reason)
    return defect


@transaction.atomic
def close_defect(defect_id: int, *, by: User) -> Defect:
    """Close a defect that is fixed, or whose refusal is confirmed; its reporters are told in the same transaction.

    Raises DefectMoveNotAllowed from any state but FIXED and DECLINED, and OwnRefusal where `by` alone declined it:
    what one person says is no defect, somebody else or its reporter confirms.
    """
    defect = _locked(defect_id)
    _check_move(defect, "close")
    if defect.state == DefectState.DECLINED:
        refusal = defect.moves.filter(name="decline").last()
        if refusal is not None and _is_own_refusal(defect, refusal.by_id, by):
            raise OwnRefusal(defect=defect.code)
    now = timezone.now()
    kept = {name: getattr(defect, name) for name in ("fixed_at", "fixed_by", "fixed_in")}
    _move(defect, "close", by=by, **kept, closed_at=now, closed_by=by, told_reporter_at=now)
    defect_notices.tell_closed(defect, by=by)
    return defect


@transaction.atomic
def reopen_defect(defect_id: int, *, by: User, reason: str) -> Defect:
    """Say that a defect is still there, or there again; owner, fixer and reporter are told.

    Raises DefectMoveNotAllowed from OPEN.
    """
    defect = _locked(defect_id)
    fixer = defect.fixed_by
    _move(defect, "reopen", by=by, reason=reason)
    defect_notices.tell_reopened(defect, fixer, by=by, reason=reason)
    return defect


def open_moves(defect: Defect, by: User) -> list[str]:
    """Return the moves that are open to `by`, rights apart. `defect` comes from a queryset with_people()."""
    own = defect.state == DefectState.DECLINED and _is_own_refusal(defect, defect.decliner_id, by)  # type: ignore[attr-defined]
    return [name for name in FIRST if defect.state in MOVES[name][0] and not (own and name == "close")]


def _is_own_refusal(defect: Defect, decliner_id: int | None, by: User) -> bool:
    return decliner_id == by.pk and defect.reported_by_id != by.pk


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
    reason = result.comment or gettext("The test case failed again.")
    return [reopen_defect(pk, by=by, reason=reason) for pk in _to_retest(result)]


def retest_url(defect: Defect) -> str:
    """Return where the case can be run again: in the latest running run that has it, else the defect's page."""
    running = Execution.objects.filter(case=defect.case_id, run__state=RunState.RUNNING)
    execution = running.select_related("run__project", "case").order_by("-run__number").first()
    return (execution or defect).get_absolute_url()


def _to_retest(result: Result) -> list[int]:
    fixed = Defect.objects.to_retest().filter(case=result.execution.case_id)
    return list(fixed.order_by("number").values_list("pk", flat=True))


def _locked(defect_id: int) -> Defect:
    return _locked_all([defect_id])[defect_id]


def _locked_all(ids: list[int]) -> dict[int, Defect]:
    """Lock defects in the order of their ids, so that two who want the same ones do not wait for each other."""
    related = ("project", "owner", "fixed_by", "reported_by", "result__executed_by", "case", "phase")
    rows = Defect.objects.select_for_update(of=("self",)).select_related(*related)
    found = {defect.pk: defect for defect in rows.filter(pk__in=ids).order_by("pk")}
    if len(found) != len(set(ids)):
        raise Defect.DoesNotExist
    return found


def _check_move(defect: Defect, name: str) -> None:
    if defect.state not in MOVES[name][0]:
        raise DefectMoveNotAllowed(defect=defect.code, state=defect.get_state_display())


def _move(defect: Defect, name: str, *, by: User, reason: str = "", **written: Any) -> None:
    """Check the move of a locked defect, save the new state with what the move writes, and put it on record."""
    _check_move(defect, name)
    before, source = trail.snapshot(defect), defect.state
    empty = {field: "" if field == "fixed_in" else None for field in OF_MOVES}
    for field, value in (empty | written).items():
        setattr(defect, field, value)
    defect.state = MOVES[name][1]
    defect.save(update_fields=["state", *OF_MOVES])
    DefectMove.objects.create(
        defect=defect, name=name, source=source, target=defect.state, reason=reason, by=by, at=timezone.now()
    )
    trail.record(name, defect, by=by, before=before, facts={"reason": reason} if reason else {})
    requests.recheck(defect.project, by)


def _check_belongs(project: Project, *, phase: Phase | None, case: TestCase | None, owner: User | None) -> None:
    if any(thing is not None and thing.project_id != project.pk for thing in (phase, case)):
        raise ForeignRows
    team = Membership.objects.filter(project=project, user=owner, role__in=VENDOR_ROLES)
    if owner is not None and not team.exists():
        raise OwnerIsNotOfTeam(person=owner.name)


def _check_reporter_sees(defect: Defect) -> None:
    """What a customer reported stays visible to them: internal words have their place in remarks of the team."""
    customers = Membership.objects.filter(project=defect.project, user=defect.reported_by, role__in=CUSTOMER_ROLES)
    if defect.audience != Audience.CUSTOMER and customers.exists():
        raise ReporterWouldLoseIt(defect=defect.code, person=defect.reported_by.name)
