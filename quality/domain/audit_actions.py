"""The moves of a corrective action: planned for a person, reported as done with evidence, verified or sent back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.domain.attachments import attach, check_upload
from projects.enums import CUSTOMER_ROLES, VENDOR_ROLES, Audience
from projects.models import Membership
from quality.domain.audit_findings import locked_finding
from quality.domain.errors import (
    ActionMoveNotAllowed,
    AuditMoveNotAllowed,
    EvidenceMissing,
    FindingIsSettled,
    OwnerDoesNotFit,
)
from quality.enums import ActionEventKind, ActionState, FindingState
from quality.models import ActionEvent, Audit, AuditFinding, CorrectiveAction

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "report_done": ({ActionState.TO_DO}, ActionState.DONE),
    "verify": ({ActionState.DONE}, ActionState.VERIFIED),
    "send_back": ({ActionState.DONE}, ActionState.TO_DO),
}
SOON = timedelta(days=3)


@transaction.atomic
def plan_action(finding_id: int, *, cause: str, action: str, owner: User, due_on: date, by: User) -> CorrectiveAction:
    """Plan what is done about an open finding; its owner is told.

    Raises FindingIsSettled, AuditMoveNotAllowed once the audit is closed, OwnerDoesNotFit.
    """
    audit, finding = locked_finding(finding_id)
    _check_open(audit, finding)
    _check_owner(audit, owner)
    planned = CorrectiveAction.objects.create(
        finding=finding,
        number=finding.actions.count() + 1,  # none is ever deleted, and the audit is locked
        cause=cause,
        action=action,
        owner=owner,
        due_on=due_on,
        created_by=by,
    )
    trail.record("plan", planned, by=by, before={})
    if owner != by:
        _tell(owner, "assigned", planned, by=by)
    return planned


@transaction.atomic
def edit_action(action_id: int, *, cause: str, action: str, owner: User, due_on: date, by: User) -> CorrectiveAction:
    """Change what is planned; a new owner is told.

    Raises ActionMoveNotAllowed unless it is still to do, OwnerDoesNotFit.
    """
    found = _locked(action_id)
    if found.state != ActionState.TO_DO:
        raise _refusal(found)
    before, owner_before = trail.snapshot(found), found.owner_id
    found.cause, found.action, found.owner, found.due_on = cause, action, owner, due_on
    if owner.pk != owner_before:
        _check_owner(found.finding.audit, owner)
    found.save()
    if trail.difference(before, trail.snapshot(found)):
        trail.record("edit", found, by=by, before=before)
    if owner.pk != owner_before and owner != by:
        _tell(owner, "assigned", found, by=by)
    return found


@transaction.atomic
def report_done(action_id: int, *, text: str, files: Sequence[UploadedFile], by: User) -> CorrectiveAction:
    """Say what was done, with files that show it; the auditors are asked to verify it.

    Raises EvidenceMissing without a file, ActionMoveNotAllowed unless it is to do, and what a file is refused for.
    """
    if not files:
        raise EvidenceMissing
    for upload in files:
        check_upload(upload)
    action, event = _move(action_id, "report_done", ActionEventKind.DONE, text=text, by=by)
    audit = action.finding.audit
    for upload in files:
        attach(event, upload, by, audit.audience)
    for person in audit.access.people.all():
        _tell(person, "done", action, by=by, text=text)
    return action


@transaction.atomic
def verify_action(action_id: int, *, text: str = "", by: User) -> CorrectiveAction:
    """Say that what was done holds; its owner is told. Raises ActionMoveNotAllowed unless it is done."""
    action, _event = _move(action_id, "verify", ActionEventKind.VERIFIED, text=text, by=by)
    _tell(action.owner, "verified", action, by=by, text=text)
    return action


@transaction.atomic
def send_back_action(action_id: int, *, reason: str, by: User) -> CorrectiveAction:
    """Say what is still missing; its owner is told and has it to do again. Raises ActionMoveNotAllowed unless done."""
    action, _event = _move(action_id, "send_back", ActionEventKind.RETURNED, text=reason, by=by)
    _tell(action.owner, "returned", action, by=by, text=reason)
    return action


def to_remind(now: datetime) -> Iterable[tuple[CorrectiveAction, date]]:
    """Yield the actions still to do that are due within SOON or overdue, each with the day it is in its project."""
    waiting = CorrectiveAction.objects.filter(
        state=ActionState.TO_DO,
        finding__state=FindingState.OPEN,
        due_on__lte=(now + SOON + timedelta(days=1)).date(),  # somewhere it is tomorrow already
    )
    for action in waiting.select_related("owner", "finding__audit__project__customer"):
        today = timezone.localdate(now, ZoneInfo(action.project.time_zone))
        if action.due_on <= today + SOON:
            yield action, today


def remind(action_id: int, today: date) -> None:
    """Remind the owner: once before the day, then on each day that it is overdue, however often this is called."""
    action = CorrectiveAction.objects.select_related("owner", "finding__audit__project__customer").get(pk=action_id)
    if action.state != ActionState.TO_DO:
        return
    is_overdue = action.due_on < today
    outbox.tell(
        action.owner,
        "quality/mails/action_overdue" if is_overdue else "quality/mails/action_due",
        {"action": action, "finding": action.finding, "project": action.project},
        url=action.get_absolute_url(),
        key=f"corrective-action:{action.pk}:{today if is_overdue else action.due_on}:{is_overdue}",
        project_id=action.project.pk,
    )


def owners_for(audit: Audit) -> set[str]:
    """Return the roles whose people may own an action: the team's, and the customer's where the audit is shared."""
    return set(VENDOR_ROLES | CUSTOMER_ROLES) if audit.audience == Audience.CUSTOMER else set(VENDOR_ROLES)


def _check_open(audit: Audit, finding: AuditFinding) -> None:
    if finding.state != FindingState.OPEN:
        raise FindingIsSettled.of(finding)
    if not audit.takes_actions:
        raise AuditMoveNotAllowed.of(audit)


def _check_owner(audit: Audit, owner: User) -> None:
    held = Membership.objects.filter(project=audit.project_id, user=owner, role__in=owners_for(audit))
    if not owner.is_active or not held.exists():
        raise OwnerDoesNotFit(person=owner.name)


def _locked(action_id: int) -> CorrectiveAction:
    _audit, finding = locked_finding(CorrectiveAction.objects.values_list("finding_id", flat=True).get(pk=action_id))
    action = CorrectiveAction.objects.select_related("owner").get(pk=action_id)
    action.finding = finding
    _check_open(finding.audit, finding)
    return action


def _move(
    action_id: int, name: str, kind: ActionEventKind, *, text: str, by: User
) -> tuple[CorrectiveAction, ActionEvent]:
    action = _locked(action_id)
    sources, target = MOVES[name]
    if action.state not in sources:
        raise _refusal(action)
    before = trail.snapshot(action)
    action.state = target
    action.save(update_fields=["state"])
    event = ActionEvent.objects.create(action=action, kind=kind, text=text, by=by, at=timezone.now())
    trail.record(name, action, by=by, before=before, facts={"reason": text} if text else {})
    return action, event


def _refusal(action: CorrectiveAction) -> ActionMoveNotAllowed:
    return ActionMoveNotAllowed(action=str(action), state=action.get_state_display())


def _tell(person: User, what: str, action: CorrectiveAction, *, by: User, **context: Any) -> None:
    template = {
        "assigned": "quality/mails/action_assigned",
        "done": "quality/mails/action_done",
        "verified": "quality/mails/action_verified",
        "returned": "quality/mails/action_returned",
    }[what]
    facts = {"action": action, "finding": action.finding, "project": action.project, "by": by, **context}
    outbox.tell(person, template, facts, url=action.get_absolute_url(), project_id=action.project.pk)
