"""The JSON report of Newman (Postman). A row is an assertion; a request that got no answer is a row of its own.

The report's own figures are not trusted: `run.stats.assertions.pending` stays 0 although assertions were skipped.
"""

from typing import Any

from quality.domain.results.contents import MAX_MESSAGE, MAX_NAME, MAX_ROWS, Contents, TestRow, clean, of_rows
from quality.domain.results.json_files import Shaped
from quality.domain.results.naming import case_number
from quality.domain.results.refusals import FileHoldsTooMuch, NothingInside
from quality.enums import ResultFormat, RowOutcome

SHAPED = Shaped(ResultFormat.NEWMAN.label)


def read_newman(report: Any) -> Contents:
    """Return the assertions of a parsed report. Raises UnreadableFile."""
    run = SHAPED.dictionary(report.get("run"), "run")
    executions = SHAPED.rows(run.get("executions"), "run.executions")
    rows: list[TestRow] = []
    errors = 0
    for execution in executions:
        error = _request_error(execution)
        errors += error is not None
        rows += [error] if error else []
        rows += _assertions(execution)
        if len(rows) > MAX_ROWS:
            raise FileHoldsTooMuch
    if not rows:
        raise NothingInside
    return of_rows(ResultFormat.NEWMAN, rows, executions=len(executions), request_errors=errors)


def _request_error(execution: dict[str, Any]) -> TestRow | None:
    if not execution.get("requestError"):
        return None
    error = SHAPED.dictionary(execution["requestError"], "requestError")
    words = [str(error[key]) for key in ("message", "code", "address", "port") if error.get(key)]
    name = _item(execution)
    message = clean(" ".join(words), MAX_MESSAGE)
    return TestRow(clean(name, MAX_NAME), RowOutcome.ERRORED, message, case=case_number((name,)))


def _assertions(execution: dict[str, Any]) -> list[TestRow]:
    item, seconds = _item(execution), _seconds(execution)
    rows = []
    for assertion in SHAPED.rows(execution.get("assertions"), "assertions"):
        name = SHAPED.text(assertion.get("assertion"), "assertion")
        outcome, message = RowOutcome.PASSED, ""
        if assertion.get("skipped"):
            outcome = RowOutcome.SKIPPED
        elif assertion.get("error"):
            error = SHAPED.dictionary(assertion["error"], "error")
            outcome, message = RowOutcome.FAILED, SHAPED.text(error.get("message"), "error.message")
        rows.append(
            TestRow(
                clean(f"{item} / {name}", MAX_NAME),
                outcome,
                clean(message, MAX_MESSAGE),
                seconds,
                case_number((name, item)),
            )
        )
    return rows


def _item(execution: dict[str, Any]) -> str:
    item = SHAPED.dictionary(execution.get("item"), "item")
    return SHAPED.text(item.get("name"), "item.name")


def _seconds(execution: dict[str, Any]) -> float:
    """How long the answer took; each of its assertions has that time, since they have none of their own."""
    response = execution.get("response")
    elapsed = response.get("responseTime") if isinstance(response, dict) else None
    return elapsed / 1000 if isinstance(elapsed, int | float) and 0 <= elapsed < 1e12 else 0.0
