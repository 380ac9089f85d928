from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from delivery.enums import STATE_FAMILY, TaskState
from projects.enums import Role
from projects.models import Audienced, AudienceQuerySet


def validate_dates(starts_on: date | None, ends_on: date | None, is_milestone: bool) -> None:
    """Refuse an end before the start and a milestone of several days; missing dates are another rule's matter."""
    if starts_on is None or ends_on is None:
        return
    if ends_on < starts_on:
        raise ValidationError(_("The end is before the start. Choose the start's day or a later one."))
    if is_milestone and ends_on != starts_on:
        raise ValidationError(_("A milestone is one day: give both dates the same day."))


class TaskQuerySet(AudienceQuerySet):
    def unfinished(self):
        return self.filter(progress_percent__lt=100)

    def in_state(self, state: str, *, on: date):
        """The tasks that are in `state` on a day: the same rule as Task.state_on."""
        return self.filter(
            {
                TaskState.DONE: Q(progress_percent=100),
                TaskState.OVERDUE: Q(progress_percent__lt=100, ends_on__lt=on),
                TaskState.ACTIVE: Q(progress_percent__lt=100, ends_on__gte=on)
                & (Q(progress_percent__gt=0) | Q(starts_on__lte=on, is_milestone=False)),
                TaskState.PLANNED: Q(progress_percent=0, ends_on__gte=on)
                & (Q(starts_on__gt=on) | Q(is_milestone=True)),
            }[TaskState(state)]
        )


class Task(Audienced):
    """A piece of work, or a milestone (no duration: it starts and ends on one day). Done is progress 100 %."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveIntegerField(_("number"), editable=False)
    phase = models.ForeignKey("projects.Phase", on_delete=models.PROTECT, related_name="tasks", verbose_name=_("phase"))
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True, max_length=10_000)
    is_milestone = models.BooleanField(_("milestone"), default=False)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("owner"),
    )
    owner_role = models.CharField(
        _("role of the owner"),
        max_length=20,
        choices=Role,
        blank=True,
        help_text=_("Who should do it, as long as nobody is named."),
    )
    progress_percent = models.PositiveSmallIntegerField(
        _("progress"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("From 0 to 100; 100 is done."),
    )
    requirements = models.ManyToManyField(
        "requirements.Requirement", blank=True, related_name="tasks", verbose_name=_("requirements")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["project", "number"]
        indexes = [
            models.Index(fields=["project", "starts_on", "number"], name="delivery_task_plan"),
            models.Index(fields=["owner", "ends_on"], name="delivery_task_owner"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="delivery_task_number_is_unique"),
            models.CheckConstraint(
                name="delivery_task_ends_not_before_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="delivery_task_milestone_is_one_day",
                condition=Q(is_milestone=False) | Q(ends_on=F("starts_on")),
            ),
            models.CheckConstraint(
                name="delivery_task_progress_is_a_percentage", condition=Q(progress_percent__range=(0, 100))
            ),
        ]

    def __str__(self):
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        return f"T-{self.number:03d}"

    def get_absolute_url(self):
        return reverse("delivery:task_detail", args=[self.project.key, self.number])

    def state_on(self, day: date) -> TaskState:
        if self.progress_percent == 100:
            return TaskState.DONE
        if self.ends_on < day:
            return TaskState.OVERDUE
        if self.progress_percent or (self.starts_on <= day and not self.is_milestone):
            return TaskState.ACTIVE
        return TaskState.PLANNED

    def state_family_on(self, day: date) -> str:
        return STATE_FAMILY[self.state_on(day)]
