from collections import Counter

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.roles import is_team
from quality.domain import audit_reports, audits, queries
from quality.domain.errors import AuditMoveNotAllowed
from quality.enums import NONCONFORMITIES, AuditState, FindingGrade, FindingState
from quality.forms.audits import AuditFilter, AuditForm, ReportForm
from quality.models import CorrectiveAction
from quality.permissions import can_edit_audit, can_make_audit, can_view_audit, can_view_shared

SORTS = {
    "number": "-number",
    "title": ("title", "number"),
    "organisation": ("organisation__name", "number"),
    "dates": ("starts_on", "number"),
    "state": ("state", "number"),
}


def visible_audit(request, project, number):
    rows = queries.visible_audits(request.user, project).select_related(
        "organisation", "access", "phase", "reported_by", "closed_by"
    )
    audit = get_object_or_404(rows, number=number)
    audit.project = audit.access.project = project
    return audit


@project_page(can_view_audit)
def audit_list(request, project):
    open_ones = Q(findings__state=FindingState.OPEN)
    rows = queries.visible_audits(request.user, project).select_related("organisation")
    rows = rows.annotate(
        open_nonconformities=Count("findings", filter=open_ones & Q(findings__grade__in=NONCONFORMITIES)),
        open_findings=Count("findings", filter=open_ones),
    )
    page = list_page(request, rows, sorts=SORTS, default="number", filterset=AuditFilter)
    context = {"project": project, "page": page, "can_plan": can_edit_audit(request.user, project)}
    name = "quality/_audit_table.html" if request.htmx else "quality/audit_list.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_view_audit)
def audit_detail(request, project, number):
    audit = visible_audit(request, project, number)
    user = request.user
    actions = CorrectiveAction.objects.select_related("owner")
    findings = list(audit.findings.prefetch_related(Prefetch("actions", actions)).order_by("number"))
    for finding in findings:
        finding.audit = audit
    open_ones = [finding for finding in findings if finding.state == FindingState.OPEN]
    auditing = can_make_audit(user, project)
    context = {
        "project": project,
        "audit": audit,
        "people": list(audit.access.people.all()),
        "findings": findings,
        "number": audit_reports.document_number(audit),
        "can_edit": can_edit_audit(user, project) and audit.state in audits.EDITABLE,
        "can_share": can_edit_audit(user, project) and audit.state != AuditState.CLOSED,
        "can_open": can_edit_audit(user, project) and audit.state == AuditState.PLANNED,
        "can_record": auditing and audit.state == AuditState.OPEN,
        "can_close": auditing and audit.state == AuditState.REPORTED and not open_ones,
        "can_look": can_view_shared(user, project) and (is_team(user, project) or audit.access.is_open),
        "still_open": open_ones,
    }
    return render(request, "quality/audit_detail.html", context)


@project_page(can_edit_audit)
def audit_create(request, project):
    form = AuditForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        try:
            audit = audits.plan_audit(project, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(audit)s is planned. Now choose what its auditors see.") % {"audit": audit})
            return redirect("quality:audit_sharing", project.key, audit.number)
    return render(request, "quality/audit_form.html", {"project": project, "form": form})


@project_page(can_edit_audit)
def audit_edit(request, project, number):
    audit = visible_audit(request, project, number)
    if audit.state not in audits.EDITABLE:
        return _refuse(request, audit)
    form = AuditForm(request.POST or None, instance=audit, project=project)
    if request.method == "POST" and form.is_valid():
        try:
            audits.edit_audit(audit.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(audit)s was saved.") % {"audit": audit.code})
            return redirect(audit)
    return render(request, "quality/audit_form.html", {"project": project, "form": form, "audit": audit})


@project_page(can_edit_audit)
@require_POST
def audit_open(request, project, number):
    return _move(request, project, number, audits.open_audit)


@project_page(can_make_audit)
@require_POST
def audit_close(request, project, number):
    return _move(request, project, number, audits.close_audit)


@project_page(can_make_audit)
def audit_conclude(request, project, number):
    """The last step of the auditors: the conclusion, and with it the report."""
    audit = visible_audit(request, project, number)
    if audit.state != AuditState.OPEN:
        return _refuse(request, audit)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            audits.report_audit(audit.pk, conclusion=form.cleaned_data["conclusion"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(audit)s is concluded, its report is made.") % {"audit": audit.code})
            return redirect(audit)
    counted = Counter(audit.findings.exclude(state=FindingState.WITHDRAWN).values_list("grade", flat=True))
    found = [(grade.label, counted[grade]) for grade in FindingGrade]
    context = {"project": project, "audit": audit, "form": form, "found": found}
    return render(request, "quality/audit_conclude.html", context)


@project_page(can_view_audit)
def audit_report(request, project, number):
    audit = visible_audit(request, project, number)
    if not audit.report:
        raise Http404
    with audit.report.open("rb") as file:
        response = HttpResponse(file.read(), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{audit_reports.document_number(audit)}.pdf"'
    return response


def _refuse(request, audit):
    """A form is not shown for a step that its audit does not allow."""
    messages.error(request, str(AuditMoveNotAllowed.of(audit)))
    return redirect(audit)


def _move(request, project, number, move):
    audit = visible_audit(request, project, number)
    try:
        move(audit.pk, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(audit)
