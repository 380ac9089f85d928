from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Audienced, AudienceQuerySet
from requirements.enums import BaselineState, Priority

FAMILIES = {
    BaselineState.FROZEN: "progress",
    BaselineState.SENT: "waiting",
    BaselineState.SIGNED: "good",
    BaselineState.REOPENED: "risk",
    BaselineState.DISCARDED: "none",
}
OPEN = frozenset({BaselineState.FROZEN, BaselineState.SENT})  # not signed yet
# Constraints name their values in a fixed order, so that the migration does not depend on the order of a set.
OPEN_VALUES = sorted(state.value for state in OPEN)
SENT_VALUES = ["reopened", "sent", "signed"]  # the states that keep the instant of sending
SIGNED_VALUES = ["reopened", "signed"]


def _paired(state: BaselineState, *names: str, reason: str) -> Q:
    """In `state` all of these are filled, in any other state none is."""
    filled = Q(state=state, **{f"{name}__isnull": False for name in names}) & ~Q(**{reason: ""})
    return filled | ~Q(state=state) & Q(**dict.fromkeys(names), **{reason: ""})


class BaselineQuerySet(AudienceQuerySet):
    def with_item_count(self):
        return self.annotate(item_count=models.Count("items"))


class Baseline(Audienced):
    """A frozen set of requirements and objectives, signed as the SRS. `state` is written only by domain.baselines.

    At most one of a project is open (frozen or out for signature) and at most one is signed and in force. A reopened
    one was signed: it and its document stay, and the next freeze is the next baseline.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="baselines")
    number = models.PositiveIntegerField(_("number"), editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=BaselineState, default=BaselineState.FROZEN, editable=False
    )
    frozen_at = models.DateTimeField(_("frozen at"), editable=False)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    reopened_at = models.DateTimeField(_("reopened at"), null=True, editable=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("reopened by"),
    )
    reopened_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    discarded_at = models.DateTimeField(_("discarded at"), null=True, editable=False)
    discarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("discarded by"),
    )
    discarded_reason = models.TextField(_("reason"), blank=True, editable=False)

    objects = BaselineQuerySet.as_manager()

    class Meta:
        verbose_name = _("baseline")
        ordering = ["project", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="requirements_baseline_number_is_unique"),
            models.UniqueConstraint(
                name="requirements_baseline_one_open_per_project",
                fields=["project"],
                condition=Q(state__in=OPEN_VALUES),
            ),
            models.UniqueConstraint(
                name="requirements_baseline_one_signed_per_project", fields=["project"], condition=Q(state="signed")
            ),
            models.CheckConstraint(
                name="requirements_baseline_state_is_known", condition=Q(state__in=BaselineState.values)
            ),
            models.CheckConstraint(
                name="requirements_baseline_sending_matches_state",
                condition=Q(state__in=SENT_VALUES, sent_at__isnull=False) | ~Q(state__in=SENT_VALUES) & Q(sent_at=None),
            ),
            models.CheckConstraint(
                name="requirements_baseline_signing_matches_state",
                condition=Q(state__in=SIGNED_VALUES, signed_at__isnull=False)
                | ~Q(state__in=SIGNED_VALUES) & Q(signed_at=None),
            ),
            models.CheckConstraint(
                name="requirements_baseline_reopening_matches_state",
                condition=_paired(BaselineState.REOPENED, "reopened_at", "reopened_by", reason="reopened_reason"),
            ),
            models.CheckConstraint(
                name="requirements_baseline_discarding_matches_state",
                condition=_paired(BaselineState.DISCARDED, "discarded_at", "discarded_by", reason="discarded_reason"),
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("requirements:baseline_detail", args=[self.project.key, self.number])

    @property
    def code(self) -> str:
        return f"SRS-{self.number:03}"

    @property
    def state_family(self) -> str:
        return FAMILIES[BaselineState(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class BaselineObjective(models.Model):
    """An objective as it was when the baseline was frozen. Written once; triggers refuse update and delete."""

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="objectives")
    objective = models.ForeignKey("requirements.Objective", on_delete=models.PROTECT, related_name="frozen")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    measure = models.CharField(max_length=300)
    baseline_value = models.CharField(max_length=200, blank=True)
    target_value = models.CharField(max_length=200)
    due_on = models.DateField()

    class Meta:
        ordering = ["baseline", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["baseline", "objective"], name="requirements_baselineobjective_listed_once"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        return f"O-{self.number}"


class BaselineItem(models.Model):
    """A requirement as it was when the baseline was frozen. Written once; triggers refuse update and delete."""

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="items")
    requirement = models.ForeignKey("requirements.Requirement", on_delete=models.PROTECT, related_name="frozen")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    process = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200)
    statement = models.TextField()
    acceptance = models.TextField()
    priority = models.CharField(max_length=10, choices=Priority)
    phase = models.CharField(max_length=160, blank=True)  # number and name, as printed
    objective_numbers = models.JSONField()

    class Meta:
        ordering = ["baseline", "number"]
        constraints = [
            models.UniqueConstraint(fields=["baseline", "requirement"], name="requirements_baselineitem_listed_once"),
            models.CheckConstraint(name="requirements_baselineitem_has_acceptance", condition=~Q(acceptance="")),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        return f"R-{self.number:03}"

    @property
    def objective_codes(self) -> list[str]:
        return [f"O-{number}" for number in self.objective_numbers]
