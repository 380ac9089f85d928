from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.enums import ProjectState

STATE_FAMILY = {ProjectState.ACTIVE: "progress", ProjectState.LIVE: "good", ProjectState.CLOSED: "none"}
KEY = RegexValidator(
    r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*\Z",
    _("A key is capital letters and digits in groups joined by hyphens, such as HX-ERP."),
)


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The projects that exist for `user`: all for an administrator, else those of their memberships."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(pk__in=user.memberships.values("project_id"))


class Project(models.Model):
    """One implementation at one customer. `state` is written only by projects.domain.projects."""

    key = models.CharField(_("key"), max_length=20, unique=True, validators=[KEY])
    name = models.CharField(_("name"), max_length=200)
    customer = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="projects", verbose_name=_("customer")
    )
    language = models.CharField(
        _("language of its documents"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    summary = models.TextField(_("summary"), blank=True)
    playbook = models.CharField(_("playbook"), max_length=60, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=ProjectState, default=ProjectState.ACTIVE, editable=False
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    keep_months = models.PositiveSmallIntegerField(
        _("months to keep files after closing"),
        null=True,
        blank=True,
        editable=False,
        validators=[MinValueValidator(1), MaxValueValidator(1200)],
    )  # none: for ever
    starts_on = models.DateField(_("starts on"))
    go_live_on = models.DateField(_("go-live planned on"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="projects_project_go_live_not_before_start",
                condition=Q(go_live_on=None) | Q(go_live_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="projects_project_closing_matches_state",
                condition=Q(state=ProjectState.CLOSED, closed_at__isnull=False)
                | (~Q(state=ProjectState.CLOSED) & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="projects_project_keeps_a_month_at_least",
                condition=Q(keep_months=None) | Q(keep_months__range=(1, 1200)),
            ),
        ]

    def __str__(self):
        return f"{self.key} {self.name}"

    def get_absolute_url(self):
        return reverse("cockpit:project", args=[self.key])

    @property
    def state_family(self) -> str:
        return STATE_FAMILY[ProjectState(self.state)]

    @property
    def trail_project_id(self):
        return self.pk

    @property
    def time_zone(self) -> str:
        """The zone of the contract: the customer's."""
        return self.customer.time_zone
