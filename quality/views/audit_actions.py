from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from projects.access import project_page
from quality.domain import audit_actions, queries
from quality.enums import ActionState
from quality.forms.audits import ActionForm, DoneForm, SendBackForm, VerifyForm
from quality.models import CorrectiveAction
from quality.permissions import can_edit_action, can_make_audit, can_report_action, can_view_audit
from quality.views.audit_findings import show, step, visible_finding


def visible_action(request, project, number, finding_number, action_number):
    finding = visible_finding(request, project, number, finding_number)
    action = get_object_or_404(finding.actions.select_related("owner"), number=action_number)
    action.finding = finding
    return action


@project_page(can_view_audit)
def corrective_action(request, project, pk):
    """The address by which lists name an action: it leads to its finding, where it stands."""
    audits = queries.visible_audits(request.user, project)
    rows = CorrectiveAction.objects.filter(finding__audit__in=audits).select_related("finding__audit__project")
    return redirect(get_object_or_404(rows, pk=pk))


@project_page(can_edit_action)
def action_create(request, project, number, finding_number):
    finding = visible_finding(request, project, number, finding_number)
    form = ActionForm(request.POST or None, audit=finding.audit)
    if request.method == "POST" and form.is_valid():
        try:
            action = audit_actions.plan_action(finding.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(action)s is planned.") % {"action": action.code})
            return redirect(action)
    return render(request, "quality/action_form.html", {"project": project, "finding": finding, "form": form})


@project_page(can_edit_action)
def action_edit(request, project, number, finding_number, action_number):
    action = visible_action(request, project, number, finding_number, action_number)
    form = ActionForm(request.POST or None, instance=action, audit=action.finding.audit)
    if request.method == "POST" and form.is_valid():
        try:
            audit_actions.edit_action(action.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(action)s was saved.") % {"action": action.code})
            return redirect(action)
    context = {"project": project, "finding": action.finding, "action": action, "form": form}
    return render(request, "quality/action_form.html", context)


@project_page(can_view_audit)
@require_POST
def action_report(request, project, number, finding_number, action_number):
    """Say that an action is done: its owner, or the project manager."""
    action = visible_action(request, project, number, finding_number, action_number)
    if action.state == ActionState.TO_DO and not can_report_action(request.user, action):
        raise PermissionDenied
    form = DoneForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, project, action.finding, done_form=form, refused_action=action.number)
    fields = form.cleaned_data
    return step(request, action, audit_actions.report_done, action.pk, text=fields["text"], files=fields["uploads"])


@project_page(can_make_audit)
@require_POST
def action_verify(request, project, number, finding_number, action_number):
    action = visible_action(request, project, number, finding_number, action_number)
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return show(request, project, action.finding, verify_form=form, refused_action=action.number)
    return step(request, action, audit_actions.verify_action, action.pk, text=form.cleaned_data["text"])


@project_page(can_make_audit)
@require_POST
def action_send_back(request, project, number, finding_number, action_number):
    action = visible_action(request, project, number, finding_number, action_number)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return show(request, project, action.finding, send_back_form=form, refused_action=action.number)
    return step(request, action, audit_actions.send_back_action, action.pk, reason=form.cleaned_data["reason"])
