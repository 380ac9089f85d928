import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from delivery.enums import (
    DELIVERABLE_FAMILIES,
    VERDICT_FAMILIES,
    DeliverableKind,
    DeliverableState,
    Raci,
    ReviewVerdict,
)
from projects.models import Audienced, AudienceQuerySet


class DeliverableQuerySet(AudienceQuerySet):
    def unapproved(self):
        return self.exclude(state=DeliverableState.APPROVED)

    def with_latest(self):
        """Each with `latest`, the number of its newest version, or None."""
        newest = DeliverableVersion.objects.filter(deliverable=OuterRef("pk")).order_by("-number")
        return self.annotate(latest=Subquery(newest.values("number")[:1]))


class Deliverable(Audienced):
    """What a phase hands over: a thing, a document, or a standard that work keeps to.

    `state` and what belongs to it are written only by delivery.domain.deliverables, by the moves listed there.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="deliverables")
    number = models.PositiveIntegerField(_("number"), editable=False)
    phase = models.ForeignKey(
        "projects.Phase", on_delete=models.PROTECT, related_name="deliverables", verbose_name=_("phase")
    )
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=DeliverableKind, default=DeliverableKind.DOCUMENT)
    template = models.TextField(
        _("template"),
        blank=True,
        max_length=10_000,
        help_text=_("What it must contain: the headings to fill, one per line."),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    planned_roles = models.JSONField(_("roles by the playbook"), default=dict, editable=False)  # Raci -> [Role, …]
    state = models.CharField(
        _("state"), max_length=20, choices=DeliverableState, default=DeliverableState.PLANNED, editable=False
    )
    approved_version = models.ForeignKey(
        "delivery.DeliverableVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved version"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("deliverable"), _("deliverables")
        ordering = ["project", "number"]
        indexes = [models.Index(fields=["project", "phase", "number"], name="delivery_deliverable_register")]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="delivery_deliverable_number_is_unique"),
            models.CheckConstraint(
                name="delivery_deliverable_kind_is_known", condition=Q(kind__in=DeliverableKind.values)
            ),
            models.CheckConstraint(
                name="delivery_deliverable_state_is_known", condition=Q(state__in=DeliverableState.values)
            ),
            models.CheckConstraint(
                name="delivery_deliverable_approval_matches_state",
                condition=Q(
                    state=DeliverableState.APPROVED,
                    approved_version__isnull=False,
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                )
                | (~Q(state=DeliverableState.APPROVED) & Q(approved_version=None, approved_at=None, approved_by=None)),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        return f"DL-{self.number:03d}"

    @property
    def state_family(self) -> str:
        return DELIVERABLE_FAMILIES[DeliverableState(self.state)]

    def get_absolute_url(self):
        return reverse("delivery:deliverable_detail", args=[self.project.key, self.number])

    @property
    def accountable(self):
        """The person who answers for it, or None."""
        entries = getattr(self, "accountable_entries", None)  # read with the register: queries.ACCOUNTABLE
        if entries is None:
            entries = self.raci.filter(letter=Raci.ACCOUNTABLE).select_related("person")
        return next((entry.person for entry in entries), None)

    def is_overdue(self, on: date) -> bool:
        return self.state != DeliverableState.APPROVED and self.due_on is not None and self.due_on < on


def stored_name(version, filename):
    """A name of our own making; what the uploader called the file is only a label."""
    return f"deliverables/{version.deliverable.project_id}/{uuid.uuid4().hex}"


class DeliverableVersion(models.Model):
    """One file of a deliverable, hashed when it was uploaded. Never changed: a better one is the next version."""

    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, related_name="versions", verbose_name=_("deliverable")
    )
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to=stored_name, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(_("type of file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("fingerprint (SHA-256)"), max_length=64)
    note = models.CharField(_("what is new"), max_length=500, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of a deliverable")
        ordering = ["deliverable", "number"]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "number"], name="delivery_version_number_is_unique"),
            models.CheckConstraint(name="delivery_version_counts_from_1", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"{self.deliverable.code} v{self.number}"

    @property
    def trail_project_id(self):
        return self.deliverable.project_id


class DeliverableReview(models.Model):
    """What a reviewer said of one version, once. That nobody reviews their own version is held by a trigger."""

    version = models.OneToOneField(
        DeliverableVersion, on_delete=models.PROTECT, related_name="review", verbose_name=_("version")
    )
    verdict = models.CharField(_("verdict"), max_length=20, choices=ReviewVerdict)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed"), auto_now_add=True)

    class Meta:
        verbose_name = _("review of a deliverable")
        constraints = [
            models.CheckConstraint(
                name="delivery_review_verdict_is_known", condition=Q(verdict__in=ReviewVerdict.values)
            ),
            models.CheckConstraint(
                name="delivery_review_return_has_a_reason",
                condition=~Q(verdict=ReviewVerdict.RETURNED, comment=""),
            ),
        ]

    def __str__(self):
        return f"{self.version}: {self.get_verdict_display()}"

    @property
    def verdict_family(self) -> str:
        return VERDICT_FAMILIES[ReviewVerdict(self.verdict)]


class RaciEntry(models.Model):
    """What one person is to one deliverable: a cell of the matrix. Written by delivery.domain.raci."""

    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.CASCADE, related_name="raci", verbose_name=_("deliverable")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="raci", verbose_name=_("person")
    )
    letter = models.CharField(_("RACI"), max_length=1, choices=Raci)

    class Meta:
        verbose_name = _("RACI entry")
        ordering = ["deliverable", "letter", "pk"]
        indexes = [models.Index(fields=["person", "letter"], name="delivery_raci_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "person"], name="delivery_raci_one_letter_per_person"),
            models.UniqueConstraint(
                fields=["deliverable"],
                condition=Q(letter=Raci.ACCOUNTABLE),
                name="delivery_raci_one_person_is_accountable",
            ),
            models.CheckConstraint(name="delivery_raci_letter_is_known", condition=Q(letter__in=Raci.values)),
        ]

    def __str__(self):
        return f"{self.deliverable.code} {self.person}: {self.letter}"
