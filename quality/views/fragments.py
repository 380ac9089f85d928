"""Pieces of quality that pages of earlier and later apps place by URL name."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404, render

from projects.access import project_page
from projects.roles import visible_in
from quality.domain import facts
from quality.domain.criteria import execution_rate, pass_rate
from quality.enums import REQUIREMENT_FAMILIES, Severity
from quality.models import Defect
from quality.permissions import can_view_quality
from quality.views.cases import latest_results, visible_cases
from requirements.models import Requirement


@dataclass(frozen=True)
class Readiness:
    """How near the project is to its acceptance, by what this person may see of its defects."""

    planned: int
    final: int
    passed: int
    blocking: int
    major: int
    minor: int


@project_page(can_view_quality)
def requirement_cases(request, project, number):
    requirement = get_object_or_404(visible_in(Requirement.objects.all(), request.user, project), number=number)
    cases = list(visible_cases(request, project).active().filter(requirements=requirement).order_by("number")[:100])
    latest_results(cases)
    status = facts.status_of(requirement)
    context = {"project": project, "cases": cases, "status": status, "family": REQUIREMENT_FAMILIES[status]}
    return render(request, "quality/_requirement_cases.html", context)


@project_page(can_view_quality)
def readiness(request, project):
    outcomes = [execution.outcome for execution in facts.load_executions(project)]
    visible = visible_in(Defect.objects.all(), request.user, project).unclosed()
    severities = list(visible.values_list("severity", flat=True))
    figures = Readiness(
        planned=len(outcomes),
        final=execution_rate(outcomes).counts[0],
        passed=pass_rate(outcomes).counts[0],
        blocking=sum(severity in facts.BLOCKING for severity in severities),
        major=severities.count(Severity.MAJOR),
        minor=severities.count(Severity.MINOR),
    )
    return render(request, "quality/_readiness.html", {"project": project, "readiness": figures})
