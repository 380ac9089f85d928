"""The evidence pages behind a sealed document: who signed, how they were known, when each step happened."""

from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit.domain import trail
from projects.enums import Role
from projects.models import Attachment
from signing.domain import company_seal, drawings
from signing.domain.certificates import Seal
from signing.enums import Identification, Method, Side
from signing.models import SignatureRequest, Signer

ACTIONS = {
    "send": _("Sent for signature"),
    "ask": _("Asked to sign"),
    "remind": _("Reminded"),
    "renew_link": _("New link sent"),
    "send_code": _("One-time code sent"),
    "wrong_code": _("Wrong code entered"),
    "open": _("Document opened"),
    "sign": _("Signed"),
    "complete": _("Signed by all"),
    "seal": _("Sealed"),
    "deliver": _("Sent to everyone"),
    "delegate": _("Delegated"),
    "lapse": _("Delegation ended"),
    "decline": _("Declined"),
    "void": _("Withdrawn"),
    "expire": _("Expired"),
    "restamp": _("Time stamp put on anew"),
    "show_auditors": _("Shown to auditors"),
    "hide_auditors": _("Hidden from auditors"),
}


@dataclass(frozen=True)
class Event:
    at: datetime
    action: str
    who: str


@dataclass(frozen=True)
class SignerEvidence:
    """One signature as it is printed."""

    number: int
    name: str
    job_title: str
    role: str
    side: str
    organisation: str
    email: str
    meaning: str
    identification: str
    method: str
    drawing: str  # SVG path data, empty if typed
    asked_at: datetime | None
    opened_at: datetime | None
    consented_at: datetime
    signed_at: datetime
    address: str
    device: str
    consent: str
    order: int
    in_place_of: str  # who named this person, empty for a signer of their own
    delegated_at: datetime | None
    delegated_until: datetime | None
    delegation_reason: str
    letter: str  # name and SHA-256 of the letter of authorisation
    host: str  # on whose device, where it was signed in person


@dataclass(frozen=True)
class Evidence:
    """All that the evidence pages print."""

    label: str
    number: str
    version: int
    title: str
    kind: str
    project: str
    customer: str
    manifest_sha256: str
    body_sha256: str
    body_pages: int
    sent_at: datetime
    sent_by: str
    signed_at: datetime
    level: str
    time_source: str
    certificate: str
    verify_url: str
    qr: str  # SVG path data, one unit per module
    qr_size: int
    seal_image: str  # data: address, empty where the company has set none
    signers: tuple[SignerEvidence, ...]
    events: tuple[Event, ...]


def verify_url(request: SignatureRequest) -> str:
    """Return the public address at which the document can be checked: printed, and encoded in the QR code."""
    return settings.SITE_URL + reverse("signing:verify_record", args=[request.number, request.version])


def collect(request: SignatureRequest, *, kind: str, seal: Seal, level: str, time_source: str) -> Evidence:
    """Return the facts of a request that everyone has signed, worded in the language that is active."""
    assert request.signed_at is not None
    address = verify_url(request)
    code = segno.make(address, error="m", micro=False)
    return Evidence(
        label=request.label,
        number=request.number,
        version=request.version,
        title=request.title,
        kind=kind,
        project=f"{request.project.key} {request.project.name}",
        customer=request.project.customer.name,
        manifest_sha256=request.manifest_sha256,
        body_sha256=request.body_sha256,
        body_pages=request.body_pages,
        sent_at=request.sent_at,
        sent_by=request.sent_by.name,
        signed_at=request.signed_at,
        level=level,
        time_source=time_source,
        certificate=seal.fingerprint,
        verify_url=address,
        qr=_qr_path(code),
        qr_size=int(code.symbol_size(border=0)[0]),
        seal_image=company_seal.image_uri(),
        signers=tuple(_signer(number, signer) for number, signer in enumerate(in_order(request), start=1)),
        events=tuple(events(request)),
    )


def in_order(request: SignatureRequest) -> list[Signer]:
    """Return the signers in the order in which they signed."""
    signed = request.signers.signed().with_delegations().select_related("host__organisation")
    return sorted(signed, key=lambda s: (s.signed_at, s.order, s.pk))


def letters(request: SignatureRequest) -> list[Attachment]:
    """Return the letters of authorisation by which signatures of the request were given, in the order of signing."""
    given = [getattr(signer, "delegation", None) for signer in in_order(request)]
    return [delegation.letter for delegation in given if delegation and delegation.letter]


def events(request: SignatureRequest) -> list[Event]:
    """Return what the trail tells of the request, oldest first, in words."""
    found = []
    for entry in trail.entries_for(request).order_by("number"):
        who = entry.facts.get("signer") or entry.actor_name
        found.append(Event(entry.at, str(ACTIONS.get(entry.action, entry.action)), who))
    return found


def trail_facts(request: SignatureRequest) -> list[dict]:
    """Return the request's entries of the audit trail as they stand there, for the file inside the PDF."""
    return [
        {
            "number": entry.number,
            "at": entry.at.isoformat(),
            "action": entry.action,
            "by": entry.actor_name,
            "facts": entry.facts,
            "hash": entry.hash,
        }
        for entry in trail.entries_for(request).order_by("number")
    ]


def _signer(number: int, signer: Signer) -> SignerEvidence:
    assert signer.consented_at is not None
    assert signer.signed_at is not None
    given = getattr(signer, "delegation", None)
    return SignerEvidence(
        number=number,
        name=signer.name,
        job_title=signer.job_title,
        role=str(Role(signer.role).label),
        side=str(Side(signer.side).label),
        organisation=signer.organisation_name,
        email=signer.email,
        meaning=signer.meaning,
        identification=str(Identification(signer.identification).label),
        method=str(Method(signer.method).label),
        drawing=drawings.svg_path(signer.strokes) if signer.strokes else "",
        asked_at=signer.told_at,
        opened_at=signer.opened_at,
        consented_at=signer.consented_at,
        signed_at=signer.signed_at,
        address=signer.address or "",
        device=signer.device,
        consent=signer.consent_text,
        order=signer.order,
        in_place_of=given.signer.user.name if given else "",
        delegated_at=given.delegated_at if given else None,
        delegated_until=given.valid_until if given else None,
        delegation_reason=given.reason if given else "",
        letter=f"{given.letter.name} · {given.letter.sha256}" if given and given.letter else "",
        host=f"{signer.host.name}, {signer.host.organisation.name}" if signer.host else "",
    )


def _qr_path(code: segno.QRCode) -> str:
    """Return the dark modules as one path of horizontal runs: small, sharp at every size, PDF/A-safe."""
    parts = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                parts.append(f"M{x} {y}h{run - x}v1h-{run - x}z")
            x = run + 1
    return "".join(parts)
