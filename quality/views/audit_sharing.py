"""What is shared for an audit: the manager's choice, and the list as its auditors have it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.domain import sharing
from projects.roles import is_team
from projects.shareable import find_shareable, shareable_kinds
from quality.domain import audit_sharing, audits
from quality.enums import AuditState
from quality.permissions import can_edit_audit, can_make_audit, can_view_shared
from quality.views.audits import visible_audit

SORTS = {"newest": "-pk"}


@project_page(can_view_shared)
def audit_shared(request, project, number):
    """What the auditors see, to them and, as a preview, to the team. To an auditor nothing once it is closed."""
    audit = visible_audit(request, project, number)
    counts = [(kind, count) for kind, count in sharing.shared_counts(audit.access) if count]
    is_shown = is_team(request.user, project) or audit.access.is_open
    context = {"project": project, "audit": audit, "is_shown": is_shown, "counts": counts if is_shown else []}
    if is_shown and counts:
        wanted = request.GET.get("kind", "")
        kind = next((kind for kind, _count in counts if kind.key == wanted), counts[0][0])
        rows = sharing.shared_rows(audit.access, kind)
        context |= {"kind": kind, "page": list_page(request, rows, sorts=SORTS, default="newest")}
        context["can_record"] = can_make_audit(request.user, project) and audit.state == AuditState.OPEN
    return render(request, "quality/audit_shared.html", context)


@project_page(can_edit_audit)
def audit_sharing_page(request, project, number):
    audit = visible_audit(request, project, number)
    kind = find_shareable(request.GET.get("kind", "")) or _usual_kind()
    words = request.GET.get("q", "")
    rows = audit_sharing.candidates(audit, kind, words)
    context = {
        "project": project,
        "audit": audit,
        "kind": kind,
        "kinds": shareable_kinds(),
        "words": words,
        "page": list_page(request, rows, sorts=SORTS, default="newest"),
        "counts": sharing.shared_counts(audit.access),
        "can_change": audit.state != AuditState.CLOSED,
    }
    return render(request, "quality/audit_sharing.html", context)


@project_page(can_edit_audit)
@require_POST
def audit_share(request, project, number, kind, pk):
    """Share one thing, or no longer: answers with its row, and the counts beside."""
    audit = visible_audit(request, project, number)
    kind = find_shareable(kind)
    if kind is None:
        raise Http404
    target = get_object_or_404(kind.rows(project), pk=pk)
    move = audits.share if request.POST.get("shared") == "1" else audits.unshare
    refused = ""
    try:
        move(audit.pk, target, by=request.user)
    except Refusal as refusal:
        refused = str(refusal)
    if not request.htmx:
        if refused:
            messages.error(request, refused)
        return redirect(f"{reverse('quality:audit_sharing', args=[project.key, audit.number])}?kind={kind.key}")
    context = {
        "project": project,
        "audit": audit,
        "kind": kind,
        "row": audit_sharing.candidates(audit, kind).get(pk=target.pk),
        "counts": sharing.shared_counts(audit.access),
        "can_change": audit.state != AuditState.CLOSED,
        "swapped": True,
    }
    response = render(request, "quality/_audit_share_row.html", context)
    if refused:
        trigger_client_event(response, "app:toast", {"level": "error", "text": refused})
    return response


def _usual_kind():
    """Documents are what is shared most."""
    return find_shareable("signing.signaturerequest") or shareable_kinds()[0]
