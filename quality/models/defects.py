from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.enums import CUSTOMER_ROLES, Audience
from projects.models import Attachment, Audienced, AudienceQuerySet, Membership
from quality.enums import (
    DEFECT_FAMILIES,
    SETTLED,
    SEVERITY_FAMILIES,
    DefectMoveName,
    DefectState,
    Priority,
    Severity,
    Turn,
)

TO_CONFIRM = [DefectState.FIXED, DefectState.DECLINED]


class DefectQuerySet(AudienceQuerySet):
    def unclosed(self):
        """What still counts against acceptance: a fix is believed when its retest has passed, a refusal when it is
        confirmed, and what is deferred is still there. A duplicate counts as the defect that it repeats."""
        return self.exclude(state__in=SETTLED)

    def to_retest(self):
        return self.filter(state=DefectState.FIXED)

    def with_people(self):
        """Add `asks_customer`: whoever found it, and is asked to confirm, is of the customer and sees it; and
        `decliner_id`: who declined it last."""
        finder = Coalesce("result__executed_by", "reported_by")
        customers = Membership.objects.filter(
            project=OuterRef("project"), user=OuterRef("finder_id"), role__in=CUSTOMER_ROLES
        )
        refusals = DefectMove.objects.filter(defect=OuterRef("pk"), name=DefectMoveName.DECLINE).order_by("-pk")
        return self.annotate(finder_id=finder).annotate(
            asks_customer=Case(When(Exists(customers), audience=Audience.CUSTOMER, then=True), default=False),
            decliner_id=Subquery(refusals.values("by")[:1]),
        )

    def of_turn(self, turn, *, on):
        """Those that wait for `turn` on a day: the rule of quality.domain.defect_turns, asked of the database."""
        to_fix = Q(state=DefectState.OPEN) | Q(state=DefectState.DEFERRED, deferred_until__lte=on)
        conditions = {
            Turn.MANAGER: to_fix & Q(owner=None),
            Turn.OWNER: to_fix & Q(owner__isnull=False),
            Turn.REPORTER: Q(state__in=TO_CONFIRM, asks_customer=False),
            Turn.CUSTOMER: Q(state__in=TO_CONFIRM, asks_customer=True),
            Turn.NOBODY: Q(state__in=SETTLED) | Q(state=DefectState.DEFERRED, deferred_until__gt=on),
        }
        rows = self.with_people() if turn in {Turn.REPORTER, Turn.CUSTOMER} else self
        return rows.filter(conditions[Turn(turn)])

    def with_age(self, now):
        """Add `age`: how long it has been known, until it was settled."""
        until = Coalesce("closed_at", Value(now, output_field=models.DateTimeField()))
        return self.annotate(age=ExpressionWrapper(until - F("reported_at"), output_field=models.DurationField()))


class Defect(Audienced):
    """Something that is not as it should be. `state` and what belongs to it are written only by
    quality.domain.defects, by the moves listed there.

    A duplicate names the defect that it repeats, which is itself none: the database refuses chains, and so cycles.
    """

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
    build = models.CharField(_("found in build"), max_length=60, blank=True)
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
    deferred_until = models.DateField(_("deferred until"), null=True, editable=False)
    duplicate_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="duplicates",
        editable=False,
        verbose_name=_("duplicate of"),
    )
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
                condition=Q(
                    state__in=[DefectState.FIXED, DefectState.CLOSED], fixed_at__isnull=False, fixed_by__isnull=False
                )
                | (~Q(state=DefectState.FIXED) & Q(fixed_at=None, fixed_by=None, fixed_in="")),
            ),
            models.CheckConstraint(
                name="quality_defect_closing_matches_state",
                condition=Q(state__in=sorted(SETTLED), closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state__in=sorted(SETTLED)) & Q(closed_at=None, closed_by=None)),
            ),
            models.CheckConstraint(
                name="quality_defect_deferral_matches_state",
                condition=Q(state=DefectState.DEFERRED, deferred_until__isnull=False)
                | (~Q(state=DefectState.DEFERRED) & Q(deferred_until=None)),
            ),
            models.CheckConstraint(
                name="quality_defect_duplicate_matches_state",
                condition=Q(state=DefectState.DUPLICATE, duplicate_of__isnull=False)
                | (~Q(state=DefectState.DUPLICATE) & Q(duplicate_of=None)),
            ),
            models.CheckConstraint(name="quality_defect_state_is_known", condition=Q(state__in=DefectState.values)),
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


class DefectMove(models.Model):
    """A move that a defect made: evidence, so the database refuses to change or delete it. Trend and the rate of
    reopening are counted from here; written only by quality.domain.defects."""

    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=20, choices=DefectMoveName)
    source = models.CharField(max_length=20, choices=DefectState)
    target = models.CharField(max_length=20, choices=DefectState)
    reason = models.TextField(blank=True, max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("move of a defect"), _("moves of defects")
        ordering = ["defect", "pk"]
        indexes = [models.Index(fields=["defect", "at"], name="quality_defectmove_at")]
        constraints = [
            models.CheckConstraint(
                name="quality_defectmove_reason_is_given",
                condition=~Q(name__in=["decline", "defer", "reopen"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.defect.code} {self.get_name_display()}"

    @property
    def state_family(self) -> str:
        return DEFECT_FAMILIES[DefectState(self.target)]
