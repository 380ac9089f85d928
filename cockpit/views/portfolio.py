import django_filters
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from cockpit.domain.portfolio import judge_project, projects_with_figures
from common.lists import list_page
from projects.access import is_signed_in, person_page
from projects.enums import ProjectState
from projects.models import Project
from projects.permissions import can_create_project

SORTS = {
    "key": "key",
    "name": ("name", "key"),
    "customer": ("customer__name", "key"),
    "go_live": ("go_live_on", "key"),
    "unsigned": ("unsigned_documents", "key"),
}


class ProjectFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name contains"))
    state = django_filters.ChoiceFilter(choices=ProjectState, label=_("State"))

    class Meta:
        model = Project
        fields = ["q", "state"]


@person_page(is_signed_in)
def portfolio(request):
    today = timezone.localdate()
    projects = projects_with_figures(request.user, on=today)
    page = list_page(request, projects, sorts=SORTS, default="key", filterset=ProjectFilter)
    for project in page.rows:
        project.status = judge_project(project, on=today)
    context = {"page": page, "can_create": can_create_project(request.user)}
    name = "cockpit/_portfolio_table.html" if request.htmx else "cockpit/portfolio.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
