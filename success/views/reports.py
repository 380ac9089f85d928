import django_filters
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from common.access import is_signed_in, person_page
from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.roles import visible_in
from success.domain import documents, reports
from success.domain.months import Month
from success.enums import Band, ReportState
from success.forms import RecommendationFormSet, SummaryForm
from success.models import HealthReport
from success.permissions import can_acknowledge_report, can_edit_report, can_publish_report, can_view_health
from success.views.systems import visible_system

SORTS = {
    "month": ("-month", "project__key", "system__number"),
    "system": ("system__name", "-month", "pk"),
    "project": ("project__key", "-month", "pk"),
    "health": ("band", "-month", "pk"),
    "state": ("state", "-month", "pk"),
}


class ReportFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=ReportState.choices, label=gettext_lazy("State"), empty_label=gettext_lazy("All states")
    )
    band = django_filters.ChoiceFilter(
        choices=Band.choices, label=gettext_lazy("Health"), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = HealthReport
        fields = ["state", "band"]


@person_page(is_signed_in)
def report_list(request):
    """The reports of all projects that the person may see."""
    return _list(request, HealthReport.objects.visible_to(request.user), {})


@project_page(can_view_health)
def project_report_list(request, project):
    return _list(request, visible_in(HealthReport.objects.all(), request.user, project), {"project": project})


@project_page(can_view_health)
def report_detail(request, project, number, month):
    report = _visible(request, project, number, month)
    user = request.user
    is_waiting = report.state == ReportState.PUBLISHED and not report.acknowledged_at
    context = {
        "project": project,
        "report": report,
        "month": Month.parse(month).first_day,
        "document": documents.build_document(report),
        "can_edit": can_edit_report(user, report) and report.state != ReportState.PUBLISHED,
        "can_publish": can_publish_report(user, report) and report.state == ReportState.IN_REVIEW,
        "can_acknowledge": is_waiting and can_acknowledge_report(user, report),
        "is_waiting": is_waiting,
    }
    return render(request, "success/report_detail.html", context)


@project_page(can_view_health)
def report_pdf(request, project, number, month):
    report = _visible(request, project, number, month)
    response = HttpResponse(reports.pdf_of(report), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{report.document_number}.pdf"'
    return response


@project_page(can_edit_report)
def report_edit(request, project, number, month):
    report = _visible(request, project, number, month)
    form = SummaryForm(request.POST or None, instance=report)
    advice = RecommendationFormSet(request.POST or None, queryset=report.recommendations.all())
    if request.method == "POST" and form.is_valid() and advice.is_valid():
        words = {
            line.instance.pk: {name: value for name, value in line.cleaned_data.items() if name != "id"}
            for line in advice
        }
        edit = reports.edit_words
        if _done(request, edit, report.pk, summary=form.cleaned_data["summary"], advice=words, by=request.user):
            messages.success(request, _("Saved."))
        return redirect(report)
    context = {"project": project, "report": report, "form": form, "advice": advice}
    return render(request, "success/report_edit.html", context)


@project_page(can_edit_report)
@require_POST
def report_draft(request, project, number, month):
    system = visible_system(request, project, number)
    _done(request, reports.draft_report, system.pk, Month.parse(month), now=timezone.now(), by=request.user)
    report = HealthReport.objects.filter(system=system, month=month).first()
    return redirect("success:report_detail", project.key, number, month) if report else redirect(system)


@project_page(can_edit_report)
@require_POST
def report_figures(request, project, number, month):
    return _move(request, project, number, month, reports.take_figures_anew)


@project_page(can_edit_report)
@require_POST
def report_submit(request, project, number, month):
    return _move(request, project, number, month, reports.submit_report)


@project_page(can_edit_report)
@require_POST
def report_send_back(request, project, number, month):
    return _move(request, project, number, month, reports.send_back_report)


@project_page(can_publish_report)
@require_POST
def report_publish(request, project, number, month):
    return _move(request, project, number, month, reports.publish_report)


@project_page(can_acknowledge_report)
@require_POST
def report_acknowledge(request, project, number, month):
    return _move(request, project, number, month, reports.acknowledge_report)


def _move(request, project, number, month, move):
    report = _visible(request, project, number, month)
    _done(request, move, report.pk, by=request.user)
    return redirect(report)


def _done(request, step, *args, **kwargs) -> bool:
    """Take one step of the domain; a refusal is shown in its own words."""
    try:
        step(*args, **kwargs)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    return True


def _visible(request, project, number, month) -> HealthReport:
    visible = visible_in(HealthReport.objects.all(), request.user, project)
    people = ("submitted_by", "published_by", "acknowledged_by")
    found = visible.select_related("system", *people).prefetch_related("recommendations")
    report = get_object_or_404(found, system__number=number, month=month)
    report.project = report.system.project = project
    return report


def _list(request, queryset, context):
    page = list_page(
        request,
        queryset.select_related("system", "project__customer").defer("figures"),
        sorts=SORTS,
        default="month",
        filterset=ReportFilter,
    )
    fragment = request.htmx and not request.htmx.boosted
    name = "success/_report_table.html" if fragment else "success/report_list.html"
    response = render(request, name, {"page": page, **context})
    patch_vary_headers(response, ["HX-Request"])
    return response
