from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Audienced


class Objective(Audienced):
    """What the customer expects, measurable: today's value, the one to reach, and by when.

    `version` grows with every change: who edits an older one is told.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="objectives")
    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("title"), max_length=200)
    measure = models.CharField(
        _("what is measured"), max_length=300, help_text=_("What is counted or timed, where, and over which period.")
    )
    baseline_value = models.CharField(
        _("value today"),
        max_length=200,
        blank=True,
        help_text=_("With its unit, such as 14 days. Leave empty while it is not measured."),
    )
    target_value = models.CharField(_("target"), max_length=200, help_text=_("With its unit, such as at most 5 days."))
    due_on = models.DateField(_("to be reached by"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("objective")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="requirements_objective_number_is_unique"),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        return reverse("requirements:objective_detail", args=[self.project.key, self.number])

    @property
    def code(self) -> str:
        return f"O-{self.number}"
