from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.errors import Refusal
from projects.access import project_page
from quality.domain import signoffs
from quality.permissions import can_sign_off, can_view_quality
from quality.views.runs import progress_of, visible_run


@project_page(can_view_quality)
def run_progress(request, project, number):
    """How the run stands, for both sides; the page asks again until the run is finished."""
    run = visible_run(request, project, number)
    return render(request, "quality/_run_progress.html", {"project": project, "run": run, **progress_of(request, run)})


@project_page(can_sign_off)
def run_sign_off(request, project, number):
    run = visible_run(request, project, number)
    if request.method == "POST":
        try:
            signed = signoffs.sign_off(run.pk, request.POST.get("process", ""), by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(process)s” is signed off.") % {"process": signed.process or run.name})
        return redirect(run)
    found = signoffs.processes_of(run, request.user)
    ready = [process for process in found if process.is_ready and process.is_theirs]
    return render(request, "quality/run_sign_off.html", {"project": project, "run": run, "processes": ready})
