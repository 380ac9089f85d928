from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.enums import Audience
from projects.roles import is_team, visible_in
from quality.domain import defects
from quality.forms.defects import DefectFilter, DefectForm, DefectReportForm, FixForm, ReopenForm
from quality.models import Defect
from quality.permissions import (
    can_close_defect,
    can_edit_defect,
    can_fix_defect,
    can_reopen_defect,
    can_report_defect,
    can_view_quality,
)
from quality.views.voiding import asks_before_voiding

SORTS = {
    "number": "number",
    "title": ("title", "number"),
    "severity": ("severity", "priority", "number"),  # the codes sort as the severities do
    "priority": ("priority", "number"),
    "state": ("state", "number"),
    "owner": ("owner__name", "number"),
    "planned": ("fix_planned_on", "number"),
}


def visible_defects(request, project):
    return visible_in(Defect.objects.all(), request.user, project).select_related("owner", "phase")


def visible_defect(request, project, number):
    related = ("case", "result__execution__run", "result__executed_by", "reported_by", "fixed_by", "closed_by")
    defect = get_object_or_404(visible_defects(request, project).select_related(*related), number=number)
    defect.project = project
    return defect


def rights(request, project):
    """What the buttons of a row ask."""
    return {
        "can_edit": can_edit_defect(request.user, project),
        "can_fix": can_fix_defect(request.user, project),
        "can_close": can_close_defect(request.user, project),
        "can_reopen": can_reopen_defect(request.user, project),
    }


@project_page(can_view_quality)
def defect_list(request, project):
    page = list_page(
        request, visible_defects(request, project), sorts=SORTS, default="severity", filterset=DefectFilter
    )
    context = {
        "project": project,
        "page": page,
        "can_report": can_report_defect(request.user, project),
        **rights(request, project),
    }
    name = "quality/_defect_table.html" if request.htmx else "quality/defect_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_view_quality)
def defect_detail(request, project, number):
    return _show(request, project, visible_defect(request, project, number))


def _show(request, project, defect, reopen_form=None):
    context = {
        "project": project,
        "defect": defect,
        "fix_form": FixForm(),
        "reopen_form": reopen_form or ReopenForm(),
        "photos": defect.result.attachments.all() if defect.result else [],
        **rights(request, project),
    }
    return render(request, "quality/defect_detail.html", context)


@project_page(can_report_defect)
@asks_before_voiding
def defect_create(request, project):
    by_team = is_team(request.user, project)
    form_class = DefectForm if by_team else DefectReportForm
    form = form_class(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data if by_team else form.cleaned_data | {"audience": Audience.CUSTOMER}
        try:
            defect = defects.report_defect(project, by=request.user, **fields)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(defect)s was reported.") % {"defect": defect.code})
            return redirect(defect)
    return render(request, "quality/defect_form.html", {"project": project, "form": form})


@project_page(can_edit_defect)
@asks_before_voiding
def defect_edit(request, project, number):
    defect = visible_defect(request, project, number)
    form = DefectForm(request.POST or None, instance=defect, project=project)
    if request.method == "POST" and form.is_valid():
        try:
            defects.edit_defect(defect.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(defect)s was saved.") % {"defect": defect.code})
            return redirect(defect)
    return render(request, "quality/defect_form.html", {"project": project, "form": form, "defect": defect})


@project_page(can_fix_defect)
@require_POST
@asks_before_voiding
def defect_fix(request, project, number):
    form = FixForm(request.POST)
    fixed_in = form.cleaned_data["fixed_in"] if form.is_valid() else ""
    return _move(request, project, number, lambda pk: defects.fix_defect(pk, by=request.user, fixed_in=fixed_in))


@project_page(can_close_defect)
@require_POST
@asks_before_voiding
def defect_close(request, project, number):
    return _move(request, project, number, lambda pk: defects.close_defect(pk, by=request.user))


@project_page(can_reopen_defect)
@require_POST
@asks_before_voiding
def defect_reopen(request, project, number):
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _show(request, project, visible_defect(request, project, number), form)
    reason = form.cleaned_data["reason"]
    return _move(request, project, number, lambda pk: defects.reopen_defect(pk, by=request.user, reason=reason))


def _move(request, project, number, move):
    """Do the move and answer with the row that changed, or the page; a refusal shows the row as it is."""
    defect, refused = visible_defect(request, project, number), ""
    try:
        move(defect.pk)
    except Refusal as refusal:
        refused = str(refusal)
    if not request.htmx:
        if refused:
            messages.error(request, refused)
        return redirect(defect)
    context = {"project": project, "defect": visible_defect(request, project, number), **rights(request, project)}
    response = render(request, "quality/_defect_row.html", context)
    if refused:
        trigger_client_event(response, "app:toast", {"level": "error", "text": refused})
    return response
