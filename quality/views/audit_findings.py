from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from projects.access import project_page
from projects.domain import sharing
from projects.files import download
from projects.models import Attachment
from projects.roles import is_customer, is_team
from quality.domain import audit_findings, audit_sharing
from quality.domain.errors import AuditMoveNotAllowed
from quality.enums import ActionState, AuditState, FindingState
from quality.forms.audits import CloseForm, DoneForm, FindingForm, SendBackForm, VerifyForm, WithdrawForm
from quality.models import ActionEvent, AuditFinding
from quality.permissions import can_edit_action, can_make_audit, can_report_action, can_view_audit
from quality.views.audits import visible_audit


def visible_finding(request, project, number, finding_number):
    audit = visible_audit(request, project, number)
    rows = audit.findings.select_related("recorded_by", "settled_by").prefetch_related("attachments")
    finding = get_object_or_404(rows, number=finding_number)
    finding.audit = audit
    return finding


@project_page(can_make_audit)
def finding_create(request, project, number):
    audit = visible_audit(request, project, number)
    if audit.state != AuditState.OPEN:
        messages.error(request, str(AuditMoveNotAllowed.of(audit)))
        return redirect(audit)
    form = FindingForm(
        request.POST or None,
        request.FILES or None,
        things=audit_sharing.things_to_name(audit),
        initial={"about": request.GET.get("about", "")},
    )
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        uploads = fields.pop("uploads")
        try:
            finding = audit_findings.record_finding(audit.pk, files=uploads, by=request.user, **fields)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(finding)s is recorded.") % {"finding": finding.code})
            return redirect(finding)
    return render(request, "quality/finding_form.html", {"project": project, "audit": audit, "form": form})


@project_page(can_view_audit)
def finding_detail(request, project, number, finding_number):
    return show(request, project, visible_finding(request, project, number, finding_number))


def show(request, project, finding, **forms):
    """The page of a finding; `forms` are those that came back with errors."""
    user, audit = request.user, finding.audit
    events = ActionEvent.objects.select_related("by").prefetch_related("attachments")
    actions = list(finding.actions.select_related("owner").prefetch_related(Prefetch("events", events)))
    is_open = finding.state == FindingState.OPEN
    auditing, follows = can_make_audit(user, project), is_open and audit.takes_actions
    for action in actions:
        action.finding = finding
        action.can_report = follows and can_report_action(user, action)
        action.can_verify = follows and auditing and action.state == ActionState.DONE
        action.can_edit = follows and action.state == ActionState.TO_DO and can_edit_action(user, project)
    is_settled = all(action.state == ActionState.VERIFIED for action in actions)
    context = {
        "project": project,
        "audit": audit,
        "finding": finding,
        "actions": actions,
        "can_plan": follows and can_edit_action(user, project),
        "can_close": follows and auditing and is_settled and (bool(actions) or not finding.is_nonconformity),
        "can_withdraw": is_open and auditing and audit.state == AuditState.OPEN,
        "can_open_about": _can_open_about(user, project, finding),
        "withdraw_form": WithdrawForm(),
        "close_form": CloseForm(),
        "done_form": DoneForm(),
        "verify_form": VerifyForm(auto_id="verify_%s"),
        "send_back_form": SendBackForm(),
        **forms,
    }
    return render(request, "quality/finding_detail.html", context)


@project_page(can_make_audit)
@require_POST
def finding_withdraw(request, project, number, finding_number):
    finding = visible_finding(request, project, number, finding_number)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return show(request, project, finding, withdraw_form=form)
    return step(request, finding, audit_findings.withdraw_finding, finding.pk, reason=form.cleaned_data["reason"])


@project_page(can_make_audit)
@require_POST
def finding_close(request, project, number, finding_number):
    finding = visible_finding(request, project, number, finding_number)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return show(request, project, finding, close_form=form)
    return step(request, finding, audit_findings.close_finding, finding.pk, remark=form.cleaned_data["remark"])


@project_page(can_view_audit)
def audit_file(request, project, number, pk):
    """A file of a finding or of what was done about it, for those who see the audit."""
    audit = visible_audit(request, project, number)
    found = get_object_or_404(Attachment.objects.filter(project=project), pk=pk)
    thing = found.target
    owner = thing.action.finding if isinstance(thing, ActionEvent) else thing
    if not isinstance(owner, AuditFinding) or owner.audit_id != audit.pk:
        raise Http404
    return download(found)


def step(request, finding, move, pk, **fields):
    """Take one step of the domain; a refusal is shown in its own words."""
    try:
        move(pk, by=request.user, **fields)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(finding)


def _can_open_about(user, project, finding) -> bool:
    """What a finding is about opens for the team, and for its auditors while the audit is open to them and shows it."""
    if finding.about is None or is_customer(user, project):
        return False
    access = finding.audit.access
    return is_team(user, project) or (access.is_open and sharing.shows(access, finding.about))
