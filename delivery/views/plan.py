from django.db.models import Max, Min
from django.shortcuts import render
from django.utils import timezone

from common.lists import list_page
from delivery.domain import gantt
from delivery.forms import TaskFilter
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
    span = gantt.window(span_of(visible_in(Task.objects.all(), request.user, project)), today=today)
    show_states(page.rows)
    for task in page.rows:
        task.bar = gantt.bar(span, task.starts_on, task.ends_on, task.progress_percent)
    context = {
        "project": project,
        "page": page,
        "ticks": gantt.ticks(span),
        "today": span.position(today) if span.first <= today <= span.last else None,
        "can_add": can_edit_task(request.user, project),
    }
    return render(request, "delivery/plan.html", context)


def span_of(tasks):
    """The first start and the last end of `tasks`, as the one span they cover."""
    found = tasks.aggregate(first=Min("starts_on"), last=Max("ends_on"))
    return [(found["first"], found["last"])] if found["first"] else []
