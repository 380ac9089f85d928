from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.roles import visible_in
from requirements.domain import baselines, differences, freezing, sending
from requirements.domain.errors import MoveNotAllowed
from requirements.enums import DOCUMENT_KIND, BaselineState
from requirements.forms import CompareForm, ReasonForm
from requirements.models import Baseline
from requirements.permissions import can_edit_requirement, can_freeze_baseline, can_reopen_baseline, can_view_scope
from signing.forms import SendForm

SORTS = {"number": "number", "frozen": ("frozen_at", "number")}


@project_page(can_view_scope)
def baseline_list(request, project):
    visible = visible_in(Baseline.objects.all(), request.user, project).select_related("frozen_by")
    context = {
        "project": project,
        "page": list_page(request, visible.with_item_count(), sorts=SORTS, default="-number"),
        "may_freeze": can_freeze_baseline(request.user, project),
    }
    return render(request, "requirements/baseline_list.html", context)


@project_page(can_view_scope)
def baseline_detail(request, project, number):
    baseline = _baseline(request, project, number)
    others = visible_in(Baseline.objects.all(), request.user, project).exclude(pk=baseline.pk)
    context = {
        "project": project,
        "baseline": baseline,
        "items": baseline.items.all(),
        "objectives": baseline.objectives.all(),
        "request_sent": visible_in(baselines.requests_about(baseline), request.user, project)
        .prefetch_related("signers__user")
        .first(),
        "compare": CompareForm(baselines=others) if others else None,
        "may_freeze": can_freeze_baseline(request.user, project),
        "may_reopen": can_reopen_baseline(request.user, project),
    }
    return render(request, "requirements/baseline_detail.html", context)


@project_page(can_freeze_baseline)
def baseline_freeze(request, project):
    """What a freeze would take, lacks and shares; the button freezes."""
    if request.method == "POST":
        try:
            baseline = freezing.freeze(project, by=request.user, share="share" in request.POST)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(code)s is frozen. Now send it for signature.") % {"code": baseline.code})
            return redirect(baseline)
    context = {
        "project": project,
        "readiness": freezing.readiness(project),
        "standing": baselines.standing(project),
        "may_edit": can_edit_requirement(request.user, project),
    }
    return render(request, "requirements/baseline_freeze.html", context)


@project_page(can_freeze_baseline)
def baseline_send(request, project, number):
    """Who signs, in which order; the button sends."""
    baseline = _baseline(request, project, number)
    if baseline.state != BaselineState.FROZEN:
        messages.error(request, str(MoveNotAllowed.of(baseline)))
        return redirect(baseline)
    form = SendForm(request.POST or None, project=project, kind_code=DOCUMENT_KIND, by=request.user)
    if form.is_valid():
        try:
            sent = sending.send_baseline(baseline.pk, by=request.user, **form.options())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(label)s is out for signature.") % {"label": sent.label})
            return redirect(baseline)
    context = {"project": project, "baseline": baseline, "form": form}
    return render(request, "requirements/baseline_send.html", context)


@project_page(can_view_scope)
def baseline_difference(request, project, number):
    baseline = _baseline(request, project, number)
    visible = visible_in(Baseline.objects.all(), request.user, project)
    form = CompareForm(request.GET, baselines=visible.exclude(pk=baseline.pk))
    earlier = later = found = None
    if form.is_valid():
        earlier, later = sorted([baseline, form.cleaned_data["other"]], key=lambda each: each.number)
        found = differences.between(earlier, later)
    context = {
        "project": project,
        "baseline": baseline,
        "compare": form,
        "earlier": earlier,
        "later": later,
        "difference": found,
    }
    return render(request, "requirements/baseline_difference.html", context)


@project_page(can_freeze_baseline)
@require_POST
def baseline_audit(request, project, number):
    """Show the baseline to the project's auditors, or no longer."""
    baseline = _baseline(request, project, number)
    baselines.share_for_audit(baseline.pk, shared="share" in request.POST, by=request.user)
    return redirect(baseline)


@project_page(can_reopen_baseline)
def baseline_reopen(request, project, number):
    baseline = _baseline(request, project, number)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            baselines.reopen(baseline.pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(code)s is reopened; both sides are told.") % {"code": baseline.code})
            return redirect(baseline)
    context = {"project": project, "baseline": baseline, "form": form}
    return render(request, "requirements/baseline_reopen.html", context)


@project_page(can_freeze_baseline)
def baseline_discard(request, project, number):
    baseline = _baseline(request, project, number)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            baselines.discard(baseline.pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(code)s is discarded.") % {"code": baseline.code})
            return redirect(baseline)
    context = {"project": project, "baseline": baseline, "form": form}
    return render(request, "requirements/baseline_discard.html", context)


def _baseline(request, project, number):
    visible = visible_in(
        Baseline.objects.select_related("frozen_by", "reopened_by", "discarded_by"), request.user, project
    )
    baseline = get_object_or_404(visible, number=number)
    baseline.project = project  # known; its address needs the key
    return baseline
