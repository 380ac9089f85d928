from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.roles import visible_in
from quality.domain import queries, runs, signoffs, suites
from quality.enums import RunState
from quality.forms.runs import ExecutionFilter, PlanCasesForm, RunFilter, RunForm
from quality.models import TestRun, TestSuite
from quality.permissions import can_edit_run, can_execute_case, can_sign_off, can_view_import, can_view_quality
from quality.views.voiding import asks_before_voiding

SORTS = {
    "number": "number",
    "name": ("name", "number"),
    "phase": ("phase__number", "number"),
    "state": ("state", "number"),
}

EXECUTION_SORTS = {
    "case": "case__number",
    "process": ("case__process", "case__number"),
    "priority": ("case__priority", "case__number"),
    "person": ("assigned_to__name", "case__number"),
    "result": ("outcome", "case__number"),
}


def visible_runs(request, project):
    return visible_in(TestRun.objects.all(), request.user, project).select_related("phase")


def visible_run(request, project, number):
    run = get_object_or_404(visible_runs(request, project).with_counts(), number=number)
    run.project = project
    return run


@project_page(can_view_quality)
def run_list(request, project):
    rows = visible_runs(request, project).with_counts()
    page = list_page(request, rows, sorts=SORTS, default="-number", filterset=RunFilter)
    context = {
        "project": project,
        "page": page,
        "can_edit": can_edit_run(request.user, project),
        "can_execute": can_execute_case(request.user, project),
        "can_see_imports": can_view_import(request.user, project),
    }
    name = "quality/_run_table.html" if request.htmx else "quality/run_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_view_quality)
def run_detail(request, project, number):
    run = visible_run(request, project, number)
    rows = run.executions.with_retest().select_related("case", "assigned_to")
    page = list_page(request, rows, sorts=EXECUTION_SORTS, default="process", filterset=ExecutionFilter)
    context = {
        "project": project,
        "run": run,
        "page": page,
        "can_edit": can_edit_run(request.user, run),
        "can_execute": can_execute_case(request.user, run),
        **progress_of(request, run),
    }
    response = render(request, "quality/_execution_table.html" if request.htmx else "quality/run_detail.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def progress_of(request, run) -> dict:
    """What _run_progress.html prints beside the counts of the run."""
    own = queries.own_executions(run, request.user) if can_execute_case(request.user, run) else None
    return {
        "progress": queries.own_progress(own) if own is not None else None,
        "processes": signoffs.processes_of(run, request.user),
        "can_sign_off": can_sign_off(request.user, run) and run.state != RunState.PLANNED,
        "is_live": run.state == RunState.RUNNING,
    }


@project_page(can_edit_run)
def run_create(request, project):
    form = RunForm(request.POST or None, project=project)
    suite = _suite_named(request, project)
    if request.method == "POST" and form.is_valid():
        run = runs.create_run(project, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(run)s was planned. Now choose its cases.") % {"run": run.code})
        address = reverse("quality:run_plan", args=[project.key, run.number])
        return redirect(f"{address}?suite={suite.number}" if suite else address)
    return render(request, "quality/run_form.html", {"project": project, "form": form, "suite": suite})


def _suite_named(request, project):
    """The suite that the address names, whose cases the plan begins with."""
    number = request.GET.get("suite", "")
    return TestSuite.objects.filter(project=project, number=number).first() if number.isdecimal() else None


@project_page(can_edit_run)
def run_edit(request, project, number):
    run = visible_run(request, project, number)
    form = RunForm(request.POST or None, instance=run, project=project)
    if request.method == "POST" and form.is_valid():
        try:
            runs.edit_run(run.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(run)s was saved.") % {"run": run.code})
            return redirect(run)
    return render(request, "quality/run_form.html", {"project": project, "form": form, "run": run})


@project_page(can_edit_run)
@asks_before_voiding
def run_plan(request, project, number):
    run = visible_run(request, project, number)
    suite = _suite_named(request, project)
    offered = suites.case_ids_of(suite, active=True) if suite else ()
    form = PlanCasesForm(request.POST or None, run=run, ticked=frozenset(offered))
    if request.method == "POST" and form.is_valid():
        try:
            runs.plan_cases(run.pk, form.assignments(), by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The cases of %(run)s were saved.") % {"run": run.code})
            return redirect(run)
    context = {"project": project, "form": form, "run": run, "suite": suite}
    return render(request, "quality/run_plan.html", context)


@project_page(can_edit_run)
@require_POST
def run_start(request, project, number):
    return _move(request, project, number, runs.start_run)


@project_page(can_edit_run)
@require_POST
def run_finish(request, project, number):
    return _move(request, project, number, runs.finish_run)


def _move(request, project, number, move):
    run = visible_run(request, project, number)
    try:
        move(run.pk, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(run)
