from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from signing.enums import Identification, Method, Side
from signing.models.delegations import Delegation


class SignerQuerySet(models.QuerySet):
    def unsigned(self):
        """Those who must still sign: who named somebody else waits no more, nor does a delegate whose time is over."""
        return self.filter(signed_at=None, delegation__lapsed_at=None).exclude(
            Exists(Delegation.objects.filter(signer=OuterRef("pk"), lapsed_at=None))
        )

    def signed(self):
        return self.filter(signed_at__isnull=False)

    def with_delegations(self):
        """With the rows that `is_waiting` and `stands_in_for` look at."""
        rows = self.select_related("user__organisation", "delegation__signer__user", "delegation__letter")
        return rows.prefetch_related("delegations")


class Signer(models.Model):
    """One person who must sign one request. Once `signed_at` is set the row is evidence: triggers keep it."""

    request = models.ForeignKey("signing.SignatureRequest", on_delete=models.PROTECT, related_name="signers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signings")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    role = models.CharField(_("role"), max_length=20)  # the role that lets this person sign, when it was sent
    order = models.PositiveSmallIntegerField(_("order"))
    meaning = models.TextField(_("meaning of the signature"))
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    signed_at = models.DateTimeField(null=True)
    consented_at = models.DateTimeField(null=True)
    consent_version = models.CharField(max_length=20, blank=True)
    consent_text = models.TextField(blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    method = models.CharField(max_length=10, choices=Method, blank=True)
    strokes = models.JSONField(null=True)
    identification = models.CharField(max_length=10, choices=Identification, blank=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=300, blank=True)
    # Whose device it was, where the signature was given in person at a meeting.
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("device of")
    )

    objects = SignerQuerySet.as_manager()

    class Meta:
        ordering = ["request", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "user"], name="signing_signer_once_per_request"),
            models.CheckConstraint(name="signing_signer_order_from_one", condition=Q(order__gte=1)),
            models.CheckConstraint(name="signing_signer_side_is_known", condition=Q(side__in=Side.values)),
            models.CheckConstraint(
                name="signing_signer_signature_is_whole",
                condition=Q(signed_at=None, consented_at=None, method="", identification="")
                | (
                    Q(signed_at__isnull=False, consented_at__isnull=False, opened_at__isnull=False, declined_at=None)
                    & Q(method__in=Method.values, identification__in=Identification.values)
                    & ~Q(name="")
                    & ~Q(consent_text="")
                ),
            ),
            models.CheckConstraint(
                name="signing_signer_drawn_has_strokes",
                condition=~Q(method="drawn") | Q(strokes__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name or self.user.name

    @property
    def stands_in_for(self) -> "Signer | None":
        """Who named this person to sign in their place."""
        delegation = getattr(self, "delegation", None)
        return delegation.signer if delegation else None

    @property
    def current_delegation(self) -> Delegation | None:
        """The delegation by which somebody else signs in this person's place."""
        return next((given for given in self.delegations.all() if given.lapsed_at is None), None)

    @property
    def is_waiting(self) -> bool:
        """Whether this person must still sign: as the queryset `unsigned`, for one row."""
        named = getattr(self, "delegation", None)
        is_over = named is not None and named.lapsed_at is not None
        return self.signed_at is None and not is_over and self.current_delegation is None

    @property
    def project_id(self) -> int:
        return self.request.project_id

    @property
    def masked_email(self) -> str:
        """w•••@example.com: enough to know which mailbox, not enough to learn the address."""
        name, _at, domain = self.user.email.partition("@")
        return f"{name[:1]}•••@{domain}"
