from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from quality.domain import suites
from quality.forms.cases import CaseFilter
from quality.forms.suites import ChosenCasesForm, MoveForm, SuiteForm
from quality.models import TestSuite
from quality.permissions import can_edit_case, can_edit_run, can_view_suite
from quality.views import cases

SORTS = {"number": "number", "name": ("name", "number")}
ENTRY_SORTS = {"position": "position"}


def _suite(project, number):
    suite = get_object_or_404(TestSuite.objects.filter(project=project).with_counts(), number=number)
    suite.project = project
    return suite


@project_page(can_view_suite)
def suite_list(request, project):
    rows = TestSuite.objects.filter(project=project).with_counts()
    page = list_page(request, rows, sorts=SORTS, default="number")
    can_edit = can_edit_case(request.user, project)
    context = {"project": project, "page": page, "can_edit": can_edit, "can_view_suites": True}
    return render(request, "quality/suite_list.html", context)


@project_page(can_view_suite)
def suite_detail(request, project, number):
    return _show(request, project, _suite(project, number))


def _show(request, project, suite):
    entries = suite.entries.select_related("case")
    page = list_page(request, entries, sorts=ENTRY_SORTS, default="position")
    context = {
        "project": project,
        "suite": suite,
        "page": page,
        "can_edit": can_edit_case(request.user, project),
        "can_plan": can_edit_run(request.user, project),
    }
    name = "quality/_suite_cases.html" if request.htmx else "quality/suite_detail.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_edit_case)
def suite_create(request, project):
    form = SuiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suite = suites.create_suite(project, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(suite)s was added. Now choose its cases.") % {"suite": suite.code})
            return redirect("quality:suite_add", project.key, suite.number)
    return render(request, "quality/suite_form.html", {"project": project, "form": form})


@project_page(can_edit_case)
def suite_edit(request, project, number):
    suite = _suite(project, number)
    form = SuiteForm(request.POST or None, instance=suite)
    if request.method == "POST" and form.is_valid():
        try:
            suites.edit_suite(suite.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(suite)s was saved.") % {"suite": suite.code})
            return redirect(suite)
    return render(request, "quality/suite_form.html", {"project": project, "form": form, "suite": suite})


@project_page(can_edit_case)
@require_POST
def suite_delete(request, project, number):
    suite = _suite(project, number)
    suites.delete_suite(suite.pk, by=request.user)
    messages.success(request, _("%(suite)s was deleted; its cases stay.") % {"suite": suite})
    return redirect("quality:suite_list", project.key)


@project_page(can_edit_case)
def suite_add(request, project, number):
    """The active cases that are not in the suite yet, to tick; the filter finds them."""
    suite = _suite(project, number)
    candidates = cases.visible_cases(request, project).active().exclude(suite_entries__suite=suite)
    form = ChosenCasesForm(
        request.POST if request.method == "POST" else None, cases=cases.visible_cases(request, project)
    )
    if request.method == "POST" and form.is_valid():
        try:
            added = suites.add_cases(suite.pk, [case.pk for case in form.cleaned_data["cases"]], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = ngettext("%(count)s case was added.", "%(count)s cases were added.", added)
            messages.success(request, words % {"count": added})
            return redirect(suite)
    page = list_page(request, candidates, sorts=cases.SORTS, default="number", filterset=CaseFilter)
    return render(request, "quality/suite_add.html", {"project": project, "suite": suite, "page": page, "form": form})


@project_page(can_edit_case)
@require_POST
def suite_remove(request, project, number, case_number):
    suite, case = _suite(project, number), cases.visible_case(request, project, case_number)
    suites.remove_case(suite.pk, case.pk, by=request.user)
    return _changed(request, project, suite)


@project_page(can_edit_case)
@require_POST
def suite_move(request, project, number, case_number):
    suite = _suite(project, number)
    entry = get_object_or_404(suite.entries, case__number=case_number)
    place = MoveForm(request.POST).place(entry.position)
    suites.move_case(suite.pk, entry.case_id, place, by=request.user)
    return _changed(request, project, suite)


def _changed(request, project, suite):
    return _show(request, project, _suite(project, suite.number)) if request.htmx else redirect(suite)
