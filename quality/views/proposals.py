from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.roles import visible_in
from quality.domain import proposals
from quality.enums import CaseKind
from quality.forms.cases import CaseForm, StepFormSet
from quality.forms.proposals import ProposalForm, ProposedStepFormSet
from quality.models import CaseProposal
from quality.permissions import can_edit_case, can_propose_case, can_view_quality
from quality.views.cases import STEPS, visible_cases, with_one_more_row

SORTS = {"number": "number", "title": ("title", "number"), "state": ("state", "number")}


@project_page(can_view_quality)
def proposal_list(request, project):
    rows = visible_in(CaseProposal.objects.select_related("proposed_by"), request.user, project)
    page = list_page(request, rows, sorts=SORTS, default="-number")
    context = {"project": project, "page": page, "can_propose": can_propose_case(request.user, project)}
    return render(request, "quality/proposal_list.html", context)


@project_page(can_propose_case)
def proposal_create(request, project):
    form, steps = ProposalForm(request.POST or None), ProposedStepFormSet(request.POST or None, prefix=STEPS)
    if "add_step" in request.POST:
        steps = ProposedStepFormSet(with_one_more_row(request.POST), prefix=STEPS)
    elif request.method == "POST" and form.is_valid() and steps.is_valid():
        try:
            proposal = proposals.propose_case(project, by=request.user, steps=steps.steps(), **form.cleaned_data)
        except Refusal:
            form.add_error(None, _("Say at least one thing that you do, and what you should see then."))
        else:
            messages.success(request, _("Thank you. %(proposal)s is with the testers.") % {"proposal": proposal.code})
            return redirect(proposal)
    return _show(request, "quality/proposal_form.html", {"project": project, "form": form, "steps": steps})


@project_page(can_view_quality)
def proposal_detail(request, project, number):
    proposal = _find(request, project, number)
    context = {
        "project": project,
        "proposal": proposal,
        "can_see_case": proposal.case_id and visible_cases(request, project).filter(pk=proposal.case_id).exists(),
        "can_decide": proposal.is_undecided and can_edit_case(request.user, project),
    }
    return render(request, "quality/proposal_detail.html", context)


@project_page(can_edit_case)
def proposal_complete(request, project, number):
    """The form of a test case, begun with what was proposed."""
    proposal = _find(request, project, number)
    begun = {name: getattr(proposal, name) for name in ("title", "process", "preconditions")} | {"kind": CaseKind.UAT}
    form = CaseForm(request.POST or None, project=project, initial=begun)
    steps = StepFormSet(request.POST or None, initial=proposal.steps, prefix=STEPS)
    if "add_step" in request.POST:
        steps = StepFormSet(with_one_more_row(request.POST), prefix=STEPS)
    elif request.method == "POST" and form.is_valid() and steps.is_valid():
        try:
            case = proposals.complete_proposal(proposal.pk, by=request.user, steps=steps.steps(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(case)s was saved.") % {"case": case.code})
            return redirect(case)
    context = {"project": project, "proposal": proposal, "form": form, "steps": steps}
    return _show(request, "quality/proposal_complete.html", context)


@project_page(can_edit_case)
@require_POST
def proposal_decline(request, project, number):
    proposal = _find(request, project, number)
    try:
        proposals.decline_proposal(proposal.pk, by=request.user, reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(proposal)


def _find(request, project, number):
    rows = CaseProposal.objects.select_related("proposed_by", "decided_by", "case")
    proposal = get_object_or_404(visible_in(rows, request.user, project), number=number)
    proposal.project = project
    return proposal


def _show(request, page, context):
    is_adding = "add_step" in request.POST
    name = "quality/_steps.html" if request.htmx and is_adding else page
    response = render(request, name, context | {"is_adding": is_adding})
    patch_vary_headers(response, ["HX-Request"])
    return response
