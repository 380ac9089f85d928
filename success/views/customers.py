from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accounts.models import Organisation
from common.access import is_of_vendor, person_page
from common.lists import list_page
from projects.models import Project
from success.domain.queries import UNREPORTED
from success.enums import ReportState
from success.models import HealthReport
from success.views.systems import band_chip


@person_page(is_of_vendor)
def customer_list(request):
    """The customers of the person's projects, by the health of their newest reports: the worst first."""
    projects = Project.objects.visible_to(request.user)
    page = list_page(
        request,
        _with_health(Organisation.objects.filter(projects__in=projects).distinct(), projects),
        sorts={"health": ("health_rank", "name"), "name": "name", "drafts": ("-unpublished", "name")},
        default="health",
    )
    for customer in page.rows:
        customer.health = band_chip(customer.worst_band)
    fragment = request.htmx and not request.htmx.boosted
    name = "success/_customer_table.html" if fragment else "success/customer_list.html"
    response = render(request, name, {"page": page})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _with_health(customers, projects):
    reports = HealthReport.objects.filter(project__in=projects)
    newer = reports.filter(system=OuterRef("system"), month__gt=OuterRef("month"))
    worst = reports.filter(~Exists(newer), project__customer=OuterRef("pk")).order_by("band")
    waiting = ~Q(projects__health_reports__state=ReportState.PUBLISHED)
    return customers.annotate(
        worst_band=Subquery(worst.values("band")[:1], output_field=IntegerField()),
        health_rank=Coalesce(Subquery(worst.values("band")[:1]), Value(UNREPORTED)),
        worst_month=Subquery(worst.values("month")[:1]),
        live_systems=Count("projects__systems", filter=Q(projects__systems__live_from__isnull=False), distinct=True),
        unpublished=Count(
            "projects__health_reports",
            filter=waiting & Q(projects__health_reports__isnull=False),
            distinct=True,
        ),
    )
