"""The document of an outcome that nobody signs: printed once, from rows that cannot change any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.domain import trail
from projects.domain.numbers import next_number
from quality.enums import AcceptanceState, Verdict
from quality.models import Acceptance, AcceptanceNotice, AcceptanceRecord, CriteriaSet, scope_name
from signing.domain import documents
from signing.models import SignatureRequest, Signer


@dataclass(frozen=True)
class Record:
    """What the document prints; words and figures are ready, the template only sets them."""

    scope: str
    request: SignatureRequest
    signers: tuple[Signer, ...]
    reason: str
    closed_by: str
    closed_at: datetime | None
    criteria: tuple[dict[str, Any], ...]  # as they were frozen, with their verdicts in words
    punch_list: tuple[dict[str, Any], ...]
    defects: tuple[dict[str, Any], ...]
    scope_lines: tuple[dict[str, Any], ...]
    notices: tuple[AcceptanceNotice, ...]
    criteria_set: CriteriaSet


@dataclass(frozen=True)
class Kind:
    prefix: str  # "DEC", the middle of HX-ERP-DEC-001
    label: str | Promise
    title: Callable[[str], str]
    template: str


KINDS = {
    AcceptanceState.DECLINED: Kind(
        "DEC",
        _("Record of a declined acceptance"),
        lambda scope: gettext("Acceptance declined: %(scope)s") % {"scope": scope},
        "quality/documents/declined.html",
    ),
    AcceptanceState.DEEMED: Kind(
        "DEM",
        _("Record of a deemed acceptance"),
        lambda scope: gettext("Deemed acceptance: %(scope)s") % {"scope": scope},
        "quality/documents/deemed.html",
    ),
}


def due() -> QuerySet[Acceptance]:
    """Return the acceptances whose outcome has a record that is not printed yet."""
    return Acceptance.objects.filter(state__in=list(KINDS), record=None)


def make_record(acceptance_id: int) -> AcceptanceRecord | None:
    """Return the record of an outcome that nobody signed, printed now if it is not there; None for other outcomes.

    Raises common.pdf.DocumentFault if the printed text is not what was written.
    """
    with transaction.atomic():
        rows = Acceptance.objects.select_for_update(of=("self",)).select_related("project__customer", "phase")
        acceptance = rows.select_related("requested_by__organisation", "document", "criteria_set__document").get(
            pk=acceptance_id
        )
        known = AcceptanceRecord.objects.filter(acceptance=acceptance).first()
        kind = KINDS.get(AcceptanceState(acceptance.state))
        if known or kind is None or acceptance.document is None:
            return known
        number = (
            f"{acceptance.project.key}-{kind.prefix}-{next_number(f'quality.{kind.prefix}', acceptance.project):03d}"
        )
        body = _print(acceptance, kind, number)
        file = f"quality/records/{number}.pdf"
        documents.store(file, body.pdf)
        record = AcceptanceRecord.objects.create(
            acceptance=acceptance,
            number=number,
            file=file,
            sha256=body.sha256,
            size=len(body.pdf),
            made_at=timezone.now(),
        )
        trail.record("print_record", acceptance, facts={"document": number, "sha256": record.sha256})
    return record


def _print(acceptance: Acceptance, kind: Kind, number: str) -> documents.Body:
    project, document = acceptance.project, acceptance.document
    assert document is not None  # make_record has looked
    assert acceptance.ended_at is not None  # the database refuses an outcome without its instant
    signers = tuple(document.signers.select_related("user__organisation"))
    with translation.override(project.language):
        facts = _facts(acceptance, document, signers)
        cover = documents.Cover(
            number=number,
            version=1,
            title=kind.title(facts.scope),
            kind=str(kind.label),
            project=project.name,
            project_key=project.key,
            customer=project.customer.name,
            vendor=acceptance.requested_by.organisation.name,
            sent_by=acceptance.requested_by.name,
            sent_at=acceptance.ended_at.replace(microsecond=0),
            manifest_sha256=document.manifest_sha256,
            signers=(),
        )
    return documents.make_body(kind.template, facts, cover, language=project.language, time_zone=project.time_zone)


def _facts(acceptance: Acceptance, document: SignatureRequest, signers: tuple[Signer, ...]) -> Record:
    frozen = document.manifest
    return Record(
        scope=scope_name(acceptance.phase),
        request=document,
        signers=signers,
        reason=acceptance.reason,
        closed_by=document.closed_by.name if document.closed_by else "",
        closed_at=document.closed_at,
        criteria=tuple(row | {"verdict": Verdict(row["verdict"]).label} for row in frozen["criteria"]),
        punch_list=tuple(frozen.get("punch list", ())),
        defects=tuple(frozen["open defects"]),
        scope_lines=tuple(frozen.get("lines", ())),
        notices=tuple(acceptance.notices.all()),
        criteria_set=acceptance.criteria_set,
    )
