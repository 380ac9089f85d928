from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from common.errors import Refusal
from projects.access import project_page
from projects.roles import is_team, visible_in
from quality.domain import acceptances, contents, evaluation, facts
from quality.domain.evaluation import Line
from quality.enums import AcceptanceState, CriteriaState
from quality.models import Acceptance, CriteriaSet, scope_name
from quality.permissions import can_edit_criteria, can_request_acceptance, can_view_acceptance
from quality.views.scopes import phase_of_scope
from signing.forms import SendForm

STANDING = {AcceptanceState.REQUESTED, AcceptanceState.ACCEPTED}


@dataclass(frozen=True)
class ScopeView:
    """A phase or the whole project on the acceptance page."""

    criteria_set: CriteriaSet
    lines: list[Line]
    standing: Acceptance | None

    @property
    def name(self) -> str:
        return scope_name(self.criteria_set.phase)

    @property
    def met(self) -> int:
        return sum(line.is_met for line in self.lines)

    @property
    def is_met(self) -> bool:
        return evaluation.is_met(self.lines)

    @property
    def can_be_requested(self) -> bool:
        return self.criteria_set.state == CriteriaState.AGREED and self.is_met and not self.standing


def visible_sets(request, project):
    rows = visible_in(CriteriaSet.objects.all(), request.user, project)
    return rows.select_related("phase", "document")


@project_page(can_view_acceptance)
def acceptance(request, project):
    """Every scope with its criteria as they stand now, and what was accepted before."""
    sets = list(visible_sets(request, project).prefetch_related("criteria"))
    rows = visible_in(Acceptance.objects.all(), request.user, project)
    decided = list(rows.select_related("phase", "document", "requested_by"))
    context = {
        "project": project,
        "scopes": scopes_of(project, sets, decided),
        "acceptances": decided,
        "earlier_sets": [row for row in sets if row.state == CriteriaState.REOPENED],
        "is_team": is_team(request.user, project),
        "can_edit": can_edit_criteria(request.user, project),
        "can_request": can_request_acceptance(request.user, project),
    }
    return render(request, "quality/acceptance.html", context)


def scopes_of(project, sets, decided):
    current = [row for row in sets if row.state != CriteriaState.REOPENED]
    if not current:
        return []
    measured = facts.ProjectFacts(project)
    standing = {row.phase_id: row for row in decided if row.state in STANDING}
    scopes = []
    for criteria_set in current:
        criteria_set.project = project
        criteria = list(criteria_set.criteria.all())
        for criterion in criteria:
            criterion.criteria_set = criteria_set
        lines = evaluation.evaluate_all(criteria, measured.of_scope(criteria_set.phase))
        scopes.append(ScopeView(criteria_set, lines, standing.get(criteria_set.phase_id)))
    return scopes


@project_page(can_request_acceptance)
def acceptance_request(request, project, scope):
    """What would be frozen, and who signs; sending it makes the document."""
    phase = phase_of_scope(project, scope)
    agreed = CriteriaSet.objects.of_scope(project, phase).agreed().select_related("phase", "document")
    criteria_set = get_object_or_404(agreed)
    criteria_set.project = project
    form = SendForm(request.POST or None, project=project, kind_code=acceptances.KIND, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            sent = acceptances.request_acceptance(project, phase, by=request.user, **form.options())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The acceptance is sent for signature."))
            return redirect(sent.document)
    context = {"project": project, "scope": scope_name(phase), "content": contents.read(criteria_set), "form": form}
    return render(request, "quality/acceptance_request.html", context)
