"""JMeter JTL, as XML and as CSV. Delimiter, columns and time formats vary; what is needed is label, elapsed, success.

Samples inside a sample are not counted: the outer one has their time. Every sample is timed, a failed one too:
elapsed is milliseconds to the last byte.
"""

from array import array
from collections.abc import Iterable
from typing import BinaryIO

from quality.domain.results.contents import MAX_LABELS, Contents, clean, measure, of_times
from quality.domain.results.csv_files import Table
from quality.domain.results.refusals import (
    ColumnsAreMissing,
    FormatIsUnknown,
    LabelsAreTooMany,
    NothingInside,
    ValueIsWrong,
)
from quality.domain.results.xml_files import read_xml
from quality.enums import ResultFormat

ROOT = "testResults"
COLUMNS = ("label", "elapsed", "success")
MAX_ELAPSED = 2**31 - 1
MAX_LABEL = 300


class _Tally:
    """The samples of one label: eight bytes each, so that half a million fit into a few megabytes."""

    __slots__ = ("elapsed", "errors")

    def __init__(self) -> None:
        self.elapsed = array("q")
        self.errors = 0


class _Tallies(dict[str, _Tally]):
    def __missing__(self, label: str) -> _Tally:
        if len(self) >= MAX_LABELS:
            raise LabelsAreTooMany(limit=MAX_LABELS)
        made = self[label] = _Tally()
        return made

    def contents(self, nested: int = 0) -> Contents:
        if not self:
            raise NothingInside
        whole = measure("", _together(self.values()), sum(tally.errors for tally in self.values()))
        merged: dict[str, _Tally] = {}
        for label, tally in self.items():  # labels that differ only in what is cut off are one
            known = merged.setdefault(clean(label, MAX_LABEL) or "-", tally)
            if known is not tally:
                known.elapsed.extend(tally.elapsed)
                known.errors += tally.errors
        times = [measure(label, tally.elapsed, tally.errors) for label, tally in merged.items()]
        return of_times(ResultFormat.JMETER, [whole, *times], nested=nested)


def _together(tallies: Iterable[_Tally]) -> array:
    every = array("q")
    for tally in tallies:
        every.extend(tally.elapsed)
    return every


def read_jmeter_xml(file: BinaryIO) -> Contents:
    """Return the samples of a JTL in XML, per label. Raises UnreadableFile."""
    tallies, nested, row = _Tallies(), 0, 0

    def start(name: str, attributes: dict[str, str], depth: int) -> None:
        nonlocal nested, row
        if depth == 0:
            if name != ROOT:
                raise FormatIsUnknown
        elif "t" not in attributes or "lb" not in attributes:
            return
        elif depth > 1:
            nested += 1
        else:
            row += 1
            if not _is_elapsed(attributes["t"]):
                raise ValueIsWrong(row=row, column="t", value=attributes["t"][:40])
            tally = tallies[attributes["lb"]]
            tally.elapsed.append(int(attributes["t"]))
            tally.errors += attributes.get("s") != "true"

    read_xml(file, start)
    return tallies.contents(nested)


def read_jmeter_csv(table: Table) -> Contents:
    """Return the samples of a JTL in CSV, per label. Raises UnreadableFile."""
    missing = [name for name in COLUMNS if name not in table.header]
    if missing:
        raise ColumnsAreMissing(columns=", ".join(missing))
    label_at, elapsed_at, success_at = (table.header.index(name) for name in COLUMNS)
    tallies = _Tallies()
    for cells in table.rows():
        elapsed, success = cells[elapsed_at], cells[success_at]
        if not _is_elapsed(elapsed):
            raise table.wrong("elapsed", elapsed)
        tally = tallies[cells[label_at]]
        tally.elapsed.append(int(elapsed))
        if success != "true":
            tally.errors += _is_failure(table, success)
    return tallies.contents()


def _is_elapsed(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_ELAPSED


def _is_failure(table: Table, success: str) -> bool:
    word = success.strip().lower()
    if word not in {"true", "false"}:
        raise table.wrong("success", success)
    return word == "false"
