"""Pieces of quality that pages of earlier apps place by URL name."""

from django.shortcuts import get_object_or_404, render

from projects.access import project_page
from projects.roles import is_team, visible_in
from quality.domain import facts, scenarios
from quality.domain.threads import thread_of
from quality.enums import REQUIREMENT_FAMILIES
from quality.permissions import can_edit_case, can_view_quality
from quality.views.cases import latest_results, visible_cases
from requirements.models import Requirement


@project_page(can_view_quality)
def requirement_cases(request, project, number):
    requirements = visible_in(Requirement.objects.all(), request.user, project)
    requirements = scenarios.with_tries(requirements, visible_cases(request, project))
    requirement = get_object_or_404(requirements, number=number)
    cases = list(visible_cases(request, project).active().filter(requirements=requirement).order_by("number")[:100])
    latest_results(cases)
    status = facts.status_of(requirement)
    context = {
        "project": project,
        "requirement": requirement,
        "cases": cases,
        "status": status,
        "family": REQUIREMENT_FAMILIES[status],
        "prompts": scenarios.prompts_of(requirement),
        "can_edit": can_edit_case(request.user, project),
        "is_team": is_team(request.user, project),
    }
    return render(request, "quality/_requirement_cases.html", context)


@project_page(can_view_quality)
def requirement_thread(request, project, number):
    """Where the requirement led to: defects, criteria, acceptances with their certificates."""
    requirement = get_object_or_404(visible_in(Requirement.objects.all(), request.user, project), number=number)
    requirement.project = project
    thread = thread_of(requirement, request.user)
    for thing in (*thread.defects, *thread.criteria, *thread.acceptances):
        thing.project = project
    for acceptance in thread.acceptances:
        if acceptance.document:
            acceptance.document.project = project
    context = {"project": project, "requirement": requirement, "thread": thread}
    return render(request, "quality/_requirement_thread.html", context)
