"""Signature requests: sent, voided, reminded of, expired. Signing is in signatures.py, the seal in sealing.py."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone, translation

from accounts.models import User
from audit.domain import trail
from common.working_days import add_working_days, is_working_day
from notices.domain import outbox
from projects.domain.numbers import next_number
from projects.enums import Audience, Role
from projects.models import Project
from signing import kinds
from signing.domain import authority, documents, links
from signing.domain import manifest as manifests
from signing.domain.errors import AlreadyOpen, NoSigners, NotASigner, NotSignedYet, ReasonMissing
from signing.domain.moves import locked, move
from signing.enums import Side
from signing.models import SignatureRequest, Signer

OFFICE_HOURS = range(9, 18)  # reminders arrive while people work
LAST_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class SignerSpec:
    """Who shall sign, for which side, in which place of the order (equal numbers in parallel)."""

    user: User
    side: str
    order: int
    meaning: str = ""  # empty: the meaning that the kind of document has


@transaction.atomic
def send(
    project: Project,
    kind_code: str,
    subject: models.Model,
    *,
    title: str,
    manifest: dict,
    facts: Any,
    signers: list[SignerSpec],
    by: User,
    audience: str = Audience.CUSTOMER,
    sequence: int | None = None,
    remind_after_days: int = 2,
    expires_in_days: int = 14,
) -> SignatureRequest:
    """Freeze the manifest and the PDF that says it, and ask the first signers; returns the sent request.

    A subject keeps its number; each time it is sent the version rises. `sequence` is the subject's own number among
    those of its kind, where it has one: else the next is given out. Raises AlreadyOpen, NoSigners, NotASigner,
    and common.pdf.DocumentFault if the printed text is not what was written.
    """
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)  # sent twice at once, the second is refused
    kind, now = kinds.get(kind_code), timezone.now().replace(microsecond=0)
    numbers = _numbers(project, kind, subject, sequence)
    chosen = _chosen(project, kind, signers, now)
    request = SignatureRequest(
        project=project,
        kind=kind_code,
        **numbers,
        title=title,
        language=project.language,
        subject=subject,
        manifest=manifests.plain(manifest),
        manifest_sha256=manifests.fingerprint(manifest),
        audience=audience,
        sent_by=by,
        sent_at=now,
        remind_after_days=remind_after_days,
        expires_at=now + timedelta(days=expires_in_days),
    )
    _print(request, kind, facts, chosen)
    request.save()
    Signer.objects.bulk_create(
        Signer(request=request, user=spec.user, side=spec.side, role=role, order=spec.order, meaning=meaning)
        for spec, role, meaning in chosen
    )
    hashes = {"manifest_sha256": request.manifest_sha256, "document_sha256": request.body_sha256}
    trail.record("send", request, by=by, facts=hashes | {"signers": [spec.user.name for spec in signers]})
    tell_next(request)
    return request


@transaction.atomic
def void(request_id: int, *, by: User | None, reason: str) -> SignatureRequest:
    """Withdraw an open request for a reason; everyone who was asked is told. Raises ReasonMissing, MoveNotAllowed."""
    if not reason.strip():
        raise ReasonMissing()
    request = locked(request_id)
    move(request, "void", by=by, closed_at=timezone.now(), closed_by=by, closing_reason=reason.strip())
    kinds.get(request.kind).on_voided(request)
    tell_all(request, "signing/mails/voided", except_for=by)
    return request


@transaction.atomic
def share_for_audit(request_id: int, *, shared: bool, by: User) -> SignatureRequest:
    """Let the project's auditors see a signed document, or no longer. Raises NotSignedYet for one that is not."""
    request = locked(request_id)
    if shared and not request.is_binding:
        raise NotSignedYet(label=request.label)
    if request.shared_for_audit != shared:
        before = trail.snapshot(request)
        request.shared_for_audit = shared
        request.save(update_fields=["shared_for_audit"])
        trail.record("show_auditors" if shared else "hide_auditors", request, by=by, before=before)
    return request


def open_for(subject: models.Model, kind_code: str = "") -> SignatureRequest | None:
    """Return the request about `subject` that waits for signatures, if there is one."""
    found = SignatureRequest.objects.open().about(subject)
    return (found.filter(kind=kind_code) if kind_code else found).select_related("project").first()


