"""The moves of an audit: planned, opened to its auditors, reported, closed."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import OrganisationKind
from accounts.models import Organisation, User
from audit.domain import trail
from notices.domain import outbox
from projects.domain import sharing
from projects.domain.numbers import next_number
from projects.enums import Role
from projects.models import Audienced, Membership, Project
from quality.domain import audit_reports
from quality.domain.errors import AuditMoveNotAllowed, AuditorsOfOneOrganisation, FindingsAreOpen
from quality.enums import AuditState, FindingState
from quality.models import Audit
from signing.domain import requests

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "open": ({AuditState.PLANNED}, AuditState.OPEN),
    "report": ({AuditState.OPEN}, AuditState.REPORTED),
    "close": ({AuditState.REPORTED}, AuditState.CLOSED),
}
EDITABLE = frozenset({AuditState.PLANNED, AuditState.OPEN})


@transaction.atomic
def plan_audit(project: Project, *, people: Collection[User], by: User, **fields: Any) -> Audit:
    """Plan an audit by `people`, who see nothing of the project yet. Raises AuditorsOfOneOrganisation."""
    organisation = _organisation_of(project, people)
    audit = Audit(
        project=project,
        number=next_number(Audit, project),
        organisation=organisation,
        access=sharing.make_access(project, people),
        created_by=by,
        **fields,
    )
    audit.save(force_insert=True)
    trail.record("create", audit, by=by, before={}, facts={"people": _names(people)})
    return audit


@transaction.atomic
def edit_audit(audit_id: int, *, people: Collection[User], by: User, **fields: Any) -> Audit:
    """Change what is planned and who audits; who joins an open audit is told.

    Raises AuditMoveNotAllowed once it is reported, AuditorsOfOneOrganisation.
    """
    audit = locked(audit_id)
    if audit.state not in EDITABLE:
        raise AuditMoveNotAllowed.of(audit)
    before, earlier = trail.snapshot(audit), set(audit.access.people.all())
    audit.organisation = _organisation_of(audit.project, people)
    for name, value in fields.items():
        setattr(audit, name, value)
    audit.save()
    audit.access.people.set(people)
    if trail.difference(before, trail.snapshot(audit)) or earlier != set(people):
        trail.record("edit", audit, by=by, before=before, facts={"people": _names(people)})
    if audit.state == AuditState.OPEN:
        for person in set(people) - earlier:
            _tell(person, "audit_opened", audit, by=by)
    return audit


@transaction.atomic
def open_audit(audit_id: int, *, by: User) -> Audit:
    """Let its people see what is shared for it and record what they find; they are told.

    Raises AuditMoveNotAllowed from any state but PLANNED.
    """
    audit, before = _move(audit_id, "open")
    audit.save(update_fields=["state"])
    sharing.set_open(audit.access, True)
    trail.record("open", audit, by=by, before=before)
    for person in audit.access.people.all():
        _tell(person, "audit_opened", audit, by=by)
    return audit


@transaction.atomic
def report_audit(audit_id: int, *, conclusion: str, by: User) -> Audit:
    """Conclude an audit: its report is printed and kept with its hash, and the project managers are told.

    From now on nothing is found any more; what was is followed until it is closed. Raises AuditMoveNotAllowed from any
    state but OPEN.
    """
    audit, before = _move(audit_id, "report")
    audit.conclusion, audit.reported_at, audit.reported_by = conclusion, timezone.now(), by
    audit.report.name, audit.report_sha256 = audit_reports.keep(audit)
    audit.save()
    trail.record("report", audit, by=by, before=before)
    for person in managers_of(audit):
        _tell(person, "audit_reported", audit, by=by)
    requests.recheck(audit.project, by)
    return audit


@transaction.atomic
def close_audit(audit_id: int, *, by: User) -> Audit:
    """Close a reported audit whose findings are: its people see nothing of the project any more but the audit itself.

    Raises AuditMoveNotAllowed from any state but REPORTED, FindingsAreOpen.
    """
    audit, before = _move(audit_id, "close")
    open_ones = [finding.code for finding in audit.findings.filter(state=FindingState.OPEN)]
    if open_ones:
        raise FindingsAreOpen(audit=audit.code, findings=", ".join(open_ones))
    audit.closed_at, audit.closed_by = timezone.now(), by
    audit.save(update_fields=["state", "closed_at", "closed_by"])
    sharing.set_open(audit.access, False)
    trail.record("close", audit, by=by, before=before)
    for person in {*managers_of(audit), *audit.access.people.all()} - {by}:
        _tell(person, "audit_closed", audit, by=by)
    return audit


@transaction.atomic
def share(audit_id: int, target: Audienced, *, by: User) -> None:
    """Share an object of the project for this audit. Raises AuditMoveNotAllowed once it is closed, and what
    projects.domain.sharing raises."""
    audit = _unclosed(audit_id)
    sharing.share(audit.access, target, purpose=str(audit), by=by)


@transaction.atomic
def unshare(audit_id: int, target: Audienced, *, by: User) -> None:
    """Take an object off the list of this audit. Raises AuditMoveNotAllowed once it is closed."""
    audit = _unclosed(audit_id)
    sharing.unshare(audit.access, target, purpose=str(audit), by=by)


def locked(audit_id: int) -> Audit:
    """Return the audit, locked: what is recorded in it is recorded one after another."""
    related = ("project__customer", "organisation", "access")
    return Audit.objects.select_for_update(of=("self",)).select_related(*related).get(pk=audit_id)


def managers_of(audit: Audit) -> list[User]:
    """Return the project managers, who answer for what is found."""
    held = Membership.objects.filter(project=audit.project_id, role=Role.PROJECT_MANAGER).values("user")
    return list(User.objects.filter(pk__in=held))


def _unclosed(audit_id: int) -> Audit:
    audit = locked(audit_id)
    if audit.state == AuditState.CLOSED:
        raise AuditMoveNotAllowed.of(audit)
    return audit


def _move(audit_id: int, name: str) -> tuple[Audit, dict[str, Any]]:
    """Lock the audit, check the move, set the new state; the caller saves and records it against the snapshot."""
    audit = locked(audit_id)
    sources, target = MOVES[name]
    if audit.state not in sources:
        raise AuditMoveNotAllowed.of(audit)
    before = trail.snapshot(audit)
    audit.state = target
    return audit, before


def _organisation_of(project: Project, people: Collection[User]) -> Organisation:
    """Return the one organisation that `people`, auditors of the project, are of; neither side's is none."""
    auditors = Membership.objects.filter(project=project, role=Role.AUDITOR, user__in=people).count()
    organisations = {person.organisation for person in people}
    if len(organisations) != 1 or auditors != len(set(people)):
        raise AuditorsOfOneOrganisation
    organisation = organisations.pop()
    if organisation.kind != OrganisationKind.AUDITOR:
        raise AuditorsOfOneOrganisation
    return organisation


def _names(people: Collection[User]) -> str:
    return ", ".join(sorted(person.name for person in people))


def _tell(person: User, what: str, audit: Audit, *, by: User) -> None:
    facts = {"audit": audit, "project": audit.project, "by": by}
    template = {
        "audit_opened": "quality/mails/audit_opened",
        "audit_reported": "quality/mails/audit_reported",
        "audit_closed": "quality/mails/audit_closed",
    }[what]
    outbox.tell(person, template, facts, url=audit.get_absolute_url(), project_id=audit.project_id)
