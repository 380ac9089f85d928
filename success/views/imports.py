from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from projects.access import project_page
from success.domain import imports
from success.domain.errors import BadFile
from success.forms import CheckFileForm
from success.permissions import can_import_checks

SHOWN_IMPORTS = 20


@project_page(can_import_checks)
def check_import(request, project):
    form = CheckFileForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _take(request, project, form):
        return redirect("success:system_list", project.key)
    earlier = project.check_imports.select_related("created_by")[:SHOWN_IMPORTS]
    return render(request, "success/check_import.html", {"form": form, "project": project, "imports": earlier})


def _take(request, project, form) -> bool:
    """Import the file and say what became of it; a refusal is written at the field."""
    file = form.cleaned_data["file"]
    try:
        imported = imports.import_checks(project, file.read(), file_name=file.name, by=request.user)
    except BadFile as refusal:
        form.add_error("file", str(refusal))
        return False
    record = imported.record
    if imported.is_repeated:
        messages.info(request, _("This file was imported before; nothing has changed."))
    else:
        counts = {"new": f"{record.rows_new:,}", "known": f"{record.rows_known:,}", "systems": record.systems_made}
        messages.success(
            request,
            _("%(new)s new checks imported, %(known)s were known already; new systems: %(systems)s.") % counts,
        )
    return True