def latest_for(subject: models.Model, kind_code: str = "") -> SignatureRequest | None:
    """Return the request about `subject` that was sent last, whatever became of it."""
    found = SignatureRequest.objects.about(subject)
    found = found.filter(kind=kind_code) if kind_code else found
    return found.select_related("project").order_by("-sent_at", "-pk").first()


@transaction.atomic
def recheck(project: Project, by: User | None = None) -> list[SignatureRequest]:
    """Void every open request of the project whose manifest no longer tells the truth; return those voided.

    Call it in the transaction of whatever changes something that a manifest may list. One query when none is open.
    """
    voided = []
    for request in SignatureRequest.objects.open().filter(project=project):
        changed = changes_since_sent(request)
        if changed:
            with translation.override(request.language):
                reason = translation.gettext("Changed after it was sent:") + "\n" + "\n".join(changed[:50])
            voided.append(void(request.pk, by=by, reason=reason))
    return voided


def changes_since_sent(request: SignatureRequest) -> list[str]:
    """Return what differs between the frozen manifest and the rows as they are now, one readable line each."""
    present = kinds.get(request.kind).manifest_of(request.subject)
    if manifests.fingerprint(present) == request.manifest_sha256:
        return []
    with translation.override(request.language):
        return manifests.difference(request.manifest, present)


def expire_due(now: datetime | None = None) -> int:
    """Close every open request whose time has passed; return how many."""
    now = now or timezone.now()
    due = SignatureRequest.objects.open().filter(expires_at__lte=now).values_list("pk", flat=True)
    return sum(_expire(request_id, now) for request_id in list(due))


@transaction.atomic
def _expire(request_id: int, now: datetime) -> bool:
    request = locked(request_id)
    if not request.is_open or request.expires_at > now:
        return False  # signed or closed a moment ago
    with translation.override(request.language):
        reason = translation.gettext("Not signed by everyone in time.")
    move(request, "expire", by=None, closed_at=now, closing_reason=reason)
    kinds.get(request.kind).on_expired(request)
    tell_all(request, "signing/mails/expired")
    return True


def remind_due(now: datetime | None = None) -> int:
    """Remind each signer whose turn it is after the request's number of working days, and every so many again.

    Once more on the last day. Only on working days and in office hours of the customer's zone, but on the last day of
    any. Returns how many were reminded.
    """
    now = now or timezone.now()
    waiting = Signer.objects.unsigned().filter(
        request__in=SignatureRequest.objects.open().filter(expires_at__gt=now), told_at__isnull=False
    )
    count = 0
    for signer in waiting.select_related("request__project__customer"):
        zone = signer.request.project.time_zone
        local, last = (at.astimezone(ZoneInfo(zone)) for at in (now, signer.reminded_at or signer.told_at))
        if local.hour not in OFFICE_HOURS:
            continue
        last_day_begins = signer.request.expires_at - LAST_DAY
        if last < last_day_begins <= now:
            count += _remind(signer.pk, signer.reminded_at, now, by=None)
            continue
        if not is_working_day(local.date(), zone):
            continue
        if local.date() >= add_working_days(last.date(), signer.request.remind_after_days, zone):
            count += _remind(signer.pk, signer.reminded_at, now, by=None)
    return count


def remind(signer_id: int, *, by: User) -> bool:
    """Remind one signer now; False if nothing waits for them (any more)."""
    signer = Signer.objects.get(pk=signer_id)
    return _remind(signer_id, signer.reminded_at, timezone.now(), by=by)


@transaction.atomic
def _remind(signer_id: int, seen: datetime | None, now: datetime, *, by: User | None) -> bool:
    request = locked(Signer.objects.values_list("request_id", flat=True).get(pk=signer_id))
    signer = Signer.objects.with_delegations().get(pk=signer_id)
    signer.request = request
    asked = request.is_open and signer.told_at and signer.is_waiting
    if not asked or signer.reminded_at != seen:  # another worker reminded first
        return False
    signer.reminded_at = now
    signer.save(update_fields=["reminded_at"])
    links.tell_signer(signer, "signing/mails/reminder", key="")
    trail.record("remind", request, by=by, facts={"signer": signer.user.name})
    return True


