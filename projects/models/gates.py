from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.enums import PASSING, GateVerdict

from .audience import Audienced, AudienceQuerySet

VERDICT_FAMILY = {
    GateVerdict.PASS: "good",
    GateVerdict.PASS_WITH_ACTIONS: "risk",
    GateVerdict.FAIL: "bad",
}


class GateReviewQuerySet(AudienceQuerySet):
    def latest(self):
        """Of every phase the review that counts: the one recorded last."""
        later = GateReview.objects.filter(phase=OuterRef("phase"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))

    def with_open_actions(self):
        """Add `open_actions`: how many of a review's actions are not done."""
        return self.annotate(open_actions=Count("findings", filter=~Q(findings__action="") & Q(findings__done_at=None)))


class GateReview(Audienced):
    """The review at the end of a phase: who looked, what they found, and whether the next phase may open.

    Evidence: the database refuses to change what was recorded. A review that was wrong is followed by another one;
    the one recorded last counts.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="gate_reviews")
    number = models.PositiveIntegerField(_("number"), editable=False)
    phase = models.ForeignKey("projects.Phase", on_delete=models.PROTECT, related_name="gate_reviews")
    held_on = models.DateField(_("held on"))
    participants = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("who took part"))
    verdict = models.CharField(_("verdict"), max_length=20, choices=GateVerdict)
    summary = models.TextField(_("summary"), max_length=5000, blank=True)
    facts = models.JSONField(_("what was known then"), default=list)  # [[label, value], …] in the project's language
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    objects = GateReviewQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("gate review"), _("gate reviews")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="projects_gatereview_number_is_unique"),
            models.CheckConstraint(
                name="projects_gatereview_verdict_is_known", condition=Q(verdict__in=GateVerdict.values)
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.phase.name}"

    @property
    def code(self) -> str:
        return f"GR-{self.number:03d}"

    @property
    def state_family(self) -> str:
        return VERDICT_FAMILY[GateVerdict(self.verdict)]

    @property
    def is_passed(self) -> bool:
        return self.verdict in PASSING

    def get_absolute_url(self):
        return reverse("projects:gate_review", args=[self.project.key, self.number])


class GateFinding(models.Model):
    """What a gate review found, and what is to be done about it: by whom, until when. Only `done_…` changes later."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveSmallIntegerField()
    statement = models.CharField(_("finding"), max_length=500)
    action = models.CharField(_("action to take"), max_length=500, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="gate_actions",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    outcome = models.CharField(_("what was done"), max_length=500, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("gate finding"), _("gate findings")
        ordering = ["review", "position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "position"], name="projects_gatefinding_position_is_unique"),
            models.CheckConstraint(
                name="projects_gatefinding_action_has_owner_and_date",
                condition=Q(action="", owner=None, due_on=None)
                | (~Q(action="") & Q(owner__isnull=False, due_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="projects_gatefinding_done_is_an_action_with_outcome",
                condition=Q(done_at=None, done_by=None, outcome="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(outcome="") & ~Q(action="")),
            ),
        ]

    def __str__(self):
        return self.statement

    def get_absolute_url(self):
        return self.review.get_absolute_url()

    @property
    def project(self):
        return self.review.project

    @property
    def trail_project_id(self) -> int:
        return self.review.project_id

    @property
    def is_open(self) -> bool:
        return bool(self.action) and self.done_at is None


class GateOverride(models.Model):
    """A phase was opened although the gate before it is not passed: by whom and why. Evidence, never changed."""

    phase = models.OneToOneField("projects.Phase", on_delete=models.PROTECT, related_name="gate_override")
    reason = models.CharField(_("reason"), max_length=500)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    given_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("opening without gate"), _("openings without gate")
        constraints = [
            models.CheckConstraint(name="projects_gateoverride_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return self.reason

    @property
    def trail_project_id(self) -> int:
        return self.phase.project_id
