"""Sending a frozen baseline for signature."""

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from common.pdf import DocumentFault
from projects.enums import Audience
from requirements.domain import baselines
from requirements.domain.documents import facts_of, frozen_manifest_of, manifest_of
from requirements.domain.errors import ChangedSinceFrozen, NotPrintable
from requirements.enums import DOCUMENT_KIND
from signing.domain import manifest as manifests
from signing.domain import requests
from signing.domain.requests import SignerSpec
from signing.models import SignatureRequest


@transaction.atomic
def send_baseline(
    baseline_id: int,
    *,
    signers: list[SignerSpec],
    by: User,
    remind_after_days: int = 2,
    expires_in_days: int = 14,
) -> SignatureRequest:
    """Send a frozen baseline as the SRS; from now on the customer sees it. Returns the signature request.

    Raises MoveNotAllowed, ChangedSinceFrozen (a phase was renamed), NotPrintable, and what signing refuses.
    """
    baseline = baselines.move(baseline_id, "send", by=by, sent_at=timezone.now(), audience=Audience.CUSTOMER)
    project, manifest = baseline.project, frozen_manifest_of(baseline)
    changes = manifests.difference(manifest, manifest_of(baseline))
    if changes:
        raise ChangedSinceFrozen(baseline=baseline.code, changes="; ".join(changes))
    with translation.override(project.language):
        title = _("Requirements specification of %(project)s") % {"project": project.name}
        facts = facts_of(baseline)
    try:
        return requests.send(
            project,
            DOCUMENT_KIND,
            baseline,
            title=title[:200],
            manifest=manifest,
            facts=facts,
            signers=signers,
            by=by,
            sequence=baseline.number,
            remind_after_days=remind_after_days,
            expires_in_days=expires_in_days,
        )
    except DocumentFault as fault:
        raise NotPrintable(baseline=baseline.code, fault=str(fault)) from fault
