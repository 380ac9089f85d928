"""Pieces of delivery that pages of earlier apps place by URL name."""

from django.shortcuts import get_object_or_404, render

from delivery.domain import queries
from delivery.enums import DeliverableState
from delivery.permissions import can_view_deliverable, can_view_plan
from delivery.views.deliverables import show_late
from delivery.views.tasks import show_states, visible_tasks
from projects.access import project_page
from projects.roles import visible_in
from requirements.models import Requirement


@project_page(can_view_plan)
def requirement_tasks(request, project, number):
    requirement = get_object_or_404(visible_in(Requirement.objects.all(), request.user, project), number=number)
    rows = list(visible_tasks(request, project).filter(requirements=requirement).order_by("starts_on", "number")[:100])
    show_states(rows)
    return render(request, "delivery/_requirement_tasks.html", {"project": project, "tasks": rows})


@project_page(can_view_deliverable)
def phase_deliverables(request, project, number):
    """What a phase hands over and how far it is: for the page of the phase and its gate."""
    phase = get_object_or_404(project.phases, number=number)
    phase.project = project
    rows = queries.of_phase(request.user, phase)
    show_late(rows)
    approved = sum(row.state == DeliverableState.APPROVED for row in rows)
    context = {"project": project, "phase": phase, "deliverables": rows, "approved": approved}
    return render(request, "delivery/_phase_deliverables.html", context)
