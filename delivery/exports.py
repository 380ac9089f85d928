"""What the export of a project's evidence holds of this app: see projects.sections."""

from django.utils.translation import gettext_lazy as _

from delivery.models import Task
from projects.roles import visible_in
from projects.sections import Section, all_named

SECTIONS = (
    Section(
        "tasks",
        _("Tasks"),
        lambda reader, project: visible_in(
            Task.objects.select_related("project", "phase", "owner").prefetch_related("requirements"), reader, project
        ).order_by("number"),
        columns=(
            (_("Number"), "label"),
            (_("Title"), "title"),
            (_("Phase"), "phase"),
            (_("Milestone"), "is_milestone"),
            (_("Starts on"), "starts_on"),
            (_("Ends on"), "ends_on"),
            (_("Owner"), "owner.name"),
            (_("Progress"), lambda task: f"{task.progress_percent} %"),
        ),
        more=lambda task, reader: {
            "code": task.label,
            "requirements": all_named(task.requirements.all(), reader, task.project),
        },
    ),
)
