from django.conf import settings
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Audienced, AudienceQuerySet
from requirements.enums import Priority, RequirementState

FAMILIES = {
    RequirementState.DRAFT: "none",
    RequirementState.FROZEN: "waiting",
    RequirementState.SIGNED: "good",
    RequirementState.WITHDRAWN: "none",
}


class RequirementQuerySet(AudienceQuerySet):
    def in_scope(self):
        """All but the withdrawn ones: what the next baseline freezes."""
        return self.exclude(state=RequirementState.WITHDRAWN)

    def with_priority_rank(self):
        """Add `priority_rank`, 0 for the most urgent, since the codes do not sort as MoSCoW does."""
        ranks = [When(priority=code, then=Value(rank)) for rank, code in enumerate(Priority.values)]
        return self.annotate(priority_rank=Case(*ranks, output_field=IntegerField()))


class Requirement(Audienced):
    """A numbered statement of what the system must do. `state` is written only by requirements.domain.

    `version` grows with every edit of what a baseline would freeze.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="requirements")
    number = models.PositiveIntegerField(_("number"), editable=False)
    process = models.CharField(
        _("business process"),
        max_length=120,
        blank=True,
        help_text=_("The heading under which it is printed, such as Procure to pay."),
    )
    title = models.CharField(_("title"), max_length=200)
    statement = models.TextField(_("statement"), max_length=5000, help_text=_("What the system must do, and for whom."))
    acceptance = models.TextField(
        _("acceptance"),
        max_length=5000,
        blank=True,
        help_text=_("How both sides will see that it is met. Needed before the requirement can be frozen."),
    )
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.SHOULD)
    phase = models.ForeignKey(
        "projects.Phase",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requirements",
        verbose_name=_("phase"),
    )
    objectives = models.ManyToManyField(
        "requirements.Objective",
        related_name="requirements",
        blank=True,
        verbose_name=_("objectives"),
        help_text=_("What it is good for. Needed before the requirement can be frozen."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=RequirementState, default=RequirementState.DRAFT, editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("withdrawn by"),
    )
    withdrawn_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="requirements_requirement_number_is_unique"),
            models.CheckConstraint(
                name="requirements_requirement_priority_is_known", condition=Q(priority__in=Priority.values)
            ),
            models.CheckConstraint(
                name="requirements_requirement_state_is_known", condition=Q(state__in=RequirementState.values)
            ),
            models.CheckConstraint(name="requirements_requirement_version_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="requirements_requirement_withdrawal_matches_state",
                condition=Q(state="withdrawn", withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_reason="")
                | ~Q(state="withdrawn") & Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        return reverse("requirements:requirement_detail", args=[self.project.key, self.number])

    @property
    def code(self) -> str:
        return f"R-{self.number:03}"

    @property
    def state_family(self) -> str:
        return FAMILIES[RequirementState(self.state)]
