"""The kind of document that this app has signed, and what becomes of the baseline with it."""

from django.utils.translation import gettext_lazy as _

from requirements.domain import baselines, documents
from requirements.enums import DOCUMENT_KIND
from requirements.permissions import can_freeze_baseline
from signing.kinds import DocumentKind
from signing.models import SignatureRequest


def sign(request: SignatureRequest) -> None:
    baselines.sign(request.object_id)


def take_back(request: SignatureRequest) -> None:
    baselines.take_back(request.object_id)


SRS = DocumentKind(
    code=DOCUMENT_KIND,
    prefix="SRS",
    label=_("Requirements specification"),
    meaning=_("I agree, for my company, that these requirements and objectives are the scope of the project."),
    template="requirements/documents/srs.html",
    manifest_of=documents.manifest_of,
    can_send=can_freeze_baseline,
    on_signed=sign,
    on_declined=take_back,
    on_voided=take_back,
    on_expired=take_back,
)
