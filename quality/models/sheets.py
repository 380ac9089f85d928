from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseSheet(models.Model):
    """The table of test cases that a person is about to import: looked through first, gone once imported."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(_("rows"))
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("table of test cases"), _("tables of test cases")
        constraints = [
            models.UniqueConstraint(fields=["project", "owner"], name="quality_casesheet_one_per_person_and_project")
        ]

    def __str__(self):
        return self.name
