from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import project_page
from signing import kinds
from signing.domain import authority
from signing.domain.errors import SigningRefusal
from signing.forms import AuthorityForm
from signing.models import Authority
from signing.permissions import can_grant_authority, can_view_authority


@project_page(can_view_authority)
def authority_list(request, project):
    may_grant = can_grant_authority(request.user, project)
    if request.method == "POST" and not may_grant:
        raise PermissionDenied
    form = AuthorityForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            authority.grant(project, data["user"], data["kind"], data["valid_until"], by=request.user)
            messages.success(request, _("Entered into the register."))
            return redirect("signing:authority_list", project.key)
        except SigningRefusal as refusal:
            form.add_error(None, str(refusal))
    rows = Authority.objects.filter(project=project).select_related("user", "granted_by", "revoked_by")
    context = {
        "project": project,
        "rows": rows,
        "kinds": dict(kinds.choices()),
        "today": authority.contract_day(project, timezone.now()),
        "form": form if may_grant else None,
    }
    return render(request, "signing/authority_list.html", context)


@project_page(can_grant_authority)
@require_POST
def authority_revoke(request, project, pk):
    found = get_object_or_404(Authority, project=project, pk=pk)
    authority.revoke(found.pk, by=request.user)
    messages.success(request, _("The authority has ended. What was signed under it stays."))
    return redirect("signing:authority_list", project.key)
