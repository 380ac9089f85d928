from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LegalHold(models.Model):
    """While it stands, no file of the project is removed, whatever was said about keeping.

    Evidence: the database refuses to remove a file under a hold, to delete a hold, and to change what was said.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("placed by"),
    )
    placed_at = models.DateTimeField(_("placed at"), editable=False)
    lifted_reason = models.CharField(_("why it was lifted"), max_length=500, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("lifted by"),
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("legal hold"), _("legal holds")
        ordering = ["project", "-placed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(lifted_at=None), name="projects_legalhold_one_stands_per_project"
            ),
            models.CheckConstraint(name="projects_legalhold_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="projects_legalhold_lifting_is_whole",
                condition=Q(lifted_at=None, lifted_by=None, lifted_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
            ),
        ]

    def __str__(self):
        return self.reason
