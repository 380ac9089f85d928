from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.enums import Audience
from projects.models import Audienced, AudienceQuerySet
from quality.enums import PROPOSAL_FAMILIES, ProposalState


class CaseProposal(Audienced):
    """A test that a key user asks for, in their own words; a tester makes a case of it, or says why not.

    Both sides see it. `state` and what belongs to it are written only by quality.domain.proposals.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="case_proposals")
    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("What should be tried?"), max_length=200)
    process = models.CharField(_("business process"), max_length=120, blank=True)
    why = models.TextField(_("When does it happen, and why does it matter?"), max_length=2000)
    preconditions = models.TextField(_("What must be there before one begins?"), max_length=2000, blank=True)
    steps = models.JSONField(_("steps"))  # as typed: action, test_data, expected
    audience = models.CharField(
        _("visible to"), max_length=20, choices=Audience, default=Audience.CUSTOMER, editable=False
    )
    state = models.CharField(
        _("state"), max_length=20, choices=ProposalState, default=ProposalState.PROPOSED, editable=False
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    case = models.OneToOneField(
        "quality.TestCase",
        on_delete=models.PROTECT,
        null=True,
        related_name="proposal",
        verbose_name=_("test case"),
    )

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("proposed test case"), _("proposed test cases")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="quality_caseproposal_number_is_unique"),
            models.CheckConstraint(
                name="quality_caseproposal_decision_matches_state",
                condition=Q(state=ProposalState.PROPOSED, decided_by=None, decided_at=None, case=None, reason="")
                | Q(
                    state=ProposalState.COMPLETED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    case__isnull=False,
                    reason="",
                )
                | (
                    Q(state=ProposalState.DECLINED, decided_by__isnull=False, decided_at__isnull=False, case=None)
                    & ~Q(reason="")
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        return reverse("quality:proposal_detail", args=[self.project.key, self.number])

    @property
    def code(self) -> str:
        return f"CP-{self.number:03d}"

    @property
    def state_family(self) -> str:
        return PROPOSAL_FAMILIES[ProposalState(self.state)]

    @property
    def is_undecided(self) -> bool:
        return self.state == ProposalState.PROPOSED
