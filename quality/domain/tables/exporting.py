"""Test cases written as a table, one row per step."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext, override

from quality.domain.errors import WorkbookWouldBeTooLarge
from quality.domain.tables import sheets
from quality.domain.tables.columns import COLUMNS, STEP, WIDTHS
from quality.models import TestCase
from requirements.models import Requirement

MAX_WORKBOOK = 5_000  # cases written as XLSX at once; CSV has no bound
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(found: QuerySet[TestCase], requirements: QuerySet[Requirement], suffix: str) -> tuple[Iterable[bytes], str]:
    """Return a file of the cases, "csv" or "xlsx", and its media type; of `requirements` it names the numbers.

    Raises WorkbookWouldBeTooLarge, and KeyError for another suffix.
    """
    kind = MEDIA_TYPES[suffix]
    if suffix == "csv":
        return _in_language(sheets.csv_lines(rows_of(found, requirements)), get_language()), kind
    if found.count() > MAX_WORKBOOK:
        raise WorkbookWouldBeTooLarge(limit=MAX_WORKBOOK)
    return [sheets.workbook(rows_of(found, requirements), title=gettext("Test cases"), widths=WIDTHS)], kind


def _in_language(lines: Iterator[bytes], language: str | None) -> Iterator[bytes]:
    """Yield portions of lines made in `language`: a response streams after its request has let go of the language."""
    while True:
        with override(language):
            portion = b"".join(islice(lines, 500))
        if not portion:
            return
        yield portion


def rows_of(found: QuerySet[TestCase], requirements: QuerySet[Requirement]) -> Iterator[list[Any]]:
    """Yield the header and a row per step of the cases, in the active language; `requirements` are those to be named.

    Read in portions, whatever the number of cases.
    """
    yield [str(label) for label in COLUMNS.values()]
    named = dict(requirements.values_list("pk", "number"))
    for case in found.prefetch_related("steps", "requirements").iterator(chunk_size=500):
        tied = sorted(named[row.pk] for row in case.requirements.all() if row.pk in named)
        about = [
            case.code,
            case.title,
            case.process,
            case.get_kind_display(),
            case.get_scenario_display(),
            case.get_priority_display(),
            ", ".join(f"R-{number:03}" for number in tied),
            case.preconditions,
        ]
        steps = [[getattr(step, name) for name in STEP] for step in case.steps.all()] or [["", "", ""]]
        yield [*about, *steps[0]]
        for step in steps[1:]:
            yield [*[""] * len(about), *step]
