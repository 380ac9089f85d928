"""Read a file of results whatever its format: known by its content, never by its name."""

from collections.abc import Mapping
from typing import BinaryIO

from quality.domain.results import jmeter, json_files, junit, newman, sarif, summary_csv
from quality.domain.results.contents import Contents
from quality.domain.results.csv_files import Table
from quality.domain.results.refusals import EncodingIsWrong, FileIsEmpty, FileIsTooLarge, FormatIsUnknown
from quality.domain.results.xml_files import BLANK, root_of

MEGABYTE = 1024 * 1024
MAX_MEGABYTES = 100
HEAD = 4096


def read_results(file: BinaryIO, *, columns: Mapping[str, str] | None = None, unit: str = "ms") -> Contents:
    """Return what a file of results holds. Raises UnreadableFile, with the reason, for one that cannot be read.

    `file` can be sought and stays open. `columns` and `unit` are for a summary: see summary_csv.read_summary.
    """
    size = file.seek(0, 2)
    if size > MAX_MEGABYTES * MEGABYTE:
        raise FileIsTooLarge(limit=MAX_MEGABYTES)
    file.seek(0)
    head = file.read(HEAD)
    begin = head.lstrip(BLANK)
    if not begin and size <= HEAD:
        raise FileIsEmpty
    if begin.startswith(b"<") or head.startswith((b"\xff\xfe<", b"\xfe\xff\0<")):
        return _read_xml(file)
    if begin.startswith((b"{", b"[")):
        return _read_json(file)
    if b"\0" in head:
        raise EncodingIsWrong if head.startswith((b"\xff\xfe", b"\xfe\xff")) else FormatIsUnknown
    return _read_csv(file, columns or {}, unit)


def _read_xml(file: BinaryIO) -> Contents:
    root = root_of(file)
    if root in junit.ROOTS:
        return junit.read_junit(file)
    if root == jmeter.ROOT:
        return jmeter.read_jmeter_xml(file)
    raise FormatIsUnknown


def _read_json(file: BinaryIO) -> Contents:
    report = json_files.read_json(file)
    if isinstance(report, dict) and "runs" in report:
        return sarif.read_sarif(report)
    if isinstance(report, dict) and "run" in report:
        return newman.read_newman(report)
    raise FormatIsUnknown


def _read_csv(file: BinaryIO, columns: Mapping[str, str], unit: str) -> Contents:
    table = Table(file)
    try:
        if not columns and "elapsed" in table.header:
            return jmeter.read_jmeter_csv(table)
        if not columns and not summary_csv.is_summary(summary_csv.find_columns(table.header, {})):
            raise FormatIsUnknown
        return summary_csv.read_summary(table, columns, unit)
    finally:
        table.close()
