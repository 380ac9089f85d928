from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import list_page
from delivery.domain import tasks
from delivery.forms.tasks import ProgressForm, TaskFilter, TaskForm
from delivery.models import Task
from delivery.permissions import can_edit_task, can_set_progress, can_view_plan
from projects.access import project_page
from projects.roles import visible_in

SORTS = {
    "number": "number",
    "title": ("title", "number"),
    "phase": ("phase__number", "number"),
    "starts": ("starts_on", "number"),
    "ends": ("ends_on", "number"),
    "owner": ("owner__name", "number"),
    "progress": ("progress_percent", "number"),
}


def visible_tasks(request, project):
    return visible_in(Task.objects.all(), request.user, project).select_related("phase", "owner")


def visible_task(request, project, number):
    task = get_object_or_404(visible_tasks(request, project), number=number)
    task.project = project
    return task


@project_page(can_view_plan)
def task_list(request, project):
    page = list_page(request, visible_tasks(request, project), sorts=SORTS, default="starts", filterset=TaskFilter)
    show_states(page.rows)
    context = {"project": project, "page": page, "can_add": can_edit_task(request.user, project)}
    name = "delivery/_task_table.html" if request.htmx else "delivery/task_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def show_states(rows):
    """Give each task the word and the colour family of its state today, for the template to print."""
    today = timezone.localdate()
    for task in rows:
        task.state, task.state_family = task.state_on(today), task.state_family_on(today)


@project_page(can_view_plan)
def task_detail(request, project, number):
    task = visible_task(request, project, number)
    show_states([task])
    context = {
        "project": project,
        "task": task,
        "requirements": visible_in(task.requirements.all(), request.user, project),
        "can_edit": can_edit_task(request.user, task),
        "can_set_progress": can_set_progress(request.user, task),
        "progress_form": ProgressForm(initial={"progress_percent": task.progress_percent}),
    }
    return render(request, "delivery/task_detail.html", context)


@project_page(can_edit_task)
def task_add(request, project):
    form = TaskForm(request.POST or None, project=project, initial=initial_of(request, project))
    if request.method == "POST" and form.is_valid():
        try:
            task = tasks.create_task(project, by=request.user, **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(task)s was planned.") % {"task": task.label})
            return redirect(task)
    return render(request, "delivery/task_form.html", {"project": project, "form": form})


def initial_of(request, project):
    today = timezone.localdate()
    phase = project.phases.filter(number=request.GET.get("phase")).first() if "phase" in request.GET else None
    return {"starts_on": today, "ends_on": today, "phase": phase}


@project_page(can_edit_task)
def task_edit(request, project, number):
    task = visible_task(request, project, number)
    form = TaskForm(request.POST or None, project=project, instance=task)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            tasks.edit_task(task.pk, by=request.user, version=version, **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(task)s was saved.") % {"task": task.label})
            return redirect("delivery:task_detail", project.key, number)
    present = Task.objects.select_related("owner", "phase").get(pk=task.pk)
    context = {"project": project, "form": form, "task": present, "is_stale": is_stale(form, present)}
    return render(request, "delivery/task_form.html", context)


def is_stale(form, present):
    return form.is_bound and form.cleaned_data.get("version") != present.version


@project_page(can_view_plan)
@require_POST
def task_progress(request, project, number):
    task = visible_task(request, project, number)
    if not can_set_progress(request.user, task):
        raise PermissionDenied
    form = ProgressForm(request.POST)
    if form.is_valid():
        tasks.set_progress(task.pk, form.cleaned_data["progress_percent"], by=request.user)
        messages.success(request, _("Progress was saved."))
    else:
        messages.error(request, _("Progress is a whole number from 0 to 100."))
    return redirect("delivery:task_detail", project.key, number)
