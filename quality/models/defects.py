from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Attachment, Audienced, AudienceQuerySet
from quality.enums import DEFECT_FAMILIES, SEVERITY_FAMILIES, DefectState, Priority, Severity


class DefectQuerySet(AudienceQuerySet):
    def unclosed(self):
        """What still counts against acceptance: a fix is believed when its retest has passed."""
        return self.exclude(state=DefectState.CLOSED)

    def to_retest(self):
        return self.filter(state=DefectState.FIXED)


class Defect(Audienced):
    """Something that is not as it should be. `state` and what belongs to it are written only by
    quality.domain.defects, by the moves listed there."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="defects")
    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("title"), max_length=200)
    severity = models.CharField(_("severity"), max_length=20, choices=Severity, default=Severity.MAJOR)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.MEDIUM)
    seen = models.TextField(_("what was seen"), max_length=5000)
    expected = models.TextField(_("what was expected"), blank=True, max_length=5000)
    step = models.PositiveSmallIntegerField(_("step"), null=True, blank=True)
    phase = models.ForeignKey(
        "projects.Phase",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="defects",
        verbose_name=_("phase"),
        help_text=_("Whose acceptance it stands in the way of; empty: only that of the whole project."),
    )
    case = models.ForeignKey(
        "quality.TestCase",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="defects",
        verbose_name=_("test case"),
    )
    result = models.ForeignKey(
        "quality.Result", on_delete=models.PROTECT, null=True, related_name="defects", editable=False
    )
    build = models.CharField(_("build"), max_length=60, blank=True)
    environment = models.CharField(_("environment"), max_length=120, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="defects",
        verbose_name=_("owner"),
    )
    fix_planned_on = models.DateField(_("fix planned for"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=DefectState, default=DefectState.OPEN, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reported_defects", editable=False
    )
    reported_at = models.DateTimeField(auto_now_add=True)
    fixed_at = models.DateTimeField(null=True, editable=False)
    fixed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    fixed_in = models.CharField(_("fixed in build"), max_length=60, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    told_reporter_at = models.DateTimeField(null=True, editable=False)
    attachments = GenericRelation(Attachment)

    objects = DefectQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("defect"), _("defects")
        ordering = ["project", "number"]
        indexes = [models.Index(fields=["project", "state", "severity"], name="quality_defect_open")]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="quality_defect_number_is_unique"),
            models.CheckConstraint(name="quality_defect_severity_is_known", condition=Q(severity__in=Severity.values)),
            models.CheckConstraint(
                name="quality_defect_fixing_matches_state",
                condition=Q(state=DefectState.OPEN, fixed_at=None, fixed_by=None, fixed_in="")
                | (
                    Q(state__in=[DefectState.FIXED, DefectState.CLOSED])
                    & Q(fixed_at__isnull=False, fixed_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="quality_defect_closing_matches_state",
                condition=Q(state=DefectState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state=DefectState.CLOSED) & Q(closed_at=None, closed_by=None)),
            ),
            models.CheckConstraint(
                name="quality_defect_reporter_told_of_closing",
                condition=Q(state=DefectState.CLOSED) | Q(told_reporter_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        return f"DF-{self.number:03d}"

    @property
    def state_family(self) -> str:
        return DEFECT_FAMILIES[DefectState(self.state)]

    @property
    def severity_family(self) -> str:
        return SEVERITY_FAMILIES[Severity(self.severity)]

    def get_absolute_url(self):
        return reverse("quality:defect_detail", args=[self.project.key, self.number])
