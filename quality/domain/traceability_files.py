"""The traceability matrix as a workbook and as a PDF, both bounded: what is left out is said in the file."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from common import pdf
from projects.models import Phase, Project
from quality.domain.criteria import Measured
from quality.domain.traceability import CaseLine, Matrix, Scope, ShownRow
from quality.enums import REQUIREMENT_FAMILIES, RequirementStatus

MOST_ROWS = 20_000  # of a workbook
MOST_PRINTED = 200  # requirements of a PDF: gaps come first, and a longer list is for the workbook
WIDTHS = (10, 44, 16, 10, 44, 16, 10, 18, 24, 30)


def workbook(rows: Sequence[ShownRow], *, zone: str) -> bytes:
    """Return the XLSX: a line per requirement and case, in the language now active and the zone given.

    Every cell of words is written as text, so that nothing a person typed becomes a formula.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Traceability"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_text(sheet, title, bold=True) for title in _titles()])
    for row in rows:
        for line in _lines(row, ZoneInfo(zone)):
            sheet.append([_text(sheet, words) for words in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _titles() -> tuple[str, ...]:
    return (
        *(_("No."), _("Requirement"), _("Status"), _("Case no."), _("Test case"), _("Latest result")),
        *(_("Run"), _("Run at"), _("Open defects"), _("Acceptance criteria")),
    )


def _lines(row: ShownRow, zone: ZoneInfo) -> Iterable[tuple[str, ...]]:
    about = (f"R-{row.number:03d}", row.title, str(row.status.label))
    links = (", ".join(link.label for link in row.defects), ", ".join(map(str, row.criteria)))
    for case in row.cases or (None,):
        yield (*about, *_case(case, zone), *links)


def _case(case: CaseLine | None, zone: ZoneInfo) -> tuple[str, ...]:
    if case is None:
        return ("",) * 5
    number, title = (f"TC-{case.number:03d}", case.title) if case.number else ("", _("A test of the team"))
    run = f"TR-{case.run_number:03d}" if case.run_number else ""
    at = f"{case.executed_at.astimezone(zone):%Y-%m-%d %H:%M}" if case.executed_at else ""
    return (number, title, str(case.outcome.label), run, at)


def _text(sheet: WriteOnlyWorksheet, words: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", words))
    cell.data_type = "s"  # also what begins like a formula
    if bold:
        cell.font = Font(bold=True)
    return cell


@dataclass(frozen=True)
class PrintedRow:
    number: str
    title: str
    status: str
    family: str
    cases: tuple[str, ...]
    defects: str


@dataclass(frozen=True)
class PrintedMatrix:
    """What the PDF says, counted and in words."""

    project: str
    customer: str
    scope: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[str, int], ...]
    rows: tuple[PrintedRow, ...]
    left_out: int
    made_at: datetime
    zone: str


def facts_of(
    project: Project,
    matrix: Matrix,
    rows: Sequence[ShownRow],
    *,
    of: int,
    scope: Scope,
    phase: Phase | None,
    at: datetime,
) -> PrintedMatrix:
    """Return what the PDF prints of `rows`, the first ones of `of`, in the language now active."""
    return PrintedMatrix(
        project=project.name,
        customer=project.customer.name,
        scope=tuple(_scope(scope, phase)),
        figures=(
            (_("Requirements with a test"), counts(matrix.coverage)),
            (_("Requirements proven by their tests"), counts(matrix.verified)),
            (_("Execution rate"), counts(matrix.executed)),
            (_("Pass rate"), counts(matrix.passed)),
        ),
        statuses=tuple((str(status.label), count) for status, count in matrix.counts.items()),
        rows=tuple(_printed(row) for row in rows),
        left_out=of - len(rows),
        made_at=at,
        zone=scope.zone,
    )


def counts(measured: Measured) -> str:
    """Return a rate as k / n with its floored percentage; of nothing there is none."""
    count, total = measured.counts or (0, 0)
    if not total:
        return _("no cases")
    facts = {"count": f"{count:,}", "total": f"{total:,}", "percent": count * 100 // total}
    return (_("%(count)s / %(total)s, %(percent)s %%") % facts).replace(" %", "\N{NO-BREAK SPACE}%")


def print_matrix(facts: PrintedMatrix, *, language: str) -> bytes:
    """Return the PDF of a matrix; the same facts give the same bytes."""
    return pdf.render_pdf(
        "quality/reports/traceability.html", facts, language, created=facts.made_at, time_zone=facts.zone
    )


def _scope(scope: Scope, phase: Phase | None) -> Iterable[tuple[str, str]]:
    every = _("All")
    yield _("Build"), scope.build or every
    yield _("Environment"), scope.environment or every
    yield _("Run from"), date_format(scope.since, "Y-m-d") if scope.since else "–"
    yield _("Run until"), date_format(scope.until, "Y-m-d") if scope.until else "–"
    yield _("Phase"), phase.name if phase else every


def _printed(row: ShownRow) -> PrintedRow:
    return PrintedRow(
        number=f"R-{row.number:03d}",
        title=row.title,
        status=str(row.status.label),
        family=REQUIREMENT_FAMILIES[RequirementStatus(row.status)],
        cases=tuple(_printed_case(case) for case in row.cases),
        defects=", ".join(f"{link.label} ({link.words})" for link in row.defects),
    )


def _printed_case(case: CaseLine) -> str:
    facts = {"case": f"TC-{case.number:03d}" if case.number else _("A test of the team"), "outcome": case.outcome.label}
    if case.run_number:
        return _("%(case)s: %(outcome)s in %(run)s") % {**facts, "run": f"TR-{case.run_number:03d}"}
    return _("%(case)s: %(outcome)s") % facts
