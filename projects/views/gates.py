from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Refusal
from projects.access import project_page
from projects.domain import gates, phases
from projects.enums import PhaseState
from projects.forms import FindingFormSet, GateActionForm, GateReviewForm, ReasonForm
from projects.gate_facts import facts_of
from projects.models import GateReview
from projects.permissions import can_finish_gate_action, can_override_gate, can_review_gate, can_view_gates
from projects.roles import is_team, visible_in


@project_page(can_view_gates)
def gate_list(request, project):
    reviews = visible_in(GateReview.objects.all(), request.user, project)
    found = gates.gates_of(project, reviews, may_review=can_review_gate(request.user, project))
    return render(request, "projects/gate_list.html", {"gates": found})


@project_page(can_review_gate)
def gate_review_create(request, project, number):
    phase = get_object_or_404(project.phases, number=number)
    form = GateReviewForm(request.POST or None, project=project)
    findings = FindingFormSet(request.POST or None, form_kwargs={"project": project}, prefix="findings")
    if "add_finding" in request.POST:
        findings = findings.with_one_more()
        context = {"form": form, "findings": findings, "is_adding": True}
        if request.htmx:
            return render(request, "projects/_gate_findings.html", context)
        return render(request, "projects/gate_review_form.html", {**context, **_known(phase)})
    if request.method == "POST" and form.is_valid() and findings.is_valid():
        try:
            review = gates.record_review(phase.pk, **form.cleaned_data, findings=findings.findings(), by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(review)s is recorded.") % {"review": review.code})
            return redirect(review)
    return render(request, "projects/gate_review_form.html", {"form": form, "findings": findings, **_known(phase)})


def _known(phase):
    return {"phase": phase, "facts": facts_of(phase, on=timezone.localdate())}


def _visible_review(request, project, number):
    reviews = visible_in(GateReview.objects.all(), request.user, project).select_related("phase", "recorded_by")
    review = get_object_or_404(reviews, number=number)
    review.project = project
    return review


@project_page(can_view_gates)
def gate_review(request, project, number):
    review = _visible_review(request, project, number)
    findings = list(review.findings.select_related("owner", "done_by"))
    for finding in findings:
        finding.review = review
        finding.may_finish = finding.is_open and can_finish_gate_action(request.user, finding)
    context = {
        "review": review,
        "findings": findings,
        "participants": review.participants.select_related("organisation"),
        "facts": review.facts if is_team(request.user, project) else [],
        "form": GateActionForm(),
    }
    return render(request, "projects/gate_review.html", context)


@project_page(can_finish_gate_action)
def gate_action_finish(request, project, number, position):
    review = _visible_review(request, project, number)
    finding = get_object_or_404(review.findings.exclude(action="").select_related("owner"), position=position)
    finding.review = review
    if not can_finish_gate_action(request.user, finding):
        raise PermissionDenied
    form = GateActionForm(request.POST or None)
    if form.is_valid():
        try:
            gates.finish_action(finding.pk, outcome=form.cleaned_data["outcome"], by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved."))
        return redirect(review)
    return render(request, "projects/gate_action.html", {"form": form, "review": review, "finding": finding})


@project_page(can_override_gate)
def gate_override(request, project, number):
    phase = get_object_or_404(project.phases, number=number)
    before = gates.phase_before(phase)
    if before is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            phases.open_without_gate(phase.pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(phase)
    if phase.state != PhaseState.PLANNED:
        return redirect(phase)
    return render(request, "projects/gate_override.html", {"form": form, "phase": phase, "before": before})