def tell_next(request: SignatureRequest) -> None:
    """Mail their link to those whose turn it is and who do not have it yet."""
    waiting = list(request.signers.unsigned().select_related("user__organisation"))
    turn = min((signer.order for signer in waiting), default=None)
    for signer in waiting:
        if signer.order == turn and not signer.told_at:
            signer.request = request
            signer.told_at = timezone.now()
            signer.save(update_fields=["told_at"])
            links.tell_signer(signer, "signing/mails/please_sign", key=f"signing.ask:{signer.pk}")
            trail.record("ask", request, facts={"signer": signer.user.name})


def tell_all(request: SignatureRequest, template: str, *, except_for: User | None = None) -> None:
    """Tell the sender and every signer who was asked what became of the request; no link that signs."""
    told = [signer.user for signer in request.signers.select_related("user") if signer.told_at]
    people = {user.pk: user for user in [request.sent_by, *told]}
    if except_for is not None:
        people.pop(except_for.pk, None)
    for user in people.values():
        outbox.tell(
            user,
            template,
            {"request": request, "project": request.project, "signers": list(request.signers.all())},
            url=request.get_absolute_url(),
            key=f"{template}:{request.pk}",
            project_id=request.project_id,
        )


def _numbers(project: Project, kind: kinds.DocumentKind, subject: models.Model, sequence: int | None) -> dict[str, Any]:
    """Return number and version of what is sent now. Raises AlreadyOpen."""
    earlier = SignatureRequest.objects.about(subject).filter(kind=kind.code).order_by("-version").first()
    if earlier and earlier.is_open:
        raise AlreadyOpen(label=earlier.label)
    if earlier:
        sequence, version = earlier.sequence, earlier.version + 1
    elif sequence:
        version = 1
    else:
        sequence, version = next_number(f"signing.{kind.code}", project), 1
    number = f"{project.key}-{kind.prefix}-{sequence:03d}"
    return {"sequence": sequence, "version": version, "number": number}


def _chosen(
    project: Project, kind: kinds.DocumentKind, signers: list[SignerSpec], now: datetime
) -> list[tuple[SignerSpec, str, str]]:
    """Return each signer with the role they sign in and what their signature says, in the project's language."""
    if {spec.side for spec in signers} != set(Side.values):
        raise NoSigners()
    day, chosen = authority.contract_day(project, now), []
    with translation.override(project.language):
        meaning = str(kind.meaning)
    for spec in signers:
        role = authority.signing_role(project, spec.user, spec.side, kind.code, on=day)
        if role is None:
            raise NotASigner(name=spec.user.name)
        chosen.append((spec, role, spec.meaning or meaning))
    return chosen


def _print(request: SignatureRequest, kind: kinds.DocumentKind, facts: Any, chosen: list) -> None:
    """Make the PDF, store it under its hash, and note on the request what was made."""
    project = request.project
    with translation.override(project.language):
        cover = _cover(request, kind, chosen)
    body = documents.make_body(kind.template, facts, cover, language=project.language, time_zone=project.time_zone)
    request.body_html, request.body_sha256, request.body_pages = body.html, body.sha256, body.pages
    request.body_size, request.body_file = len(body.pdf), f"signing/bodies/{body.sha256}.pdf"
    documents.store(request.body_file, body.pdf)


def _cover(request: SignatureRequest, kind: kinds.DocumentKind, chosen: list) -> documents.Cover:
    lines = [
        documents.SignerLine(spec.order, spec.user.name, str(Role(role).label), spec.user.organisation.name, meaning)
        for spec, role, meaning in sorted(chosen, key=lambda item: item[0].order)
    ]
    vendor = next(spec.user.organisation.name for spec, _, _ in chosen if spec.side == Side.VENDOR)
    return documents.Cover(
        number=request.number,
        version=request.version,
        title=request.title,
        kind=str(kind.label),
        project=request.project.name,
        project_key=request.project.key,
        customer=request.project.customer.name,
        vendor=vendor,
        sent_by=request.sent_by.name,
        sent_at=request.sent_at,
        manifest_sha256=request.manifest_sha256,
        signers=tuple(lines),
    )
