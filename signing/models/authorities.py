from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AuthorityQuerySet(models.QuerySet):
    def valid(self, *, on):
        return self.filter(revoked_at=None, valid_until__gte=on)


class Authority(models.Model):
    """A line of the authority register: this representative may sign this kind of document until that day."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="authorities")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="authorities", verbose_name=_("person")
    )
    kind = models.CharField(_("kind of document"), max_length=30)
    valid_until = models.DateField(_("valid until"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        ordering = ["project", "user__name", "kind", "-granted_at"]
        constraints = [
            models.CheckConstraint(
                name="signing_authority_revocation_is_whole",
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.kind} – {self.valid_until}"
