"""Any summary as CSV: tests with their results, or transactions with their counts and times (LoadRunner, JMeter's
aggregate report and the like). Which column holds what is known by its usual name, or named by a person.

The percentiles of a summary are as its tool says them: there are no raw values to compute them from, and none is made
for the whole file, because percentiles are never averaged.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from common.percentiles import LEAST_N, P50, P90, P95, P99
from quality.domain.results.contents import (
    MAX_LABELS,
    MAX_MESSAGE,
    MAX_NAME,
    MAX_ROWS,
    Contents,
    TestRow,
    Times,
    clean,
    of_rows,
    of_times,
)
from quality.domain.results.csv_files import Table
from quality.domain.results.junit import seconds_of
from quality.domain.results.naming import case_number
from quality.domain.results.refusals import ColumnsAreMissing, FileHoldsTooMuch, LabelsAreTooMany, NothingInside
from quality.enums import ResultFormat, RowOutcome

KNOWN = {  # what a column holds -> how tools call it
    "label": ("label", "transaction name", "transaction", "name", "test", "test case", "title", "名称", "事务名称"),
    "outcome": ("outcome", "result", "status", "verdict", "结果", "状态"),
    "message": ("message", "comment", "error message", "说明", "备注"),
    "seconds": ("duration", "seconds", "time"),
    "samples": ("samples", "# samples", "#samples", "count", "样本数"),
    "passed": ("pass", "passed", "通过"),
    "errors": ("fail", "failed", "errors", "failures", "失败"),
    "error_percent": ("error %", "error%", "errors %"),
    "min": ("min", "minimum", "最小值"),
    "mean": ("average", "avg", "mean", "平均值"),
    "max": ("max", "maximum", "最大值"),
    "p50": ("median", "50 percent", "50%", "p50"),
    "p90": ("90 percent", "90% line", "90%", "90th pct", "p90"),
    "p95": ("95 percent", "95% line", "95%", "95th pct", "p95"),
    "p99": ("99 percent", "99% line", "99%", "99th pct", "p99"),
}
TIMES = {"min", "mean", "max", "p50", "p90", "p95", "p99"}
RANKS = {"p50": P50, "p90": P90, "p95": P95, "p99": P99}
WORDS = {
    RowOutcome.PASSED: {"pass", "passed", "ok", "success", "successful", "true", "通过", "成功"},
    RowOutcome.FAILED: {"fail", "failed", "failure", "ko", "nok", "false", "失败", "不通过", "未通过"},
    RowOutcome.ERRORED: {"error", "errored", "broken", "错误", "异常"},
    RowOutcome.SKIPPED: {"skip", "skipped", "ignored", "n/a", "na", "not run", "跳过", "未执行", "不适用"},
}
OUTCOMES = {word: outcome for outcome, words in WORDS.items() for word in words}
OF_ALL = {"total", "all", "all transactions", "aggregated", "合计", "总计", "总体"}
MAX_COUNT, MAX_TIME = 10**9, 2**31 - 1
NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
MILLISECONDS = {"ms": 1, "s": 1000}


def find_columns(header: list[str], named: Mapping[str, str]) -> dict[str, int]:
    """Return where each thing stands: as named, else under one of its usual names. Raises ColumnsAreMissing."""
    places = {cell.strip().lower(): place for place, cell in reversed(list(enumerate(header)))}
    absent = [column for column in named.values() if column.strip().lower() not in places]
    if absent:
        raise ColumnsAreMissing(columns=", ".join(absent))
    found = {holds: places[column.strip().lower()] for holds, column in named.items()}
    for holds, names in KNOWN.items():
        known = next((places[name] for name in names if name in places), None)
        if known is not None and known not in found.values():
            found.setdefault(holds, known)
    return found


def is_summary(columns: Mapping[str, int]) -> bool:
    return "label" in columns and (
        "outcome" in columns or "samples" in columns or {"passed", "errors"} <= columns.keys()
    )


def read_summary(table: Table, named: Mapping[str, str], unit: str = "ms") -> Contents:
    """Return the tests, or the times per label, of a summary. Raises UnreadableFile.

    `named` says which column holds what: {"label": "Transaction Name", …}; `unit` is that of its times, ms or s.
    """
    columns = find_columns(table.header, named)
    if not is_summary(columns):
        raise ColumnsAreMissing(columns="label, outcome / samples, errors")
    if "outcome" in columns:
        return _tests(table, columns)
    return _transactions(table, columns, MILLISECONDS[unit])


def _tests(table: Table, columns: Mapping[str, int]) -> Contents:
    rows: list[TestRow] = []
    for cells in table.rows():
        cell = {holds: cells[place] for holds, place in columns.items()}
        outcome = OUTCOMES.get(cell["outcome"].strip().lower())
        if outcome is None:
            raise table.wrong(table.header[columns["outcome"]], cell["outcome"])
        if len(rows) >= MAX_ROWS:
            raise FileHoldsTooMuch
        name = clean(cell["label"], MAX_NAME)
        message, seconds = clean(cell.get("message", ""), MAX_MESSAGE), seconds_of(cell.get("seconds", ""))
        rows.append(TestRow(name, outcome, message, seconds, case_number((name,))))
    if not rows:
        raise NothingInside
    return of_rows(ResultFormat.SUMMARY, rows)


def _transactions(table: Table, columns: Mapping[str, int], factor: int) -> Contents:
    whole, found = None, {}
    for cells in table.rows():
        label = clean(cells[columns["label"]], 300) or "-"
        times = _times(table, columns, cells, "" if label.lower() in OF_ALL else label, factor)
        if times is None:
            continue  # a transaction that never ran
        if not times.label:
            whole = times
        elif label in found:
            raise table.wrong(table.header[columns["label"]], label)
        else:
            found[label] = times
        if len(found) > MAX_LABELS:
            raise LabelsAreTooMany(limit=MAX_LABELS)
    if not found:
        raise NothingInside
    whole = whole or _sum(list(found.values()))
    if whole.samples > MAX_COUNT:
        raise FileHoldsTooMuch
    return of_times(ResultFormat.SUMMARY, [whole, *found.values()])


def _times(table: Table, columns: Mapping[str, int], cells: list[str], label: str, factor: int) -> Times | None:
    def number(holds: str) -> Fraction | None:
        return _number(table, columns[holds], cells) if holds in columns else None

    errors, passed, samples = number("errors"), number("passed"), number("samples")
    percent = number("error_percent")
    if samples is None:
        samples = (passed or Fraction(0)) + (errors or Fraction(0))
    if errors is None:
        errors = Fraction(round(samples * percent / 100)) if percent is not None else samples - (passed or samples)
    if samples > MAX_COUNT or samples % 1 or errors % 1 or not 0 <= errors <= samples:
        raise table.wrong("samples", str(float(samples)))
    if not samples:
        return None
    values: dict[str, Any] = {}
    for holds in TIMES & columns.keys():
        value = number(holds)
        enough = holds not in RANKS or samples >= LEAST_N[RANKS[holds]]
        if value is not None and enough:
            scaled = value * factor
            if scaled > MAX_TIME:
                raise table.wrong(table.header[columns[holds]], cells[columns[holds]])
            values[f"{holds}_ms"] = scaled if holds == "mean" else ceil(scaled)  # rounding up never flatters
    return Times(label, int(samples), int(errors), **values)


def _number(table: Table, place: int, cells: list[str]) -> Fraction | None:
    """Return the number in a cell, "1,204.5" or "2.10%" too; None for an empty one."""
    text = cells[place].strip().rstrip("%").strip()
    if text in {"", "-", "N/A", "NaN"}:
        return None
    plain = text.replace(",", "") if THOUSANDS.fullmatch(text) else text
    if len(text) > 20 or not NUMBER.fullmatch(plain):  # 12,5 might be 12.5 or 125: it is not guessed
        raise table.wrong(table.header[place], cells[place])
    value = Fraction(plain)
    if value > MAX_TIME:
        raise table.wrong(table.header[place], cells[place])
    return value


def _sum(labels: list[Times]) -> Times:
    lows = [times.min_ms for times in labels if times.min_ms is not None]
    highs = [times.max_ms for times in labels if times.max_ms is not None]
    return Times(
        "",
        sum(times.samples for times in labels),
        sum(times.errors for times in labels),
        min_ms=min(lows, default=None),
        max_ms=max(highs, default=None),
    )
