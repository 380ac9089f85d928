from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import override

from common.lists import list_page
from projects.access import project_page
from projects.roles import visible_in
from quality.domain import queries, suggestions
from quality.forms.cases import UncoveredFilter
from quality.permissions import can_edit_case

SORTS = {
    "number": "number",
    "process": ("process", "number"),
    "priority": ("priority_rank", "number"),
}


@project_page(can_edit_case)
def suggestion_list(request, project):
    """The requirements that no case proves, each with the skeleton of one."""
    uncovered = visible_in(queries.uncovered_requirements(project), request.user, project).with_priority_rank()
    page = list_page(request, uncovered, sorts=SORTS, default="number", filterset=UncoveredFilter)
    with override(project.language):  # as the form that begins from it
        for requirement in page.rows:
            requirement.draft = suggestions.suggest(requirement.title, requirement.acceptance)
    context = {"project": project, "page": page, "can_edit": True}
    name = "quality/_suggestion_table.html" if request.htmx else "quality/suggestion_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
