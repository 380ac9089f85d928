"""The kinds of document that this app has signed, and what follows from each."""

from django.utils.translation import gettext_lazy as _

from quality.domain import acceptances, agreements, waivers
from quality.permissions import can_propose_waiver, can_request_acceptance, can_send_criteria
from signing.kinds import DocumentKind

CRITERIA = DocumentKind(
    code=agreements.KIND,
    prefix="CRI",
    label=_("Acceptance criteria"),
    meaning=_("I agree that the acceptance is judged by these criteria."),
    template="quality/documents/criteria.html",
    manifest_of=agreements.manifest_of,
    can_send=can_send_criteria,
    on_signed=agreements.follow_signed,
    on_declined=agreements.follow_unsigned,
    on_voided=agreements.follow_unsigned,
    on_expired=agreements.follow_unsigned,
)

ACCEPTANCE = DocumentKind(
    code=acceptances.KIND,
    prefix="ACC",
    label=_("Acceptance certificate"),
    meaning=_("I accept what this certificate describes, as it is described."),
    template="quality/documents/acceptance.html",
    manifest_of=acceptances.manifest_of,
    can_send=can_request_acceptance,
    notes_of=acceptances.notes_of,
    on_signed=acceptances.follow_signed,
    on_declined=acceptances.follow_declined,
    on_voided=acceptances.follow_voided,
    on_expired=acceptances.follow_voided,
)

CONDITIONAL = DocumentKind(
    code=acceptances.CONDITIONAL_KIND,
    prefix="CAC",
    label=_("Acceptance certificate with conditions"),
    meaning=_("I accept what this certificate describes, on the condition that its punch list is done and confirmed."),
    template="quality/documents/conditional.html",
    manifest_of=acceptances.manifest_of,
    can_send=can_request_acceptance,
    choice=_("Accept with conditions"),
    button=_("Sign with conditions"),
    notes_of=acceptances.notes_of,
    conditions_of=acceptances.conditions_of,
    on_signed=acceptances.follow_signed_with_conditions,
    on_declined=acceptances.follow_declined,
    on_voided=acceptances.follow_voided,
    on_expired=acceptances.follow_voided,
)

WAIVER = DocumentKind(
    code=waivers.KIND,
    prefix="WVR",
    label=_("Waiver"),
    meaning=_("I do without the proof that this waiver names, for the reason that it gives."),
    template="quality/documents/waiver.html",
    manifest_of=waivers.manifest_of,
    can_send=can_propose_waiver,
    on_signed=waivers.follow_signed,
    on_declined=waivers.follow_declined,
    on_voided=waivers.follow_voided,
    on_expired=waivers.follow_voided,
)
