"""What a signer does: opens the document, signs it, or declines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from common.tasks import enqueue
from signing import kinds, tasks
from signing.domain import authority, consent, drawings, requests
from signing.domain.errors import (
    AlreadySigned,
    ConsentMissing,
    DelegatedAway,
    DelegationOver,
    DrawingRefused,
    MoveNotAllowed,
    NotASigner,
    NotYourTurn,
    ReasonMissing,
)
from signing.domain.moves import locked, move
from signing.enums import Method, RequestState
from signing.models import SignatureRequest, Signer


@dataclass(frozen=True)
class Circumstances:
    """How the person was known and from where they acted: kept with what they did, as it was.

    `host` is whose device it was, where the person acted at a meeting.
    """

    identification: str
    address: str | None = None
    device: str = ""
    host: User | None = None


@dataclass(frozen=True)
class Signature:
    """What a person gave: their name and title, a drawing or the typed name, and their consent."""

    name: str
    job_title: str
    method: str
    consent: bool
    strokes: dict[str, Any] | None = None


@transaction.atomic
def open_document(signer_id: int) -> None:
    """Record that the signer opened the document: by an action of theirs, the first time only."""
    request = locked(_request_of(signer_id))
    signer = Signer.objects.get(pk=signer_id)
    if signer.opened_at is None and request.is_open:
        signer.opened_at = timezone.now()
        signer.save(update_fields=["opened_at"])
        trail.record("open", request, by=signer.user)


def sign(signer_id: int, signature: Signature, circumstances: Circumstances) -> SignatureRequest:
    """Give one person's signature; with the last one the request is signed and its seal is under way.

    A document that no longer says what is so is voided first. Raises AlreadySigned, NotYourTurn, NotASigner,
    MoveNotAllowed, ConsentMissing, DrawingRefused.
    """
    request = SignatureRequest.objects.select_related("project").get(pk=_request_of(signer_id))
    if request.is_open:
        requests.recheck(request.project)  # commits on its own: the refusal below must not undo it
    return _sign(signer_id, signature, circumstances)


@transaction.atomic
def _sign(signer_id: int, signature: Signature, circumstances: Circumstances) -> SignatureRequest:
    request, signer = acting(signer_id)
    _check_signature(signature)
    now = timezone.now()
    signer.opened_at = signer.opened_at or now
    signer.signed_at = signer.consented_at = now
    signer.consent_version = consent.VERSION
    signer.consent_text = consent.consent_text(signer.user.organisation.name)
    signer.name, signer.job_title = signature.name.strip(), signature.job_title.strip()
    signer.organisation_name, signer.email = signer.user.organisation.name, signer.user.email
    signer.method = signature.method
    signer.strokes = signature.strokes if signature.method == Method.DRAWN else None
    signer.identification, signer.address = circumstances.identification, circumstances.address
    signer.device, signer.host = circumstances.device[:300], circumstances.host
    signer.save()
    facts = {"signer": signer.name, "meaning": signer.meaning, "identification": signer.identification}
    if signer.stands_in_for:
        facts["in_place_of"] = signer.stands_in_for.user.name
    if signer.host:
        facts["device_of"] = signer.host.name
    trail.record("sign", request, by=signer.user, facts=facts)
    if request.signers.unsigned().exists():
        requests.tell_next(request)
    else:
        move(request, "complete", by=signer.user, signed_at=now)
        kinds.get(request.kind).on_signed(request)
        enqueue(tasks.seal, request.pk)
    return request


@transaction.atomic
def decline(signer_id: int, reason: str, circumstances: Circumstances) -> SignatureRequest:
    """Refuse to sign, for a reason that everyone reads; the request is closed. Raises as `sign` does."""
    if not reason.strip():
        raise ReasonMissing()
    request, signer = acting(signer_id)
    now = timezone.now()
    signer.opened_at, signer.declined_at = signer.opened_at or now, now
    signer.address, signer.device = circumstances.address, circumstances.device[:300]
    signer.save(update_fields=["opened_at", "declined_at", "address", "device"])
    facts = {"signer": signer.user.name, "identification": circumstances.identification}
    move(
        request,
        "decline",
        by=signer.user,
        facts=facts,
        closed_at=now,
        closed_by=signer.user,
        closing_reason=reason.strip(),
    )
    kinds.get(request.kind).on_declined(request)
    requests.tell_all(request, "signing/mails/declined", except_for=signer.user)
    return request


def acting(signer_id: int) -> tuple[SignatureRequest, Signer]:
    """Lock the request and return it with the signer, if it is this person's turn and they still may."""
    request = locked(_request_of(signer_id))
    signer = request.signers.with_delegations().get(pk=signer_id)
    signer.request = request
    if signer.signed_at:
        raise AlreadySigned(label=request.label)
    if not request.is_open:
        raise MoveNotAllowed(label=request.label, state=request.get_state_display())
    now = timezone.now()
    if request.expires_at <= now:  # the sweep that closes it has not come by yet
        raise MoveNotAllowed(label=request.label, state=RequestState.EXPIRED.label)
    _check_delegation(signer, now)
    if request.signers.unsigned().filter(order__lt=signer.order).exists():
        raise NotYourTurn()
    if not _has_authority(request, signer, now):
        raise NotASigner(name=signer.user.name)
    return request, signer


def _check_delegation(signer: Signer, now: datetime) -> None:
    """Raise the reason why a delegation keeps this person from acting."""
    given, received = signer.current_delegation, getattr(signer, "delegation", None)
    if given:
        raise DelegatedAway(name=given.delegate.user.name)
    if received and (received.lapsed_at or received.valid_until <= now):
        raise DelegationOver(name=received.signer.user.name)


def _has_authority(request: SignatureRequest, signer: Signer, now: datetime) -> bool:
    """Whether the signer may bind their side today: a delegate by the authority of who named them."""
    author = signer.stands_in_for or signer
    day = authority.contract_day(request.project, now)
    if authority.signing_role(request.project, author.user, signer.side, request.kind, on=day) is None:
        return False
    return author is signer or authority.is_member(request.project, signer.user)


def _check_signature(signature: Signature) -> None:
    if not signature.consent:
        raise ConsentMissing()
    if not signature.name.strip():
        raise DrawingRefused()
    if signature.method == Method.DRAWN and not (signature.strokes and drawings.is_signature(signature.strokes)):
        raise DrawingRefused()


def _request_of(signer_id: int) -> int:
    return Signer.objects.values_list("request_id", flat=True).get(pk=signer_id)
