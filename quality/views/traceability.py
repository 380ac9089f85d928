from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.lists import PAGE_SIZE, ListPage, address
from projects.access import project_page
from quality.domain import traceability_files
from quality.domain.traceability import read_matrix, scopes_in, shown
from quality.domain.waivers import waived_requirements
from quality.enums import REQUIREMENT_FAMILIES
from quality.forms.traceability import TraceabilityForm
from quality.permissions import can_view_quality

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@project_page(can_view_quality)
def traceability(request, project):
    form, matrix, rows = _read(request, project)
    page = _page(request, rows)
    context = {
        "project": project,
        "form": form,
        "page": page,
        "figures": [
            (_("Requirements with a test"), _("of all in scope; a waiver is no test"), matrix.coverage),
            (_("Requirements proven by their tests"), _("of all in scope"), matrix.verified),
            (_("Execution rate"), _("passed or failed, of the planned cases"), matrix.executed),
            (_("Pass rate"), _("passed, of the planned cases"), matrix.passed),
        ],
        "all_url": address(request.GET, status="", page=""),
        "rows": [(row, REQUIREMENT_FAMILIES[row.status]) for row in shown(page.rows, matrix, project, request.user)],
        "statuses": [
            (status, REQUIREMENT_FAMILIES[status], count, address(request.GET, status=status.value, page=""))
            for status, count in matrix.counts.items()
        ],
        "query": request.GET.urlencode(),
    }
    return render(request, "quality/traceability.html", context)


@project_page(can_view_quality)
def traceability_xlsx(request, project):
    form, matrix, rows = _read(request, project)
    written = shown(rows[: traceability_files.MOST_ROWS], matrix, project, request.user)
    book = traceability_files.workbook(written, zone=form.scope.zone)
    return _file(book, XLSX, f"{project.key}-traceability.xlsx")


@project_page(can_view_quality)
def traceability_pdf(request, project):
    form, matrix, rows = _read(request, project)
    printed_rows = shown(rows[: traceability_files.MOST_PRINTED], matrix, project, request.user)
    facts = traceability_files.facts_of(
        project,
        matrix,
        printed_rows,
        of=len(rows),
        scope=form.scope,
        phase=form.cleaned_data.get("phase"),
        at=timezone.now(),
    )
    printed = traceability_files.print_matrix(facts, language=get_language())
    return _file(printed, "application/pdf", f"{project.key}-traceability.pdf")


def _read(request, project):
    """The form, the matrix of its scope, and the rows of the status that was asked for."""
    builds, environments = scopes_in(project, request.user)
    form = TraceabilityForm(request.GET, project=project, builds=builds, environments=environments)
    matrix = read_matrix(project, request.user, form.scope, phase_id=form.phase_id, waived=waived_requirements(project))
    rows = [row for row in matrix.rows if not form.chosen_status or row.status == form.chosen_status]
    return form, matrix, rows


def _page(request, rows):
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return ListPage(
        rows=page.object_list,
        total=len(rows),
        first=page.start_index() if rows else 0,
        last=page.end_index() if rows else 0,
        sort="",
        query=request.GET,
        next_url=address(request.GET, page=str(page.next_page_number())) if page.has_next() else "",
        previous_url=address(request.GET, page=str(page.previous_page_number())) if page.has_previous() else "",
    )


def _file(content, kind, name):
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
