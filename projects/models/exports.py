from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.enums import Audience, ExportState

FAMILIES = {
    ExportState.WAITING: "waiting",
    ExportState.RUNNING: "progress",
    ExportState.READY: "good",
    ExportState.FAILED: "bad",
    ExportState.EXPIRED: "none",
}
# In a fixed order, so that the migration does not depend on the order of a set.
UNDER_WAY = [ExportState.RUNNING, ExportState.WAITING]
MADE = [ExportState.EXPIRED, ExportState.READY]


class EvidenceExport(models.Model):
    """A ZIP of a project's evidence that somebody asked for. `state` is written only by projects.domain.exports.

    The file is there for some days; the row stays, with the SHA-256 that a kept copy is compared with.
    """

    trail_excludes = frozenset({"file", "percent", "touched_at", "attempts"})

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="exports")
    audience = models.CharField(_("for"), max_length=20, choices=Audience, default=Audience.TEAM)
    state = models.CharField(
        _("state"), max_length=20, choices=ExportState, default=ExportState.WAITING, editable=False
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    touched_at = models.DateTimeField(_("last sign of its worker"), null=True, editable=False)
    percent = models.PositiveSmallIntegerField(_("progress"), default=0, editable=False)
    file = models.FileField(max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    files = models.PositiveIntegerField(_("files"), default=0, editable=False)
    made_at = models.DateTimeField(_("made at"), null=True, editable=False)
    expires_at = models.DateTimeField(_("kept until"), null=True, editable=False)

    class Meta:
        verbose_name = _("export of the evidence")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "audience"],
                condition=Q(state__in=UNDER_WAY),
                name="projects_evidenceexport_one_under_way",
            ),
            models.CheckConstraint(
                name="projects_evidenceexport_making_matches_state",
                condition=(Q(state__in=MADE, made_at__isnull=False, expires_at__isnull=False) & ~Q(sha256=""))
                | (~Q(state__in=MADE) & Q(made_at=None, expires_at=None, sha256="")),
            ),
            models.CheckConstraint(
                name="projects_evidenceexport_file_matches_state",
                condition=(Q(state=ExportState.READY) & ~Q(file="")) | (~Q(state=ExportState.READY) & Q(file="")),
            ),
        ]

    def __str__(self):
        return f"{self.get_audience_display()}, {self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def state_family(self) -> str:
        return FAMILIES[ExportState(self.state)]

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def file_name(self) -> str:
        suffix = "-customer" if self.audience == Audience.CUSTOMER else ""
        return f"{self.project.key}-evidence-{self.requested_at:%Y-%m-%d}{suffix}.zip"
