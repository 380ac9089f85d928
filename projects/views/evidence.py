from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from projects.access import project_page
from projects.domain import exports, retention
from projects.enums import ExportState
from projects.forms import ExportForm, HoldForm, RetentionForm
from projects.permissions import can_export_evidence, can_keep_evidence

SHOWN = 20


@project_page(can_export_evidence)
def evidence(request, project):
    """All evidence of the project as one file, asked for and fetched here; and how long its files are kept."""
    form = ExportForm(request.POST or None)
    if form.is_valid():
        audience = form.cleaned_data["audience"]
        done = _("The export is being made. You will be told when it is there.")
        return _do(request, project, done, exports.request_export, project, audience=audience, by=request.user)
    return _page(request, project, form=form)


@project_page(can_keep_evidence)
@require_POST
def retention_edit(request, project):
    form = RetentionForm(request.POST)
    if not form.is_valid():
        return _page(request, project, retention_form=form)
    months = form.cleaned_data["keep_months"]
    return _do(request, project, _("Saved."), retention.set_retention, project.pk, months, by=request.user)


@project_page(can_keep_evidence)
@require_POST
def hold_place(request, project):
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, project, hold_form=form)
    reason = form.cleaned_data["reason"]
    done = _("The legal hold stands: no file is removed.")
    return _do(request, project, done, retention.place_hold, project.pk, reason=reason, by=request.user)


@project_page(can_keep_evidence)
@require_POST
def hold_lift(request, project):
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, project, hold_form=form)
    reason = form.cleaned_data["reason"]
    done = _("The legal hold is lifted.")
    return _do(request, project, done, retention.lift_hold, project.pk, reason=reason, by=request.user)


def _do(request, project, done, step, *args, **kwargs):
    try:
        step(*args, **kwargs)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("projects:evidence", project.key)


def _page(request, project, *, form=None, retention_form=None, hold_form=None):
    context = {
        "form": form or ExportForm(),
        "exports": project.exports.select_related("requested_by")[:SHOWN],
        "kept_until": retention.kept_until(project),
        "hold": retention.standing_hold(project),
        "lifted_holds": project.holds.exclude(lifted_at=None).select_related("placed_by", "lifted_by")[:SHOWN],
        "can_keep": can_keep_evidence(request.user, project),
        "retention_form": retention_form or RetentionForm(initial={"keep_months": project.keep_months}),
        "hold_form": hold_form or HoldForm(),
    }
    return render(request, "projects/evidence.html", context)


@project_page(can_export_evidence)
def evidence_export(request, project, pk):
    """One line of the list: asked again while the export is being made."""
    export = get_object_or_404(project.exports.select_related("requested_by"), pk=pk)
    if not request.htmx:
        return redirect("projects:evidence", project.key)
    return render(request, "projects/_export.html", {"export": export})


@project_page(can_export_evidence)
def evidence_file(request, project, pk):
    export = get_object_or_404(project.exports, pk=pk, state=ExportState.READY)
    export.project = project
    try:
        content = export.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=export.file_name, content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
