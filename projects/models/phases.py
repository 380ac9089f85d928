from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.enums import PhaseItemKind, PhaseState

STATE_FAMILY = {PhaseState.PLANNED: "none", PhaseState.ACTIVE: "progress", PhaseState.DONE: "good"}


class PhaseQuerySet(models.QuerySet):
    def with_checks(self):
        """Add `check_count` and `ticked_count`: lines of the check-list, and how many of them are done."""
        checks = models.Q(items__kind=PhaseItemKind.CHECK)
        return self.annotate(
            check_count=models.Count("items", filter=checks),
            ticked_count=models.Count("items", filter=checks & models.Q(items__done_at__isnull=False)),
        )


class Phase(models.Model):
    """A stretch of the project that ends with something accepted. `state` is written only by projects.domain.phases."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="phases")
    number = models.PositiveSmallIntegerField(_("number"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("purpose"), blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=PhaseState, default=PhaseState.PLANNED, editable=False)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="projects_phase_number_is_unique"),
            models.UniqueConstraint(fields=["project", "code"], name="projects_phase_code_is_unique"),
            models.CheckConstraint(
                name="projects_phase_ends_not_before_start",
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"

    def get_absolute_url(self):
        return reverse("projects:phase_detail", args=[self.project.key, self.number])

    @property
    def state_family(self) -> str:
        return STATE_FAMILY[PhaseState(self.state)]

    def is_overdue(self, on: date) -> bool:
        return self.state != PhaseState.DONE and self.ends_on is not None and self.ends_on < on


class PhaseItem(models.Model):
    """A line of a phase from the playbook: input, output, check-list item or risk to consider."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20, choices=PhaseItemKind)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("text"), max_length=300)
    reference = models.CharField(_("standard"), max_length=60, blank=True)  # the clause it answers: ISO 9001 8.3.4
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("check-list item")
        ordering = ["phase", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "kind", "position"], name="projects_phaseitem_position_is_unique"),
            models.CheckConstraint(
                name="projects_phaseitem_done_has_person",
                condition=models.Q(done_at=None, done_by=None) | models.Q(done_at__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("projects:phase_item", args=[self.phase.project.key, self.phase.number, self.pk])

    @property
    def project(self):
        return self.phase.project

    @property
    def trail_project_id(self):
        return self.phase.project_id
