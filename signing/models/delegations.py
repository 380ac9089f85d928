from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Delegation(models.Model):
    """One signer names another person to sign in their place, until an instant. Only `lapsed_at` is written later.

    The delegator's row stays as it was, unsigned; what stands for it is the delegate's signature.
    """

    signer = models.ForeignKey("signing.Signer", on_delete=models.PROTECT, related_name="delegations")
    delegate = models.OneToOneField(
        "signing.Signer", on_delete=models.PROTECT, related_name="delegation", verbose_name=_("delegate")
    )
    reason = models.CharField(_("reason"), max_length=500)
    valid_until = models.DateTimeField(_("valid until"))
    letter = models.ForeignKey(
        "projects.Attachment", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("letter")
    )
    delegated_at = models.DateTimeField(_("delegated at"))
    lapsed_at = models.DateTimeField(_("delegation ended at"), null=True)

    class Meta:
        ordering = ["delegated_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["signer"], condition=Q(lapsed_at=None), name="signing_delegation_one_at_a_time"
            ),
            models.CheckConstraint(name="signing_delegation_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.signer} → {self.delegate}"
