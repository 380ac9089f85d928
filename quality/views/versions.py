from django.shortcuts import get_object_or_404, render

from common.lists import list_page
from projects.access import project_page
from quality.domain import versions
from quality.permissions import can_view_case_versions
from quality.views.cases import visible_case

SORTS = {"version": "number"}


@project_page(can_view_case_versions)
def case_versions(request, project, number):
    """Every version with what it changed against the one before it, newest first."""
    case = visible_case(request, project, number)
    page = list_page(request, case.versions.select_related("written_by"), sorts=SORTS, default="-version")
    newest_first = sorted(page.rows, key=lambda version: -version.number)
    oldest = newest_first[-1].number if newest_first else 0
    earlier = case.versions.filter(number__lt=oldest).order_by("-number").first()
    context = {
        "project": project,
        "case": case,
        "page": page,
        "versions": versions.with_differences(newest_first, earlier),
    }
    return render(request, "quality/case_versions.html", context)


@project_page(can_view_case_versions)
def case_version(request, project, number, version):
    case = visible_case(request, project, number)
    kept = get_object_or_404(case.versions.select_related("written_by"), number=version)
    return render(request, "quality/case_version.html", {"project": project, "case": case, "version": kept})
