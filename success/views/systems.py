from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.domain import trail
from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.roles import visible_in
from success.domain import day_charts, documents, queries
from success.domain.months import Month, closed_month
from success.domain.systems import add_system
from success.enums import Band
from success.forms import MaintenanceForm, NewSystemForm, SystemForm
from success.models import HealthReport, MaintenanceWindow, MonitoredSystem
from success.permissions import can_edit_report, can_edit_system, can_import_checks, can_view_health

STALE_AFTER = timedelta(days=1)
SHOWN_DAYS = 90


def visible_system(request, project, number) -> MonitoredSystem:
    systems = visible_in(MonitoredSystem.objects.all(), request.user, project)
    system = get_object_or_404(systems, number=number)
    system.project = project  # known already: no query for its customer and zone
    return system


@project_page(can_view_health)
def system_list(request, project):
    reports = visible_in(HealthReport.objects.all(), request.user, project)
    systems = visible_in(MonitoredSystem.objects.all(), request.user, project)
    page = list_page(
        request,
        queries.with_last_report(queries.with_last_check(systems), reports),
        sorts={
            "name": ("name", "pk"),
            "live": ("live_from", "name", "pk"),
            "health": ("health_rank", "name", "pk"),
            "check": ("last_check_at", "name", "pk"),
        },
        default="health",
    )
    for system in page.rows:
        system.project = project
        system.now = state_now(system.last_check_at, system.last_check_is_up)
        system.health = band_chip(system.last_band)
    context = {"page": page, "project": project, "can_import": can_import_checks(request.user, project)}
    context["can_add"] = can_edit_system(request.user, project)
    fragment = request.htmx and not request.htmx.boosted
    name = "success/_system_table.html" if fragment else "success/system_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_view_health)
def system_detail(request, project, number):
    system = visible_system(request, project, number)
    zone, now = project.time_zone, timezone.now()
    month = _asked_month(request, closed_month(now, zone))
    windows = list(system.maintenance_windows.all())
    maintenance = queries.counting_spans(windows)
    figures = queries.figures_of(system, month, zone=zone, maintenance=maintenance)
    reports = list(visible_in(HealthReport.objects.all(), request.user, project).filter(system=system))
    for report in reports:
        report.project, report.system = project, system
    last = system.checks.order_by("-at").values_list("at", "is_up").first() or (None, None)
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [today - timedelta(days=back) for back in reversed(range(SHOWN_DAYS))]
    outages = queries.outage_of_days(system, days, zone=zone, maintenance=maintenance)
    is_reportable = figures.is_reportable(system.coverage_floor_percent)
    made = next((report for report in reports if report.month == str(month)), None)
    context = {
        "project": project,
        "system": system,
        "now": state_now(*last),
        "last_check_at": last[0],
        "strip": day_charts.strip_chart(days, outages),
        "month": month,
        "months": _neighbours(month, closed_month(now, zone)),
        "figures": figures,
        "is_reportable": is_reportable,
        "formula": list(documents.formula_rows(figures, is_reportable)),
        "reports": reports,
        "report": made,
        "windows": windows,
        "can_edit": can_edit_system(request.user, project),
        "can_draft": made is None
        and can_edit_report(request.user, project)
        and system.live_from is not None
        and system.live_from <= month.last_day
        and month <= closed_month(now, zone),
    }
    return render(request, "success/system_detail.html", context)


@project_page(can_edit_system)
def system_create(request, project):
    form = NewSystemForm(request.POST or None, instance=MonitoredSystem(project=project))
    if form.is_valid():
        try:
            system = add_system(form.instance, by=request.user)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(
                request, _("The system is on record. It shows figures once its checks have been imported.")
            )
            return redirect(system)
    return render(request, "success/system_create.html", {"form": form, "project": project})


@project_page(can_edit_system)
def system_edit(request, project, number):
    system = visible_system(request, project, number)
    form = SystemForm(request.POST or None, instance=system)
    if form.is_valid():
        trail.save(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(system)
    return render(request, "success/system_edit.html", {"form": form, "system": system, "project": project})


@project_page(can_edit_system)
def maintenance_create(request, project, number):
    system = visible_system(request, project, number)
    with timezone.override(ZoneInfo(project.time_zone)):
        window = MaintenanceWindow(system=system, created_by=request.user, announced_at=timezone.now())
        form = MaintenanceForm(request.POST or None, instance=window)
        if form.is_valid():
            trail.save(form.instance, by=request.user)
            if form.instance.counts:
                messages.success(request, _("Saved."))
            else:
                messages.warning(request, _("Saved, but it does not count: it was not agreed, or announced too late."))
            return redirect(system)
        context = {"form": form, "system": system, "project": project}
        return render(request, "success/maintenance_create.html", context)


@project_page(can_edit_system)
@require_POST
def maintenance_delete(request, project, number, pk):
    system = visible_system(request, project, number)
    trail.delete(get_object_or_404(system.maintenance_windows, pk=pk), by=request.user)
    messages.success(request, _("Deleted."))
    return redirect(system)


def state_now(checked_at, is_up) -> documents.Chip:
    """Return how the system was when it was last looked at; a look long ago says nothing of now."""
    if checked_at is None:
        return documents.Chip("none", _("No data"))
    if timezone.now() - checked_at > STALE_AFTER:
        return documents.Chip("none", _("No recent check"))
    return documents.Chip("good", _("Up")) if is_up else documents.Chip("bad", _("Down"))


def band_chip(band: int | None) -> documents.Chip:
    """Return the health of the newest report as a chip."""
    if band is None:
        return documents.Chip("none", _("No report yet"))
    return documents.Chip(HealthReport.BAND_FAMILIES[Band(band)], Band(band).label)


def _asked_month(request, default: Month) -> Month:
    try:
        return Month.parse(request.GET.get("month", str(default)))
    except ValueError:
        raise Http404 from None


def _neighbours(month: Month, last: Month) -> dict[str, Month | None]:
    return {"previous": month.previous, "next": month.next if month <= last else None}
