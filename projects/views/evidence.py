from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from common.errors import Refusal
from projects.access import project_page
from projects.domain import exports
from projects.enums import ExportState
from projects.forms import ExportForm
from projects.permissions import can_export_evidence

SHOWN = 20


@project_page(can_export_evidence)
def evidence(request, project):
    """All evidence of the project as one file: asked for here, fetched here."""
    form = ExportForm(request.POST or None)
    if form.is_valid():
        try:
            exports.request_export(project, audience=form.cleaned_data["audience"], by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The export is being made. You will be told when it is there."))
        return redirect("projects:evidence", project.key)
    context = {"form": form, "exports": project.exports.select_related("requested_by")[:SHOWN]}
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
