from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.enums import Role


class Membership(models.Model):
    """One role of one person in one project: a row per role."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("member")
        ordering = ["project", "role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user", "role"], name="projects_membership_is_unique"),
            models.CheckConstraint(name="projects_membership_role_is_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self):
        return f"{self.user} – {self.get_role_display()}"
