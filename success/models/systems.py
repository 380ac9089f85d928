from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Audienced, AudienceQuerySet


class MonitoredSystemQuerySet(AudienceQuerySet):
    def live(self, *, on):
        """The systems whose go-live, set by the customer success manager, is not after the day `on`."""
        return self.filter(live_from__lte=on)


class MonitoredSystem(Audienced):
    """A system of the customer that is watched; its name is the one its monitor knows it by."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="systems")
    number = models.PositiveIntegerField(_("number"), editable=False)
    name = models.CharField(_("name"), max_length=100)
    live_from = models.DateField(
        _("live from"), null=True, blank=True, help_text=_("From this day on a report is made every month.")
    )
    target_percent = models.DecimalField(
        _("agreed availability (%)"),
        max_digits=6,
        decimal_places=3,
        default=Decimal("99.9"),
        validators=[MinValueValidator(Decimal(50)), MaxValueValidator(Decimal(100))],
    )
    target_p95_ms = models.PositiveIntegerField(
        _("agreed response time (p95, ms)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    coverage_floor_percent = models.DecimalField(
        _("least coverage to be reportable (%)"),
        max_digits=6,
        decimal_places=3,
        default=Decimal(95),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=_("With less of the month watched than this, its availability is “not reportable”."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MonitoredSystemQuerySet.as_manager()

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="success_monitoredsystem_number_is_unique"),
            models.UniqueConstraint(
                fields=["project", "name"],
                name="success_monitoredsystem_name_is_unique",
                violation_error_message=_("The project has a system of this name already."),
            ),
            models.CheckConstraint(
                name="success_monitoredsystem_percentages_in_range",
                condition=Q(target_percent__range=(0, 100), coverage_floor_percent__range=(0, 100)),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("success:system_detail", args=[self.project.key, self.number])

    @property
    def target(self) -> Fraction:
        return Fraction(self.target_percent) / 100


class MaintenanceWindowQuerySet(models.QuerySet):
    def counting(self):
        """The windows that are taken out of measured time: agreed with the customer, announced before they began."""
        return self.filter(announced_at__lt=F("starts_at")).exclude(agreed_with="")


class MaintenanceWindow(models.Model):
    """Planned work on a system, during which it may be away."""

    system = models.ForeignKey(MonitoredSystem, on_delete=models.PROTECT, related_name="maintenance_windows")
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    announced_at = models.DateTimeField(
        _("announced at"), help_text=_("Only what was announced before it began is left out of the measured time.")
    )
    agreed_with = models.CharField(
        _("agreed with"), max_length=120, blank=True, help_text=_("The person at the customer who agreed.")
    )
    reason = models.CharField(_("what is done"), max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MaintenanceWindowQuerySet.as_manager()

    ENDS_AFTER_START = _("Maintenance ends after it starts.")

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="success_maintenancewindow_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Maintenance ends after it starts."),
            ),
        ]

    def __str__(self):
        return self.reason

    @property
    def trail_project_id(self):
        return self.system.project_id

    @property
    def counts(self) -> bool:
        return bool(self.agreed_with) and self.announced_at < self.starts_at
