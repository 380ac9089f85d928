from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone

from common.lists import list_page
from delivery.domain import gantt
from delivery.forms.tasks import TaskFilter
from delivery.models import Task
from delivery.permissions import can_edit_task, can_view_plan
from delivery.views.tasks import show_states, visible_tasks
from projects.access import project_page
from projects.models import Project
from projects.roles import visible_in

SORTS = {"plan": ("phase__number", "starts_on", "number")}


@project_page(can_view_plan)
def plan(request, project: Project):
    """The tasks of all phases as a table with their bars; both show the same rows."""
    today = timezone.localdate()
    page = list_page(request, visible_tasks(request, project), sorts=SORTS, default="plan", filterset=TaskFilter)
    marks = landmarks(visible_in(Task.objects.all(), request.user, project))
    milestones = [task for task in marks if task.is_milestone]
    span = gantt.window([(task.starts_on, task.ends_on) for task in marks], today=today)
    show_states([*page.rows, *milestones])
    for task in page.rows:
        task.bar = gantt.bar(span, task.starts_on, task.ends_on, task.progress_percent)
    context = {
        "project": project,
        "page": page,
        "ticks": gantt.ticks(span),
        "today": span.position(today) if span.first <= today <= span.last else None,
        "can_add": can_edit_task(request.user, project),
        "milestones": [] if request.GET else milestones,  # what a phone shows until it asks for the chart
    }
    return render(request, "delivery/plan.html", context)


def landmarks(tasks):
    """The milestones, and the tasks that start first and end last: with them the span of all, in one query."""
    first, last = tasks.order_by("starts_on")[:1], tasks.order_by("-ends_on")[:1]
    found = tasks.filter(Q(is_milestone=True) | Q(pk__in=first.values("pk")) | Q(pk__in=last.values("pk")))
    return list(found.order_by("ends_on", "number"))
