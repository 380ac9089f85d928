from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Audienced, AudienceQuerySet
from quality.enums import WAIVER_FAMILIES, WaiverState

ONE_SUBJECT = (
    Q(case__isnull=False, requirement=None, criterion=None, version__isnull=False)
    | Q(case=None, requirement__isnull=False, criterion=None, version__isnull=False)
    | Q(case=None, requirement=None, criterion__isnull=False, version=None)
)


class WaiverQuerySet(AudienceQuerySet):
    def waiting(self):
        return self.filter(state=WaiverState.SENT)

    def counting(self):
        """Signed, and of what it was signed for: a newer version of a case or requirement is not waived by it."""
        same = Q(case__version=F("version")) | Q(requirement__version=F("version")) | Q(criterion__isnull=False)
        return self.filter(same, state=WaiverState.SIGNED)


class Waiver(Audienced):
    """The customer does without the proof of a test case, a requirement or a criterion. `state` is written only by
    quality.domain.waivers, following the document that is signed."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="waivers")
    number = models.PositiveIntegerField(_("number"), editable=False)
    case = models.ForeignKey(
        "quality.TestCase",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="waivers",
        verbose_name=_("test case"),
    )
    requirement = models.ForeignKey(
        "requirements.Requirement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="waivers",
        verbose_name=_("requirement"),
    )
    criterion = models.ForeignKey(
        "quality.Criterion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="waivers",
        verbose_name=_("criterion"),
    )
    version = models.PositiveIntegerField(_("version"), null=True, editable=False)  # of the case or requirement
    reason = models.TextField(_("reason"), max_length=2000)
    state = models.CharField(_("state"), max_length=20, choices=WaiverState, default=WaiverState.SENT, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_because = models.TextField(_("why it ended"), blank=True, editable=False)
    document = models.ForeignKey(
        "signing.SignatureRequest",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("document"),
    )

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("waiver"), _("waivers")
        ordering = ["project", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="quality_waiver_number_is_unique"),
            models.CheckConstraint(name="quality_waiver_has_one_subject", condition=ONE_SUBJECT),
            models.CheckConstraint(name="quality_waiver_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="quality_waiver_decision_matches_state",
                condition=Q(state=WaiverState.SENT, decided_at=None)
                | (~Q(state=WaiverState.SENT) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.subject}"

    def get_absolute_url(self):
        return f"{reverse('quality:waiver_list', args=[self.project.key])}#waiver-{self.number}"

    @property
    def code(self) -> str:
        return f"WV-{self.number:03d}"

    @property
    def subject(self):
        return self.case or self.requirement or self.criterion

    @property
    def state_family(self) -> str:
        return WAIVER_FAMILIES[WaiverState(self.state)]
