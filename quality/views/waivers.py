from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.errors import Refusal
from projects.access import project_page
from projects.roles import visible_in
from quality.domain import waivers
from quality.forms.waivers import WaiverForm
from quality.models import Waiver
from quality.permissions import can_propose_waiver, can_view_acceptance
from quality.views.voiding import asks_before_voiding
from signing.forms import SendForm


@project_page(can_view_acceptance)
def waiver_list(request, project):
    rows = visible_in(Waiver.objects.all(), request.user, project)
    context = {
        "project": project,
        "waivers": rows.select_related("case", "requirement", "criterion", "document", "proposed_by"),
        "can_propose": can_propose_waiver(request.user, project),
    }
    return render(request, "quality/waiver_list.html", context)


@project_page(can_propose_waiver)
@asks_before_voiding
def waiver_create(request, project):
    """What is done without, why, and who signs; sending it makes the document."""
    form = WaiverForm(request.POST or None, project=project, initial=request.GET.dict())
    send = SendForm(request.POST or None, project=project, kind_code=waivers.KIND, by=request.user)
    if request.method == "POST" and form.is_valid() and send.is_valid():
        try:
            sent = waivers.propose(project, by=request.user, **form.cleaned_data, **send.options())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The waiver is sent for signature."))
            return redirect(sent.document)
    return render(request, "quality/waiver_form.html", {"project": project, "waiver_form": form, "form": send})
