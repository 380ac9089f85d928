from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind
from common.dates import validate_time_zone


class Organisation(models.Model):
    """A company people belong to: the vendor, its customers, their suppliers, independent auditors."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Asia/Shanghai",
        validators=[validate_time_zone],
        help_text=_("The zone of the contract: days and months are counted in it."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="accounts_organisation_kind_is_known", condition=models.Q(kind__in=OrganisationKind.values)
            ),
        ]

    def __str__(self):
        return self.name
