"""The seal of a request that everyone has signed: made once, from what was frozen, however often it is tried."""

import json
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from asn1crypto import pem
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from pyhanko.pdf_utils.reader import PdfFileReader

from common import pdf
from common.templatetags.landfall import offset
from projects.models import Attachment
from signing import kinds
from signing.domain import certificates, delivery, documents, evidence
from signing.domain import manifest as manifests
from signing.domain import seal as sealer
from signing.domain.moves import locked, move
from signing.enums import RequestState
from signing.models import SealedFile, SignatureRequest

SOFTWARE = ("weasyprint", "pyhanko", "pikepdf")


def seal_and_deliver(request_id: int) -> None:
    """Do whatever is left to do for a request that everyone has signed; safe to repeat at any point."""
    seal(request_id)
    delivery.deliver(request_id)


def unfinished() -> list[int]:
    """Return the requests that a run which died has left signed but not sealed, or sealed but not delivered."""
    waiting = SignatureRequest.objects.filter(state__in=[RequestState.SIGNED, RequestState.SEALED])
    return list(waiting.order_by("signed_at").values_list("pk", flat=True))


def seal(request_id: int) -> SealedFile | None:
    """Return the request's one sealed file, made now if it is not there; None if the request is not signed by all.

    The work is done outside of a transaction, from rows that can no longer change; the file is written under a name
    that a repetition writes again, and counts only with its row. Raises OSError if a time-stamp authority is
    configured and does not answer.
    """
    request = SignatureRequest.objects.select_related("project__customer", "sent_by").get(pk=request_id)
    if request.state != RequestState.SIGNED:
        return SealedFile.objects.filter(request=request).first()
    key = certificates.current_seal()
    content, fields = make(request, key)
    with transaction.atomic():
        request = locked(request_id)
        if request.state != RequestState.SIGNED:  # another worker was quicker
            return SealedFile.objects.get(request=request)
        name = f"signing/sealed/{request.file_name}"
        documents.store(name, content)
        record = SealedFile.objects.create(
            request=request,
            file=name,
            sha256=manifests.sha256(content),
            size=len(content),
            sealed_at=timezone.now(),
            level=level(),
            time_source=time_source(),
            fields=fields,
            certificate_sha256=key.fingerprint,
            trusted_pem=key.roots_pem + (stamp_roots(content) if settings.SIGNING_TSA_URL else ""),
            versions={name: version(name) for name in SOFTWARE},
        )
        facts = {"sha256": record.sha256, "level": record.level, "time_source": record.time_source}
        move(request, "seal", by=None, facts=facts, sealed_at=record.sealed_at)
    return record


def make(request: SignatureRequest, key: certificates.Seal) -> tuple[bytes, list[str]]:
    """Return the sealed PDF of a signed request and the names of its signature fields, in the order of signing."""
    with translation.override(request.language), timezone.override(request.project.time_zone):
        kind = str(kinds.label_of(request.kind))
        facts = evidence.collect(request, kind=kind, seal=key, level=level(), time_source=time_source())
        tooltips = [translation.gettext("Signature of %(name)s") % {"name": signer.name} for signer in facts.signers]
        platform = translation.gettext("Seal of the platform over the whole document")
        stamps = [_stamp(signer) for signer in facts.signers]
    assert request.signed_at is not None  # the database refuses a signed request without its instant
    created = request.signed_at.replace(microsecond=0)
    html = pdf.render_document_html(
        "signing/evidence.html",
        {"evidence": facts},
        request.language,
        created=created,
        time_zone=request.project.time_zone,
    )
    printed = pdf.print_html(html, created=created, variant=pdf.SIGNED, styles=documents.STYLES, measure=True)
    pdf.check_text(printed.pdf, [text for signer in facts.signers for text in (signer.name, signer.meaning)])
    names = sealer.field_names(len(facts.signers))
    boxes = [_box(printed.places[f"stamp-{signer.number}"]) for signer in facts.signers]
    fields = [
        sealer.Field(names[0], platform),
        *(
            sealer.Field(name, tooltip, page, box)
            for name, tooltip, (page, box) in zip(names[1:], tooltips, boxes, strict=True)
        ),
    ]
    prepared = sealer.prepare(documents.read(request.body_file), printed.pdf, fields, _files(request), created)
    acts = [
        sealer.Act(names[0], "Landfall", platform),
        *(
            sealer.Act(name, signer.name, signer.meaning, stamp)
            for name, signer, stamp in zip(names[1:], facts.signers, stamps, strict=True)
        ),
    ]
    content = sealer.apply(prepared, key, acts, contact=facts.verify_url, tsa_url=settings.SIGNING_TSA_URL)
    return content, [*names, *([sealer.ARCHIVE] if settings.SIGNING_TSA_URL else [])]


def level() -> str:
    """Return the PAdES level that this installation seals at: B-T with a time-stamping authority, else B-B."""
    return "PAdES B-T" if settings.SIGNING_TSA_URL else "PAdES B-B"


def time_source() -> str:
    """Return where the time of a seal comes from: the address of the authority, or the server's clock."""
    return settings.SIGNING_TSA_URL or sealer.SERVER_CLOCK


def _files(request: SignatureRequest) -> list[pdf.File]:
    trail = json.dumps(evidence.trail_facts(request), ensure_ascii=False, indent=1).encode()
    letters = [
        pdf.File(
            f"authorisation-{number}{Path(letter.name).suffix.lower()}",
            _content_of(letter),
            letter.name,
            letter.media_type,
            "Supplement",
        )
        for number, letter in enumerate(evidence.letters(request), start=1)
    ]
    return [
        *letters,
        pdf.File("manifest.json", manifests.canonical(request.manifest), "What was signed, as data"),
        pdf.File("trail.json", trail, "Audit trail of the signature request"),
        pdf.File(
            "document.pdf", documents.read(request.body_file), "The document as shown", "application/pdf", "Source"
        ),
    ]


def _content_of(letter: Attachment) -> bytes:
    with letter.file.open() as file:
        return file.read()


def _stamp(signer: evidence.SignerEvidence) -> tuple[str, ...]:
    local = timezone.localtime(signer.signed_at)
    return signer.name, f"{local:%Y-%m-%d %H:%M} {offset(local)}"


def _box(place: pdf.Place) -> tuple[int, tuple[float, float, float, float]]:
    return place.page, (place.left, place.bottom, place.right, place.top)


def stamp_roots(content: bytes) -> str:
    """Return, as PEM, the certificates that time-stamp authorities sent along: they vouch for their stamps later."""
    signatures = PdfFileReader(BytesIO(content)).embedded_timestamp_signatures
    found = {cert.chosen.dump() for signature in signatures for cert in signature.signed_data["certificates"]}
    return "".join(pem.armor("CERTIFICATE", der).decode() for der in sorted(found))
