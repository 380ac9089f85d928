from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ProcessSignOffQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(taken_back_at=None)


class ProcessSignOff(models.Model):
    """What a key user said of one business process of a run: it was tested, and works as agreed.

    Written only by quality.domain.signoffs; one that was taken back stays on record.
    """

    run = models.ForeignKey("quality.TestRun", on_delete=models.PROTECT, related_name="sign_offs")
    process = models.CharField(_("business process"), max_length=120, blank=True)
    passed = models.PositiveIntegerField(_("passed"))
    skipped = models.PositiveIntegerField(_("not applicable"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("signed off by")
    )
    signed_at = models.DateTimeField(_("signed off at"))
    taken_back_at = models.DateTimeField(_("taken back at"), null=True)
    taken_back_because = models.CharField(_("because of"), max_length=300, blank=True)

    objects = ProcessSignOffQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("sign-off of a process"), _("sign-offs of processes")
        ordering = ["run", "process", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "process"], condition=Q(taken_back_at=None), name="quality_processsignoff_one_stands"
            ),
            models.CheckConstraint(
                name="quality_processsignoff_taken_back_with_reason",
                condition=Q(taken_back_at=None, taken_back_because="")
                | (Q(taken_back_at__isnull=False) & ~Q(taken_back_because="")),
            ),
        ]

    def __str__(self):
        return f"{self.run.code} {self.process}".rstrip()

    def get_absolute_url(self):
        return self.run.get_absolute_url()

    @property
    def trail_project_id(self) -> int:
        return self.run.project_id

    @property
    def total(self) -> int:
        return self.passed + self.skipped
