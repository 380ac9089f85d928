"""Defects as a table, as a board, and one by one; their moves are in defect_moves."""

from django.contrib import messages
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from common.errors import Refusal
from common.lists import address, filtered, list_page
from projects.access import project_page
from projects.enums import Audience
from projects.roles import is_team
from quality.domain import defects
from quality.domain.defect_queries import defects_with_facts
from quality.enums import DEFECT_FAMILIES, DefectState
from quality.forms.defects import DefectFilter, DefectForm, DefectReportForm
from quality.permissions import can_edit_defect, can_report_defect, can_view_quality
from quality.views.defect_steps import prepare
from quality.views.voiding import asks_before_voiding

SORTS = {
    "number": "number",
    "title": ("title", "number"),
    "severity": ("severity", "priority", "number"),  # the codes sort as the severities do
    "priority": ("priority", "number"),
    "state": ("state", "number"),
    "owner": ("owner__name", "number"),
    "planned": ("fix_planned_on", "number"),
    "age": ("age", "number"),
}
CARDS = 50  # of a column; what is more is in the table


def visible_defects(request, project):
    return defects_with_facts(request.user, project).select_related("owner", "phase")


def visible_defect(request, project, number):
    related = ("case", "result__execution__run", "result__executed_by", "reported_by", "fixed_by", "closed_by")
    defect = get_object_or_404(visible_defects(request, project).select_related(*related), number=number)
    prepare(request, project, [defect], back="")
    return defect


@project_page(can_view_quality)
def defect_list(request, project):
    page = list_page(
        request, visible_defects(request, project), sorts=SORTS, default="severity", filterset=DefectFilter
    )
    prepare(request, project, page.rows, back=request.get_full_path())
    context = {"project": project, "page": page, "can_report": can_report_defect(request.user, project)}
    name = "quality/_defect_table.html" if request.htmx else "quality/defect_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_view_quality)
def defect_board(request, project):
    """The rows of the list, by state: two queries, the cards and how many there are."""
    page = filtered(request, visible_defects(request, project), filterset=DefectFilter)
    place = Window(RowNumber(), partition_by=F("state"), order_by=["severity", "priority", "number"])
    cards = list(page.rows.annotate(place=place).filter(place__lte=CARDS).order_by("place"))
    prepare(request, project, cards, back=request.get_full_path())
    counts = dict(page.rows.order_by().values_list("state").annotate(Count("pk")))
    columns = [
        {
            "state": state,
            "family": DEFECT_FAMILIES[state],
            "cards": [card for card in cards if card.state == state],
            "count": counts.get(state, 0),
            "rest_url": address(request.GET, state=state) if counts.get(state, 0) > CARDS else "",
        }
        for state in DefectState
    ]
    context = {
        "project": project,
        "page": page,
        "columns": columns,
        "total": sum(counts.values()),
        "can_report": can_report_defect(request.user, project),
    }
    return render(request, "quality/defect_board.html", context)


@project_page(can_view_quality)
def defect_detail(request, project, number):
    defect = visible_defect(request, project, number)
    context = {
        "project": project,
        "defect": defect,
        "moves": defect.moves.select_related("by").order_by("-pk"),
        "duplicates": visible_defects(request, project).filter(duplicate_of=defect.pk).order_by("number"),
        "photos": defect.result.attachments.all() if defect.result else [],
        "can_edit": can_edit_defect(request.user, project),
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
