from dataclasses import asdict

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.roles import is_team, visible_in
from quality.domain import cases, scenarios
from quality.forms.cases import BeginForm, CaseFilter, CaseForm, StepFormSet, initial_of
from quality.models import Defect, Result, TestCase
from quality.permissions import can_edit_case, can_view_case_versions, can_view_quality, can_view_suite
from quality.views.voiding import asks_before_voiding

SORTS = {
    "number": "number",
    "title": ("title", "number"),
    "process": ("process", "number"),
    "priority": ("priority", "number"),
    "kind": ("kind", "number"),
}
STEPS = "steps"  # prefix of the rows in the form


def visible_cases(request, project):
    return visible_in(TestCase.objects.all(), request.user, project)


def visible_case(request, project, number):
    case = get_object_or_404(visible_cases(request, project), number=number)
    case.project = project
    return case


def latest_results(rows):
    """Give each case its latest result, for the template to print."""
    found = Result.objects.latest_of(rows).select_related("execution", "executed_by")
    by_case = {result.execution.case_id: result for result in found}
    for case in rows:
        case.latest_result = by_case.get(case.pk)


@project_page(can_view_quality)
def case_list(request, project):
    page = list_page(request, visible_cases(request, project), sorts=SORTS, default="number", filterset=CaseFilter)
    latest_results(page.rows)
    context = {"project": project, "page": page, "can_edit": can_edit_case(request.user, project)}
    context["can_view_suites"] = can_view_suite(request.user, project)
    name = "quality/_case_table.html" if request.htmx else "quality/case_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_view_quality)
def case_detail(request, project, number):
    case = visible_case(request, project, number)
    requirements = visible_in(case.requirements.all(), request.user, project)
    requirements = scenarios.with_tries(requirements, visible_cases(request, project))
    opened = visible_in(Defect.objects.filter(result=OuterRef("pk")), request.user, project).order_by("number")
    results = (
        Result.objects.filter(execution__case=case)
        .select_related("execution__run", "executed_by")
        .annotate(defect_number=Subquery(opened.values("number")[:1]))
    )
    context = {
        "project": project,
        "case": case,
        "steps": case.steps.all(),
        "requirements": [(requirement, scenarios.prompts_of(requirement)) for requirement in requirements],
        "results": results.order_by("-pk")[:50],
        "can_edit": can_edit_case(request.user, case),
        "can_view_versions": can_view_case_versions(request.user, case),
        "is_team": is_team(request.user, project),
    }
    return render(request, "quality/case_detail.html", context)


@project_page(can_edit_case)
def case_create(request, project):
    return _case_form(request, project, None)


@project_page(can_edit_case)
@asks_before_voiding
def case_edit(request, project, number):
    return _case_form(request, project, visible_case(request, project, number))


def _case_form(request, project, case):
    """Show and take the form of a case with its steps; “Add step” only gives it one more row."""
    if request.method != "POST":
        return _begin_form(request, project, case)
    form = CaseForm(request.POST, instance=case, project=project)
    if "add_step" in request.POST:
        return _show_form(request, project, case, form, StepFormSet(with_one_more_row(request.POST), prefix=STEPS))
    steps = StepFormSet(request.POST, prefix=STEPS)
    if form.is_valid() and steps.is_valid():
        try:
            saved = _save(request, project, case, form, steps)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(case)s was saved.") % {"case": saved.code})
            return redirect(saved)
    return _show_form(request, project, case, form, steps)


def _begin_form(request, project, case):
    """The form of `case`, an empty one, or one begun for the requirement and situation that the address names."""
    begin = BeginForm(request.GET, project=project)
    with override(project.language):  # a case is written in the language of its project
        draft = begin.draft() if case is None else None
    requirement = begin.cleaned_data["requirement"] if draft else None
    if draft:
        steps = [asdict(step) for step in draft.steps]
    else:
        steps = [step.content() for step in case.steps.all()] if case else []
    form = CaseForm(instance=case, project=project, initial=initial_of(draft, requirement) if draft else None)
    return _show_form(request, project, case, form, StepFormSet(initial=steps, prefix=STEPS), begun_from=requirement)


def _save(request, project, case, form, steps):
    if case is None:
        return cases.create_case(project, by=request.user, steps=steps.steps(), **form.values())
    version = form.cleaned_data["version"] or 0
    return cases.edit_case(case.pk, by=request.user, version=version, steps=steps.steps(), **form.values())


def with_one_more_row(data):
    changed = data.copy()
    rows = changed.get(f"{STEPS}-TOTAL_FORMS", "0")
    changed[f"{STEPS}-TOTAL_FORMS"] = str(int(rows) + 1 if rows.isdecimal() else 1)
    return changed


def _show_form(request, project, case, form, steps, begun_from=None):
    name = "quality/_steps.html" if request.htmx and "add_step" in request.POST else "quality/case_form.html"
    context = {
        "project": project,
        "case": case,
        "form": form,
        "steps": steps,
        "is_adding": "add_step" in request.POST,
        "begun_from": begun_from,
    }
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_edit_case)
@require_POST
@asks_before_voiding
def case_retire(request, project, number):
    return _move(request, project, number, cases.retire_case)


@project_page(can_edit_case)
@require_POST
@asks_before_voiding
def case_restore(request, project, number):
    return _move(request, project, number, cases.restore_case)


def _move(request, project, number, move):
    case = visible_case(request, project, number)
    try:
        move(case.pk, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(case)
