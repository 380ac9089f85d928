from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from quality.domain import acceptances, result_imports
from quality.domain.results.refusals import UnreadableFile
from quality.domain.results.suggestions import Suggestions
from quality.enums import ImportChannel, ResultFormat, Severity
from quality.forms.imports import ImportFilter, ImportForm, MapRowForm, RowFilter, SeverityForm
from quality.models import Defect, ResultImport, TestCase
from quality.permissions import can_import_results, can_report_import_row, can_view_import, can_view_import_rows
from quality.views.voiding import asks_before_voiding

SORTS = {"number": "number", "file": ("file_name", "number"), "format": ("format", "number")}
ROW_SORTS = {"row": "position", "name": ("name", "position"), "result": ("outcome", "position")}
TIMED = {ResultFormat.JMETER, ResultFormat.SUMMARY}
OFFERED = 1000  # cases offered while typing, and looked through for a likely one


@project_page(can_view_import)
def import_list(request, project):
    rows = ResultImport.objects.filter(project=project).select_related("created_by", "run", "phase")
    page = list_page(request, rows, sorts=SORTS, default="-number", filterset=ImportFilter)
    context = {"project": project, "page": page, "can_import": can_import_results(request.user, project)}
    response = render(request, "quality/_import_table.html" if request.htmx else "quality/import_list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_import_results)
@asks_before_voiding
def import_create(request, project):
    form = ImportForm(request.POST or None, request.FILES or None, project=project)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            imported = result_imports.import_results(
                project, file, form.about(), file_name=file.name, by=request.user, channel=ImportChannel.PAGE
            )
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        else:
            _say(request, imported)
            return redirect("quality:import_detail", project.key, imported.record.number)
    context = {"project": project, "form": form, "waiting": acceptances.waiting(project)}
    return render(request, "quality/import_form.html", context)


@project_page(can_view_import)
def import_detail(request, project, number):
    response = _show(request, project, _find(project, number), whole=not request.htmx)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_import_results)
@require_POST
@asks_before_voiding
def import_map(request, project, number):
    """Say which test case a row is of; all rows of its name follow."""
    record = _find(project, number)
    form, refused = MapRowForm(request.POST, record=record), ""
    if form.is_valid():
        row, case = form.cleaned_data["row"], form.cleaned_data["case"]
        try:
            result_imports.map_rows(record.pk, row.name, case, by=request.user)
        except Refusal as refusal:
            refused = str(refusal)
    else:
        refused = " ".join(error for errors in form.errors.values() for error in errors)
    return _changed(request, project, number, refused)


@project_page(can_report_import_row)
@require_POST
@asks_before_voiding
def import_defect(request, project, number, position):
    """Open the defect that a failed row shows."""
    row = get_object_or_404(
        _find(project, number).rows.select_related("case", "result__execution__run__project"), position=position
    )
    form = SeverityForm(request.POST)
    severity = form.cleaned_data["severity"] if form.is_valid() else Severity.MAJOR
    try:
        result_imports.open_defect(row, severity=severity, by=request.user)
    except Refusal as refusal:
        return _changed(request, project, number, str(refusal))
    return _changed(request, project, number)


@project_page(can_view_import_rows)
def import_file(request, project, number):
    """The file as it came, to be saved and never shown in the page."""
    record = _find(project, number)
    try:
        content = record.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=record.file_name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _find(project, number):
    related = ("created_by", "run", "phase")
    record = get_object_or_404(ResultImport.objects.select_related(*related), project=project, number=number)
    record.project = project
    return record


def _changed(request, project, number, refused=""):
    """Answer with the counts and rows as they are now; without htmx, with the page."""
    record = _find(project, number)
    if not request.htmx:
        if refused:
            messages.error(request, refused)
        return redirect(f"{record.get_absolute_url()}?{request.GET.urlencode()}")
    request.path = record.get_absolute_url()  # what the fragment links to is the page it becomes part of
    response = _show(request, project, record, whole=False)
    if refused:
        trigger_client_event(response, "app:toast", {"level": "error", "text": refused})
    return response


def _show(request, project, record, *, whole):
    times = list(record.times.all()) if record.format in TIMED else []
    context = {
        "project": project,
        "record": record,
        "of_all": times[0] if times else None,
        "times": times[1:],
        "findings": list(record.findings.all()) if record.format == ResultFormat.SARIF else [],
        "can_map": can_import_results(request.user, project),
        "can_report": can_report_import_row(request.user, project),
        "can_read_rows": can_view_import_rows(request.user, project),
    }
    if not times and context["can_read_rows"]:
        rows = record.rows.select_related("case", "result")
        page = list_page(request, rows, sorts=ROW_SORTS, default="row", filterset=RowFilter)
        context |= {"page": page, "severities": Severity.choices, **_helps(project, page.rows, context["can_map"])}
    return render(request, "quality/import_detail.html" if whole else "quality/_import_body.html", context)


def _helps(project, rows, can_map):
    """What the rows offer: the open defect of a failed case, and a likely case for a row without one."""
    failed = {row.case_id for row in rows if row.case_id}
    defects = {defect.case_id: defect for defect in Defect.objects.filter(project=project, case__in=failed).unclosed()}
    for row in rows:
        row.defect = defects.get(row.case_id)
        if row.defect:
            row.defect.project = project
    if not can_map or all(row.case_id for row in rows):
        return {}
    newest = TestCase.objects.filter(project=project).active().order_by("-number")[:OFFERED]
    cases = {case.number: case for case in newest}
    suggestions = Suggestions({number: case.title for number, case in cases.items()})
    for row in rows:
        if not row.case_id:
            row.suggested = cases.get(suggestions.best(row.name))
    return {"cases": cases.values()}


def _say(request, imported):
    record = imported.record
    if imported.is_repeated:
        messages.info(
            request,
            _("This very file was imported before as %(import)s; nothing has changed.") % {"import": record.code},
        )
        return
    counts = {"import": record.code, "read": f"{record.read:,}", "mapped": f"{record.mapped:,}"}
    messages.success(request, _("%(import)s: %(read)s read, %(mapped)s recorded as results of test cases.") % counts)
