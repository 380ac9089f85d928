from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import Audienced
from quality.enums import ACCEPTANCE_FAMILIES, AcceptanceState

from .criteria import scope_name


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
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(
        "signing.SignatureRequest", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )  # the one sent last
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("acceptance"), _("acceptances")
        ordering = ["project", "-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase"],
                condition=Q(phase__isnull=False, state__in=[AcceptanceState.REQUESTED, AcceptanceState.ACCEPTED]),
                name="quality_acceptance_one_standing_per_phase",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(phase=None, state__in=[AcceptanceState.REQUESTED, AcceptanceState.ACCEPTED]),
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
        ]

    def __str__(self):
        return scope_name(self.phase)

    @property
    def state_family(self) -> str:
        return ACCEPTANCE_FAMILIES[AcceptanceState(self.state)]
