from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckImport(models.Model):
    """A file of checks that was read: kept as it came, with its SHA-256 and what was counted in it."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="check_imports")
    file_name = models.CharField(_("file"), max_length=200)
    file = models.FileField(max_length=200, editable=False)
    sha256 = models.CharField(max_length=64)
    rows_read = models.PositiveIntegerField(_("rows read"))
    rows_new = models.PositiveIntegerField(_("new checks"))
    rows_known = models.PositiveIntegerField(_("known already"))
    systems_made = models.PositiveIntegerField(_("new systems"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "sha256"], name="success_checkimport_file_is_unique"),
            models.CheckConstraint(
                name="success_checkimport_counts_add_up",
                condition=models.Q(rows_read=models.F("rows_new") + models.F("rows_known")),
            ),
        ]

    def __str__(self):
        return self.file_name


class Check(models.Model):
    """One look at a system: did it answer, and how fast. The state holds until the next check of that system."""

    system = models.ForeignKey("success.MonitoredSystem", on_delete=models.PROTECT, related_name="checks")
    at = models.DateTimeField()
    is_up = models.BooleanField()
    http_code = models.PositiveSmallIntegerField()
    response_ms = models.PositiveIntegerField()
    imported_by = models.ForeignKey(CheckImport, on_delete=models.PROTECT, related_name="checks", db_index=False)

    class Meta:
        ordering = ["system", "at"]
        constraints = [
            models.UniqueConstraint(fields=["system", "at"], name="success_check_instant_is_unique"),
        ]

    def __str__(self):
        return f"{self.system} {self.at.isoformat()}"
