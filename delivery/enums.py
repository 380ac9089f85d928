from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TaskState(TextChoices):
    """Where a task stands on a day; worked out from its dates and progress, never stored."""

    DONE = "done", _("Done")
    OVERDUE = "overdue", _("Overdue")
    ACTIVE = "active", _("In progress")
    PLANNED = "planned", _("Planned")


STATE_FAMILY = {
    TaskState.DONE: "good",
    TaskState.OVERDUE: "bad",
    TaskState.ACTIVE: "progress",
    TaskState.PLANNED: "none",
}
