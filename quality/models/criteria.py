from fractions import Fraction

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Attachment, Audienced, AudienceQuerySet, Phase
from quality.enums import CRITERIA_FAMILIES, CriteriaState, CriterionKind, Operator

SCALE = 10_000  # thresholds and values are kept as whole ten-thousandths: SQLite stores decimals as floats


class CriteriaSetQuerySet(AudienceQuerySet):
    def of_scope(self, project, phase=None):
        return self.filter(project=project, phase=phase)

    def current(self):
        """The one version per scope that is not replaced."""
        return self.exclude(state=CriteriaState.REOPENED)

    def agreed(self):
        return self.filter(state=CriteriaState.AGREED)


class CriteriaSet(Audienced):
    """What must be true for a phase, or the whole project, to be accepted. `state` is written only by
    quality.domain.criteria_sets; a set is edited as a draft and locked from its sending on."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="criteria_sets")
    phase = models.ForeignKey(
        "projects.Phase",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="criteria_sets",
        verbose_name=_("phase"),
    )
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=20, choices=CriteriaState, default=CriteriaState.DRAFT, editable=False
    )
    deemed_after_days = models.PositiveSmallIntegerField(
        _("working days until silence counts as acceptance"),
        null=True,
        blank=True,
        validators=[MinValueValidator(3), MaxValueValidator(60)],
        help_text=_("Only if the contract says so: empty means that nothing is accepted without a signature."),
    )
    deemed_clause = models.CharField(
        _("where the contract says so"),
        max_length=200,
        blank=True,
        help_text=_("Contract and clause, such as: Contract 2026-17, § 7.3."),
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    document = models.ForeignKey(
        "signing.SignatureRequest", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )  # the one sent last
    agreed_at = models.DateTimeField(null=True, editable=False)
    reopened_at = models.DateTimeField(null=True, editable=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    reopened_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("acceptance criteria"), _("acceptance criteria")
        ordering = ["project", "phase__number", "-version"]
        constraints = [
            # Two of each: in an index a null is unlike every other null.
            models.UniqueConstraint(
                fields=["phase", "version"],
                condition=Q(phase__isnull=False),
                name="quality_criteriaset_version_is_unique_per_phase",
            ),
            models.UniqueConstraint(
                fields=["project", "version"],
                condition=Q(phase=None),
                name="quality_criteriaset_version_is_unique_per_project",
            ),
            models.UniqueConstraint(
                fields=["phase"],
                condition=Q(phase__isnull=False) & ~Q(state=CriteriaState.REOPENED),
                name="quality_criteriaset_one_current_per_phase",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(phase=None) & ~Q(state=CriteriaState.REOPENED),
                name="quality_criteriaset_one_current_per_project",
            ),
            models.CheckConstraint(
                name="quality_criteriaset_deeming_names_its_clause",
                condition=Q(deemed_after_days=None, deemed_clause="")
                | (Q(deemed_after_days__gte=3) & ~Q(deemed_clause="")),
            ),
            models.CheckConstraint(
                name="quality_criteriaset_agreeing_matches_state",
                condition=Q(state__in=[CriteriaState.AGREED, CriteriaState.REOPENED], agreed_at__isnull=False)
                | Q(state__in=[CriteriaState.DRAFT, CriteriaState.SENT], agreed_at=None),
            ),
            models.CheckConstraint(
                name="quality_criteriaset_reopening_matches_state",
                condition=Q(state=CriteriaState.REOPENED, reopened_at__isnull=False, reopened_by__isnull=False)
                & ~Q(reopened_reason="")
                | ~Q(state=CriteriaState.REOPENED) & Q(reopened_at=None, reopened_by=None, reopened_reason=""),
            ),
        ]

    def __str__(self):
        return f"{scope_name(self.phase)} v{self.version}"

    @property
    def state_family(self) -> str:
        return CRITERIA_FAMILIES[CriteriaState(self.state)]

    @property
    def is_locked(self) -> bool:
        return self.state != CriteriaState.DRAFT

    @property
    def scope_slug(self) -> str:
        return scope_slug(self.phase)

    def get_absolute_url(self):
        return reverse("quality:criteria_detail", args=[self.project.key, self.scope_slug, self.version])


class Criterion(models.Model):
    """One line of a set: what is measured, how, and the value it must reach. Changed only while its set is a draft."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=20, choices=CriterionKind)
    source = models.CharField(_("measured by"), max_length=60)  # key of quality.sources
    statement = models.CharField(_("criterion"), max_length=300)
    operator = models.CharField(_("comparison"), max_length=2, choices=Operator)
    threshold_scaled = models.BigIntegerField(_("threshold"))
    how = models.CharField(
        _("how it is measured"),
        max_length=500,
        blank=True,
        help_text=_("For a manual check: the evidence that is asked for."),
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    label = models.CharField(
        _("label of the samples"),
        max_length=300,
        blank=True,
        help_text=_("Of an imported load test: which label is measured; empty: all samples."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("criterion"), _("criteria")
        ordering = ["criteria_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "position"], name="quality_criterion_position_is_unique"),
            models.CheckConstraint(
                name="quality_criterion_operator_is_known", condition=Q(operator__in=Operator.values)
            ),
        ]

    def __str__(self):
        return self.statement

    def get_absolute_url(self):
        criteria = self.criteria_set
        return reverse(
            "quality:criterion", args=[criteria.project.key, criteria.scope_slug, criteria.version, self.position]
        )

    @property
    def project_id(self) -> int:
        return self.criteria_set.project_id

    @property
    def threshold(self) -> Fraction:
        return Fraction(self.threshold_scaled, SCALE)


class Check(models.Model):
    """A person looked and says what was found, for a criterion that no machine measures. The latest one counts;
    evidence, so the database refuses to change or delete it."""

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="checks")
    value_scaled = models.BigIntegerField()  # 1 and 0 of a yes-or-no criterion
    comment = models.TextField(_("what was found"), max_length=5000)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    attachments = GenericRelation(Attachment)

    class Meta:
        verbose_name, verbose_name_plural = _("check"), _("checks")
        ordering = ["criterion", "pk"]

    def __str__(self):
        return self.comment[:60]

    def get_absolute_url(self):
        return self.criterion.get_absolute_url()

    @property
    def project_id(self) -> int:
        return self.criterion.criteria_set.project_id

    @property
    def project(self):
        return self.criterion.criteria_set.project

    @property
    def value(self) -> Fraction:
        return Fraction(self.value_scaled, SCALE)


def scope_name(phase: Phase | None) -> str:
    """What is accepted, in words."""
    return str(phase) if phase else str(_("Whole project"))


def scope_slug(phase: Phase | None) -> str:
    """The scope in an address: the phase's code, or a word that no phase can have for code."""
    return phase.code if phase else "_project"
