from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.domain import trail
from common.errors import Refusal
from projects.access import project_page
from projects.domain import gates, phases
from projects.enums import PhaseItemKind, PhaseState
from projects.forms import PhaseForm
from projects.models import GateReview, Phase, PhaseItem
from projects.permissions import (
    can_move_phase,
    can_override_gate,
    can_review_gate,
    can_tick_phase_item,
    can_view_gates,
    can_view_project,
)
from projects.roles import is_team, visible_in


@project_page(can_view_project)
def phase_detail(request, project, number):
    phase = get_object_or_404(project.phases.select_related("gate_override__given_by"), number=number)
    context = _context(request, project, phase)
    context |= _gate_context(request, project, phase, context["phases"])
    return render(request, "projects/phase_detail.html", context)


def _gate_context(request, project, phase, phases):
    """The gate at the end of the phase, for who may see gates; and whether the gate before it lets it open."""
    reviews = []
    if can_view_gates(request.user, project):
        reviews = visible_in(GateReview.objects.all(), request.user, project).filter(phase=phase)
        reviews = reviews.with_open_actions().order_by("-number")
    earlier = [other for other in phases if other.number < phase.number] if phase.state == PhaseState.PLANNED else []
    before = earlier[-1] if earlier else None
    return {
        "shows_gate": can_view_gates(request.user, project),
        "reviews": reviews,
        "can_review": can_review_gate(request.user, project) and phase.state != PhaseState.PLANNED,
        "closed_gate": before if before and not gates.is_passed(before) else None,
        "can_override": can_override_gate(request.user, project),
        "override": getattr(phase, "gate_override", None),
    }


@project_page(can_view_project)
def phase_item(request, project, number, item_id):
    """One line of the check-list with its evidence: remarks and files."""
    items = PhaseItem.objects.filter(phase__project=project, phase__number=number, kind=PhaseItemKind.CHECK)
    item = get_object_or_404(items.select_related("phase", "done_by"), pk=item_id)
    item.phase.project = project
    return render(request, "projects/phase_item.html", {"item": item, "phase": item.phase})


@project_page(can_move_phase)
@require_POST
def phase_move(request, project, number, move):
    phase = get_object_or_404(project.phases, number=number)
    if move not in phases.MOVES:
        raise Http404
    try:
        phases.move_phase(phase.pk, move, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(phase)


@project_page(can_move_phase)
def phase_edit(request, project, number):
    phase = get_object_or_404(project.phases, number=number)
    form = PhaseForm(request.POST or None, instance=Phase.objects.get(pk=phase.pk))
    if form.is_valid():
        trail.save(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(phase)
    return render(request, "projects/phase_edit.html", {"form": form, "phase": phase})


@project_page(can_tick_phase_item)
@require_POST
def phase_tick(request, project, number, item_id):
    items = PhaseItem.objects.filter(phase__project=project, phase__number=number, kind=PhaseItemKind.CHECK)
    item = get_object_or_404(items, pk=item_id)
    refused = ""
    try:
        phases.tick_item(item.pk, done=request.POST.get("done") == "true", by=request.user)
    except Refusal as refusal:
        refused = str(refusal)
    phase = get_object_or_404(project.phases, number=number)
    if request.htmx:
        return render(request, "projects/_checklist.html", {**_context(request, project, phase), "refused": refused})
    if refused:
        messages.error(request, refused)
    return redirect(phase)


def _context(request, project, phase):
    """What the page of a phase shows; risk prompts are for the team alone."""
    by_kind: dict[PhaseItemKind, list] = {kind: [] for kind in PhaseItemKind}
    for item in phase.items.select_related("done_by"):
        by_kind[PhaseItemKind(item.kind)].append(item)
    checks = by_kind[PhaseItemKind.CHECK]
    neighbours = {other.number: other for other in project.phases.all()}
    return {
        "phase": phase,
        "phases": list(neighbours.values()),
        "inputs": by_kind[PhaseItemKind.INPUT],
        "outputs": by_kind[PhaseItemKind.OUTPUT],
        "checks": checks,
        "ticked": sum(item.done_at is not None for item in checks),
        "risk_prompts": by_kind[PhaseItemKind.RISK_PROMPT] if is_team(request.user, project) else [],
        "moves": phases.moves_of(phase),
        "can_move": can_move_phase(request.user, project),
        "can_tick": can_tick_phase_item(request.user, project) and phase.state != "done",
    }
