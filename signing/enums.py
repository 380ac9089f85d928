from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    """Where a signature request stands. *Viewed* is a signer's instant, not a state of the request."""

    SENT = "sent", _("Waiting for signatures")
    SIGNED = "signed", _("Signed by all")
    SEALED = "sealed", _("Sealed")
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Declined")
    VOIDED = "voided", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


# What the database refuses without every signature.
BINDING = frozenset({RequestState.SIGNED, RequestState.SEALED, RequestState.DELIVERED})
CLOSED_UNSIGNED = frozenset({RequestState.DECLINED, RequestState.VOIDED, RequestState.EXPIRED})

STATE_FAMILIES = {
    RequestState.SENT: "waiting",
    RequestState.SIGNED: "progress",
    RequestState.SEALED: "good",
    RequestState.DELIVERED: "good",
    RequestState.DECLINED: "bad",
    RequestState.VOIDED: "none",
    RequestState.EXPIRED: "risk",
}


class Side(TextChoices):
    VENDOR = "vendor", _("Vendor")
    CUSTOMER = "customer", _("Customer")


class Method(TextChoices):
    DRAWN = "drawn", _("Drawn by hand")
    TYPED = "typed", _("Typed name")


class Identification(TextChoices):
    """How the person was known at the moment of signing: exactly what was checked, no more."""

    CODE = "code", _("One-time code sent to the person's mailbox")
    ACCOUNT = "account", _("Signed in to the person's own account")
