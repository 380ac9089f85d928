from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

DOCUMENT_KIND = "srs"  # the code under which the SRS is registered with signing


class Priority(TextChoices):
    """MoSCoW, the most urgent first."""

    MUST = "must", _("Must have")
    SHOULD = "should", _("Should have")
    COULD = "could", _("Could have")
    WONT = "wont", _("Won’t have this time")


class RequirementState(TextChoices):
    DRAFT = "draft", _("Draft")
    FROZEN = "frozen", _("In a baseline, not signed")
    SIGNED = "signed", _("Signed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class BaselineState(TextChoices):
    FROZEN = "frozen", _("Frozen, not sent")
    SENT = "sent", _("Out for signature")
    SIGNED = "signed", _("Signed")
    REOPENED = "reopened", _("Reopened")
    DISCARDED = "discarded", _("Discarded")
