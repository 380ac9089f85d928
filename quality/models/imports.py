from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quality.enums import ROW_FAMILIES, FindingSeverity, ImportChannel, ResultFormat, RowOutcome

MEASURED = [ResultFormat.JMETER, ResultFormat.SARIF]  # formats without a row per test


class ResultImport(models.Model):
    """A file of results that was read: kept as it came, with its SHA-256 and what was counted in it.

    `mapped`, `unmapped` and `run` are written only by quality.domain.result_imports; the other fields stay.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="result_imports")
    number = models.PositiveIntegerField(_("number"), editable=False)
    format = models.CharField(_("format"), max_length=20, choices=ResultFormat)
    file_name = models.CharField(_("file"), max_length=200)
    file = models.FileField(max_length=200, editable=False)
    sha256 = models.CharField(max_length=64)
    build = models.CharField(_("build"), max_length=60, blank=True)
    environment = models.CharField(_("environment"), max_length=120, blank=True)
    phase = models.ForeignKey(
        "projects.Phase",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="result_imports",
        verbose_name=_("phase"),
    )
    read = models.PositiveIntegerField(_("read"))
    passed = models.PositiveIntegerField(_("passed"))
    failed = models.PositiveIntegerField(_("failed"))
    skipped = models.PositiveIntegerField(_("skipped"))
    errored = models.PositiveIntegerField(_("with an error"))
    mapped = models.PositiveIntegerField(_("mapped"), default=0)
    unmapped = models.PositiveIntegerField(_("unmapped"), default=0)
    run = models.OneToOneField(
        "quality.TestRun", on_delete=models.PROTECT, null=True, related_name="result_import", editable=False
    )  # that holds the results of the mapped rows
    channel = models.CharField(max_length=20, choices=ImportChannel, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("import of results"), _("imports of results")
        ordering = ["project", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="quality_resultimport_number_is_unique"),
            models.UniqueConstraint(fields=["project", "sha256"], name="quality_resultimport_file_is_unique"),
            models.CheckConstraint(
                name="quality_resultimport_format_is_known", condition=Q(format__in=ResultFormat.values)
            ),
            models.CheckConstraint(
                name="quality_resultimport_channel_is_known", condition=Q(channel__in=ImportChannel.values)
            ),
            models.CheckConstraint(
                name="quality_resultimport_counts_add_up",
                condition=Q(read=F("passed") + F("failed") + F("skipped") + F("errored")),
            ),
            models.CheckConstraint(
                name="quality_resultimport_mapping_adds_up",
                condition=Q(read=F("mapped") + F("unmapped"))
                | Q(format__in=[*MEASURED, ResultFormat.SUMMARY], mapped=0, unmapped=0),
            ),
            models.CheckConstraint(
                name="quality_resultimport_mapped_rows_have_a_run",
                condition=Q(mapped=0, run=None) | Q(mapped__gt=0, run__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.file_name}"

    def get_absolute_url(self):
        return reverse("quality:import_detail", args=[self.project.key, self.number])

    @property
    def code(self) -> str:
        return f"IM-{self.number:03d}"


class ImportedRowQuerySet(models.QuerySet):
    def unmapped(self):
        return self.filter(case=None)

    def bad(self):
        return self.filter(outcome__in=[RowOutcome.FAILED, RowOutcome.ERRORED])


class ImportedRow(models.Model):
    """One test of an imported file. `case` and `result` are written only by quality.domain.result_imports."""

    result_import = models.ForeignKey(ResultImport, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=500)
    outcome = models.CharField(_("result"), max_length=20, choices=RowOutcome)
    message = models.TextField(_("message"), blank=True, max_length=1000)
    seconds = models.FloatField(_("seconds"), default=0)
    case = models.ForeignKey(
        "quality.TestCase", on_delete=models.PROTECT, null=True, related_name="imported_rows", editable=False
    )
    result = models.ForeignKey(
        "quality.Result", on_delete=models.PROTECT, null=True, related_name="imported_rows", editable=False
    )

    objects = ImportedRowQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("imported row"), _("imported rows")
        ordering = ["result_import", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["result_import", "position"], name="quality_importedrow_position_is_unique"
            ),
            models.CheckConstraint(
                name="quality_importedrow_outcome_is_known", condition=Q(outcome__in=RowOutcome.values)
            ),
            models.CheckConstraint(
                name="quality_importedrow_mapped_has_result",
                condition=Q(case=None, result=None) | Q(case__isnull=False, result__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def state_family(self) -> str:
        return ROW_FAMILIES[RowOutcome(self.outcome)]


class RowMapping(models.Model):
    """Which test case the rows of a name are results of, as a person once said. The next files are mapped by it."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="row_mappings")
    name = models.CharField(max_length=500)
    case = models.ForeignKey("quality.TestCase", on_delete=models.PROTECT, related_name="row_mappings")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("mapping of a row"), _("mappings of rows")
        ordering = ["project", "name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="quality_rowmapping_name_is_unique"),
        ]

    def __str__(self):
        return self.name


class ImportedTimes(models.Model):
    """The samples of one label in an imported file; the label "" is all of the file. Milliseconds.

    Percentiles are null where there are too few samples (definitions.md, Percentiles) or the file does not tell them.
    """

    result_import = models.ForeignKey(ResultImport, on_delete=models.PROTECT, related_name="times")
    label = models.CharField(_("label"), max_length=300, blank=True)
    samples = models.PositiveIntegerField(_("samples"))
    errors = models.PositiveIntegerField(_("failed samples"))
    min_ms = models.PositiveIntegerField(null=True)
    max_ms = models.PositiveIntegerField(null=True)
    mean_ms = models.FloatField(null=True)
    p50_ms = models.PositiveIntegerField(null=True)
    p90_ms = models.PositiveIntegerField(null=True)
    p95_ms = models.PositiveIntegerField(null=True)
    p99_ms = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("times of a label"), _("times of labels")
        ordering = ["result_import", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["result_import", "label"], name="quality_importedtimes_label_is_unique"),
            models.CheckConstraint(
                name="quality_importedtimes_errors_are_samples",
                condition=Q(samples__gte=1, errors__lte=F("samples")),
            ),
            models.CheckConstraint(
                name="quality_importedtimes_p95_of_enough", condition=Q(p95_ms=None) | Q(samples__gte=20)
            ),
            models.CheckConstraint(
                name="quality_importedtimes_p99_of_enough", condition=Q(p99_ms=None) | Q(samples__gte=100)
            ),
        ]

    def __str__(self):
        return self.label or str(_("All samples"))

    @property
    def error_percent(self) -> Fraction:
        return Fraction(100 * self.errors, self.samples)


class ImportedFindings(models.Model):
    """How many findings of one severity a tool reports in an imported file. A tool without findings has rows of 0."""

    result_import = models.ForeignKey(ResultImport, on_delete=models.PROTECT, related_name="findings")
    tool = models.CharField(_("tool"), max_length=100, blank=True)
    severity = models.CharField(_("severity"), max_length=20, choices=FindingSeverity)
    open = models.PositiveIntegerField(_("open"))
    closed = models.PositiveIntegerField(_("suppressed or gone"))

    class Meta:
        verbose_name, verbose_name_plural = _("findings of a severity"), _("findings by severity")
        ordering = ["result_import", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["result_import", "tool", "severity"], name="quality_importedfindings_severity_is_unique"
            ),
            models.CheckConstraint(
                name="quality_importedfindings_severity_is_known", condition=Q(severity__in=FindingSeverity.values)
            ),
        ]

    def __str__(self):
        return f"{self.tool} {self.get_severity_display()}"
