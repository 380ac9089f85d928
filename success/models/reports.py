from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.enums import Audience
from projects.models import Audienced
from success.enums import Band, DecisionOwner, Priority, ReportState, Rule


class HealthReport(Audienced):
    """What one system did in one month. The figures are frozen when the draft is made; the words can be edited
    until it is published. `state`, `audience` and what goes with them are written only by success.domain.reports.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="health_reports")
    system = models.ForeignKey("success.MonitoredSystem", on_delete=models.PROTECT, related_name="reports")
    month = models.CharField(_("month"), max_length=7)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    figures = models.JSONField()
    band = models.PositiveSmallIntegerField(_("health"), choices=Band)
    summary = models.TextField(_("summary"), max_length=1500)
    state = models.CharField(_("state"), max_length=20, choices=ReportState, default=ReportState.DRAFT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    pdf = models.FileField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    BAND_FAMILIES = {Band.GOOD: "good", Band.WATCH: "risk", Band.POOR: "bad", Band.UNRATED: "none"}
    trail_excludes = frozenset({"figures"})  # the trail keeps their hash: success.domain.reports

    class Meta:
        ordering = ["-month", "project", "system"]
        constraints = [
            models.UniqueConstraint(fields=["system", "month"], name="success_healthreport_one_per_system_and_month"),
            models.CheckConstraint(
                name="success_healthreport_submission_matches_state",
                condition=Q(state=ReportState.DRAFT, submitted_at=None, submitted_by=None)
                | (~Q(state=ReportState.DRAFT) & Q(submitted_at__isnull=False, submitted_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="success_healthreport_publication_matches_state",
                condition=Q(
                    state=ReportState.PUBLISHED,
                    published_at__isnull=False,
                    published_by__isnull=False,
                    audience=Audience.CUSTOMER,
                )
                | (
                    ~Q(state=ReportState.PUBLISHED)
                    & Q(published_at=None, published_by=None, acknowledged_at=None, audience=Audience.TEAM, pdf="")
                ),
            ),
            models.CheckConstraint(
                name="success_healthreport_acknowledgement_has_person",
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="success_healthreport_pdf_has_hash",
                condition=Q(pdf="", pdf_sha256="") | (~Q(pdf="") & ~Q(pdf_sha256="")),
            ),
        ]

    def __str__(self):
        return self.document_number

    def get_absolute_url(self):
        return reverse("success:report_detail", args=[self.project.key, self.system.number, self.month])

    @property
    def document_number(self) -> str:
        return f"{self.project.key}-HR{self.system.number}-{self.month}"

    @property
    def state_family(self) -> str:
        return {
            ReportState.DRAFT: "none",
            ReportState.IN_REVIEW: "progress",
            ReportState.PUBLISHED: "good" if self.acknowledged_at else "waiting",
        }[ReportState(self.state)]

    @property
    def band_family(self) -> str:
        return self.BAND_FAMILIES[Band(self.band)]


class Recommendation(models.Model):
    """What a rule advises, with the figures that made it speak. The text may be edited, the figures may not."""

    report = models.ForeignKey(HealthReport, on_delete=models.CASCADE, related_name="recommendations")
    position = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=30, choices=Rule)
    priority = models.PositiveSmallIntegerField(choices=Priority)
    figures = models.JSONField()
    text = models.TextField(_("recommendation"), max_length=600)
    decided_by = models.CharField(_("decided by"), max_length=20, choices=DecisionOwner)
    decide_on = models.DateField(_("decided until"), null=True, blank=True)
    is_left_out = models.BooleanField(_("leave out of the report"), default=False)

    class Meta:
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "rule"], name="success_recommendation_rule_speaks_once"),
        ]

    def __str__(self):
        return self.text

    @property
    def trail_project_id(self):
        return self.report.project_id
