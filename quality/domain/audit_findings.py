"""What auditors find: recorded while the audit is open, then closed when what was done about it is verified."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.domain import sharing
from projects.domain.attachments import attach, check_upload
from projects.models import Audienced
from quality.domain.audits import locked, managers_of
from quality.domain.errors import (
    AboutIsNotShared,
    ActionsNotVerified,
    AuditMoveNotAllowed,
    FindingIsSettled,
    NothingWasDone,
)
from quality.enums import ActionState, AuditState, FindingState
from quality.models import Audit, AuditFinding
from signing.domain import requests


@transaction.atomic
def record_finding(
    audit_id: int,
    *,
    grade: str,
    clause: str,
    statement: str,
    evidence: str,
    about: Audienced | None = None,
    files: Sequence[UploadedFile] = (),
    by: User,
) -> AuditFinding:
    """Record what an auditor found, and tell the project managers. What it says stays as it is.

    Raises AuditMoveNotAllowed unless the audit is open, AboutIsNotShared, and what a file is refused for.
    """
    audit = locked(audit_id)
    if audit.state != AuditState.OPEN:
        raise AuditMoveNotAllowed.of(audit)
    if about is not None and not sharing.shows(audit.access, about):
        raise AboutIsNotShared(thing=str(about))
    for upload in files:
        check_upload(upload)
    finding = AuditFinding.objects.create(
        audit=audit,
        number=audit.findings.count() + 1,  # none is ever deleted, and the audit is locked
        grade=grade,
        clause=clause,
        statement=statement,
        evidence=evidence,
        content_type=ContentType.objects.get_for_model(about) if about is not None else None,
        object_id=about.pk if about is not None else None,
        about_label=str(about)[:300] if about is not None else "",
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    for upload in files:
        attach(finding, upload, by, audit.audience)
    trail.record("record", finding, by=by, before={})
    for person in managers_of(audit):
        outbox.tell(
            person,
            "quality/mails/finding_recorded",
            {"finding": finding, "audit": audit, "project": audit.project, "by": by},
            url=finding.get_absolute_url(),
            project_id=audit.project_id,
        )
    requests.recheck(audit.project, by)
    return finding


@transaction.atomic
def withdraw_finding(finding_id: int, *, reason: str, by: User) -> AuditFinding:
    """Say that a finding does not hold; it stays on record, with the reason, and out of the report.

    Raises FindingIsSettled unless it is open, AuditMoveNotAllowed once the audit is reported.
    """
    audit, finding = _open_one(finding_id)
    if audit.state != AuditState.OPEN:
        raise AuditMoveNotAllowed.of(audit)
    return _settle(finding, FindingState.WITHDRAWN, "withdraw", remark=reason, by=by)


@transaction.atomic
def close_finding(finding_id: int, *, remark: str = "", by: User) -> AuditFinding:
    """Close a finding whose corrective actions are all verified; an observation may have none.

    Raises FindingIsSettled unless it is open, ActionsNotVerified, NothingWasDone for a nonconformity without any.
    """
    _audit, finding = _open_one(finding_id)
    actions = list(finding.actions.all())
    unverified = [action for action in actions if action.state != ActionState.VERIFIED]
    if unverified:
        codes = ", ".join(f"CA-{finding.number:02d}.{action.number}" for action in unverified)
        raise ActionsNotVerified(finding=str(finding), actions=codes)
    if finding.is_nonconformity and not actions:
        raise NothingWasDone(finding=str(finding))
    return _settle(finding, FindingState.CLOSED, "close", remark=remark, by=by)


def locked_finding(finding_id: int) -> tuple[Audit, AuditFinding]:
    """Return a finding and its audit, locked in this order."""
    audit = locked(AuditFinding.objects.values_list("audit_id", flat=True).get(pk=finding_id))
    finding = AuditFinding.objects.get(pk=finding_id)
    finding.audit = audit
    return audit, finding


def _open_one(finding_id: int) -> tuple[Audit, AuditFinding]:
    audit, finding = locked_finding(finding_id)
    if finding.state != FindingState.OPEN:
        raise FindingIsSettled.of(finding)
    return audit, finding


def _settle(finding: AuditFinding, state: FindingState, verb: str, *, remark: str, by: User) -> AuditFinding:
    before = trail.snapshot(finding)
    finding.state, finding.remark = state, remark
    finding.settled_at, finding.settled_by = timezone.now(), by
    finding.save(update_fields=["state", "remark", "settled_at", "settled_by"])
    trail.record(verb, finding, by=by, before=before)
    requests.recheck(finding.audit.project, by)
    return finding
