"""What goes with a decision on an acceptance: its lines, its punch list, the notices before it and the record after."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import Attachment
from quality.enums import PUNCH_FAMILIES, WITH_CONDITIONS, NoticeKind, PunchState

from .acceptances import Acceptance


class AcceptanceLine(models.Model):
    """One thing that the scope of an acceptance hands over, as it was offered: accepted with it, or left for later."""

    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(_("key"), max_length=80)  # of quality.acceptable
    label = models.CharField(_("what is handed over"), max_length=300)
    is_accepted = models.BooleanField(_("accepted now"))

    class Meta:
        verbose_name, verbose_name_plural = _("line of an acceptance"), _("lines of acceptances")
        ordering = ["acceptance", "position"]
        constraints = [
            models.UniqueConstraint(fields=["acceptance", "key"], name="quality_acceptanceline_key_is_unique"),
        ]

    def __str__(self):
        return self.label


class AcceptanceNotice(models.Model):
    """What the customer was told of the clock of a deemed acceptance. Evidence, so the database keeps it as it is."""

    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind)
    told = models.JSONField(_("told"))  # names and addresses
    last_day = models.DateField(_("last day"))
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name, verbose_name_plural = _("notice of an acceptance"), _("notices of acceptances")
        ordering = ["acceptance", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["acceptance", "kind"], name="quality_acceptancenotice_once_per_kind"),
            models.CheckConstraint(
                name="quality_acceptancenotice_kind_is_known", condition=Q(kind__in=NoticeKind.values)
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class AcceptanceRecord(models.Model):
    """The document of an outcome that nobody signs, such as a decline: made once, from what cannot change any more.

    Evidence, so the database refuses to change or delete it.
    """

    acceptance = models.OneToOneField(Acceptance, on_delete=models.PROTECT, related_name="record")
    number = models.CharField(_("number"), max_length=60, unique=True)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    size = models.PositiveIntegerField(_("size"))
    made_at = models.DateTimeField(_("printed"))

    class Meta:
        verbose_name, verbose_name_plural = _("record of an outcome"), _("records of outcomes")
        ordering = ["pk"]

    def __str__(self):
        return self.number

    @property
    def project_id(self) -> int:
        return self.acceptance.project_id

    @property
    def file_name(self) -> str:
        return f"{self.number}.pdf"


class PunchItemQuerySet(models.QuerySet):
    def in_force(self):
        """Those of acceptances that were given: before, an item is only proposed."""
        return self.filter(acceptance__state__in=WITH_CONDITIONS)

    def to_do(self):
        return self.filter(state=PunchState.OPEN)

    def to_confirm(self):
        return self.filter(state=PunchState.DONE)

    def unconfirmed(self):
        return self.exclude(state=PunchState.CONFIRMED)

    def shown(self):
        """With everything that a page prints of an item."""
        people = ("owner", "criterion", "done_by", "confirmed_by", "returned_by")
        return self.select_related(*people).prefetch_related("attachments")


class PunchItem(models.Model):
    """What an acceptance with conditions leaves to be done. Its words, owner and date are signed, so they stay;
    `state` is written only by quality.domain.punch_items."""

    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="punch_items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("what is to be done"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="punch_items", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due"))
    retest = models.CharField(_("how it is tested again"), max_length=300)
    criterion = models.ForeignKey(
        "quality.Criterion", on_delete=models.PROTECT, null=True, blank=True, related_name="punch_items"
    )  # the one that is not met without it
    state = models.CharField(_("state"), max_length=20, choices=PunchState, default=PunchState.OPEN, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    done_comment = models.TextField(_("what was done"), max_length=5000, blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    returned_at = models.DateTimeField(null=True, editable=False)  # the last time that the customer sent it back
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    returned_reason = models.TextField(_("why it was sent back"), max_length=2000, blank=True, editable=False)
    attachments = GenericRelation(Attachment)

    objects = PunchItemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("item of a punch list"), _("items of punch lists")
        ordering = ["acceptance", "position"]
        constraints = [
            models.UniqueConstraint(fields=["acceptance", "position"], name="quality_punchitem_position_is_unique"),
            models.CheckConstraint(name="quality_punchitem_state_is_known", condition=Q(state__in=PunchState.values)),
            models.CheckConstraint(
                name="quality_punchitem_doing_matches_state",
                condition=Q(state=PunchState.OPEN, done_at=None, done_by=None)
                | (~Q(state=PunchState.OPEN) & Q(done_at__isnull=False, done_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="quality_punchitem_confirming_matches_state",
                condition=Q(state=PunchState.CONFIRMED, confirmed_at__isnull=False, confirmed_by__isnull=False)
                | (~Q(state=PunchState.CONFIRMED) & Q(confirmed_at=None, confirmed_by=None)),
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.text}"

    def get_absolute_url(self):
        return f"{self.acceptance.get_absolute_url()}#item-{self.position}"

    @property
    def project(self):
        return self.acceptance.project

    @property
    def project_id(self) -> int:
        return self.acceptance.project_id

    @property
    def state_family(self) -> str:
        return PUNCH_FAMILIES[PunchState(self.state)]

    def days_late(self, on) -> int:
        """Days after its date on which it is not done yet; 0 where it is done, or its day has not passed."""
        return max(0, (on - self.due_on).days) if self.state == PunchState.OPEN else 0
