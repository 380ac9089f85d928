from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Audienced
from quality.enums import ACCEPTANCE_FAMILIES, GIVEN, WITH_CONDITIONS, AcceptanceState

from .criteria import scope_name, scope_slug

# Constraints name their values in a fixed order, so that the migration does not depend on the order of a set.
GIVEN_VALUES = sorted(state.value for state in GIVEN)
CONDITIONS_VALUES = sorted(state.value for state in WITH_CONDITIONS)
WAITS_OR_IS_WHOLE = Q(state=AcceptanceState.REQUESTED) | Q(state__in=GIVEN_VALUES, is_partial=False)


class Acceptance(Audienced):
    """A request that the customer accept a phase or the whole project, and how it ended. `state` is written only by
    quality.domain.acceptances, following the document that is signed."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="acceptances")
    phase = models.ForeignKey(
        "projects.Phase", on_delete=models.PROTECT, null=True, related_name="acceptances", verbose_name=_("phase")
    )
    criteria_set = models.ForeignKey("quality.CriteriaSet", on_delete=models.PROTECT, related_name="acceptances")
    state = models.CharField(
        _("state"), max_length=20, choices=AcceptanceState, default=AcceptanceState.REQUESTED, editable=False
    )
    is_partial = models.BooleanField(_("accepts a part"), default=False, editable=False)  # lines of the scope remain
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(
        "signing.SignatureRequest", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )  # the one sent last
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    fulfilled_at = models.DateTimeField(null=True, editable=False)  # the last item of the punch list was confirmed

    class Meta:
        verbose_name, verbose_name_plural = _("acceptance"), _("acceptances")
        ordering = ["project", "-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase"],
                condition=Q(phase__isnull=False) & WAITS_OR_IS_WHOLE,
                name="quality_acceptance_one_standing_per_phase",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(phase=None) & WAITS_OR_IS_WHOLE,
                name="quality_acceptance_one_standing_per_project",
            ),
            models.CheckConstraint(
                name="quality_acceptance_end_matches_state",
                condition=Q(state=AcceptanceState.REQUESTED, ended_at=None)
                | (~Q(state=AcceptanceState.REQUESTED) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="quality_acceptance_declined_has_reason",
                condition=~Q(state=AcceptanceState.DECLINED) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="quality_acceptance_conditions_are_fulfilled_after_acceptance",
                condition=Q(fulfilled_at=None) | Q(state__in=CONDITIONS_VALUES),
            ),
        ]

    def __str__(self):
        return scope_name(self.phase)

    def get_absolute_url(self):
        return reverse("quality:acceptance_detail", args=[self.project.key, self.pk])

    @property
    def state_family(self) -> str:
        if self.is_given_in_part:
            return "risk"
        return "good" if self.fulfilled_at else ACCEPTANCE_FAMILIES[AcceptanceState(self.state)]

    @property
    def state_words(self) -> str:
        """The state as a chip shows it: conditions that are fulfilled are no longer a reason to worry."""
        if self.is_given_in_part:
            return str(_("Accepted in part"))
        return str(_("Accepted, conditions fulfilled")) if self.fulfilled_at else self.get_state_display()

    @property
    def line_family(self) -> str:
        return "good" if self.state in GIVEN else "none"

    @property
    def line_words(self) -> str:
        """What a line that was offered has come to."""
        return str(_("Accepted")) if self.state in GIVEN else str(_("Offered"))

    @property
    def is_given_in_part(self) -> bool:
        return self.is_partial and self.state in GIVEN

    @property
    def scope_slug(self) -> str:
        return scope_slug(self.phase)
