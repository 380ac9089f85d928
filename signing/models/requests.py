from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Audienced, AudienceQuerySet
from signing.enums import BINDING, CLOSED_UNSIGNED, STATE_FAMILIES, RequestState

# Constraints name their values in a fixed order, so that the migration does not depend on the order of a set.
BINDING_VALUES = sorted(state.value for state in BINDING)
CLOSED_VALUES = sorted(state.value for state in CLOSED_UNSIGNED)


class SignatureRequestQuerySet(AudienceQuerySet):
    def open(self):
        return self.filter(state=RequestState.SENT)

    def binding(self):
        """Signed by everyone asked, whether the seal is there yet or not."""
        return self.filter(state__in=BINDING)

    def about(self, subject: models.Model):
        content_type = ContentType.objects.get_for_model(subject)
        return self.filter(content_type=content_type, object_id=subject.pk)


class SignatureRequest(Audienced):
    """A frozen document and who must sign it. `state` is written only by signing.domain.moves.

    What is signed (the manifest, the text, the hashes) never changes after the row is made: triggers hold it, and
    they refuse a binding state while a signer's signature is missing.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="signature_requests")
    kind = models.CharField(_("kind"), max_length=30)
    sequence = models.PositiveIntegerField()
    version = models.PositiveSmallIntegerField(_("version"))
    number = models.CharField(_("number"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()

    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    body_html = models.TextField()  # what the page shows and the PDF prints, as it was when it was sent
    body_file = models.CharField(max_length=200)
    body_sha256 = models.CharField(max_length=64)
    body_pages = models.PositiveSmallIntegerField()
    body_size = models.PositiveIntegerField()

    state = models.CharField(_("state"), max_length=20, choices=RequestState, default=RequestState.SENT, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    remind_after_days = models.PositiveSmallIntegerField(_("remind after working days"), default=2)
    expires_at = models.DateTimeField(_("sign by"))
    signed_at = models.DateTimeField(null=True, editable=False)
    sealed_at = models.DateTimeField(null=True, editable=False)
    delivered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    closing_reason = models.TextField(blank=True, editable=False)

    objects = SignatureRequestQuerySet.as_manager()
    trail_excludes = frozenset({"manifest", "body_html"})

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="signing_request_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "sequence", "version"], name="signing_request_number_is_unique"
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id", "kind"],
                condition=Q(state="sent"),
                name="signing_request_one_open_per_subject",
            ),
            models.CheckConstraint(name="signing_request_state_is_known", condition=Q(state__in=RequestState.values)),
            models.CheckConstraint(
                name="signing_request_signing_matches_state",
                condition=Q(state__in=BINDING_VALUES, signed_at__isnull=False)
                | (~Q(state__in=BINDING_VALUES) & Q(signed_at=None)),
            ),
            models.CheckConstraint(
                name="signing_request_closing_matches_state",
                condition=Q(state__in=CLOSED_VALUES, closed_at__isnull=False)
                | (~Q(state__in=CLOSED_VALUES) & Q(closed_at=None, closed_by=None, closing_reason="")),
            ),
            models.CheckConstraint(
                name="signing_request_sealing_matches_state",
                condition=Q(state__in=["delivered", "sealed"], sealed_at__isnull=False)
                | (~Q(state__in=["delivered", "sealed"]) & Q(sealed_at=None)),
            ),
            models.CheckConstraint(
                name="signing_request_delivery_matches_state",
                condition=Q(state="delivered", delivered_at__isnull=False)
                | (~Q(state="delivered") & Q(delivered_at=None)),
            ),
        ]

    def __str__(self):
        return f"{self.label} {self.title}"

    def get_absolute_url(self):
        return reverse("signing:document_detail", args=[self.project.key, self.number, self.version])

    @property
    def label(self) -> str:
        """Number and version as printed: HX-ERP-SRS-001 v2."""
        return f"{self.number} v{self.version}"

    @property
    def file_name(self) -> str:
        return f"{self.number}-v{self.version}.pdf"

    @property
    def state_family(self) -> str:
        return STATE_FAMILIES[RequestState(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.SENT

    @property
    def is_binding(self) -> bool:
        return self.state in BINDING

    @property
    def is_sealed(self) -> bool:
        return self.sealed_at is not None
