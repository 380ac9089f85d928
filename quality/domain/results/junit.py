"""JUnit XML in its dialects. The root is `testsuites` or `testsuite`, suites nest, and what their attributes count
may be missing or wrong, so the cases are counted."""

from dataclasses import dataclass, field
from typing import BinaryIO

from quality.domain.results.contents import MAX_MESSAGE, MAX_NAME, MAX_ROWS, Contents, TestRow, clean, of_rows
from quality.domain.results.naming import case_number
from quality.domain.results.refusals import FileHoldsTooMuch, FormatIsUnknown, NothingInside
from quality.domain.results.xml_files import read_xml
from quality.enums import ResultFormat, RowOutcome

ROOTS = {"testsuites", "testsuite"}
VERDICTS = {  # the element inside a case; the worst of several counts
    "failure": RowOutcome.FAILED,
    "error": RowOutcome.ERRORED,
    "skipped": RowOutcome.SKIPPED,
    "ignored": RowOutcome.SKIPPED,
}
MAX_PROPERTIES = 200  # of one case
ORDER = list(RowOutcome)
NOT_RUN = {"notrun", "skipped", "disabled", "ignored", "suppressed"}  # said in an attribute, as googletest does


@dataclass
class _Case:
    """A case that is being read."""

    attributes: dict[str, str]
    depth: int
    outcome: RowOutcome = RowOutcome.PASSED
    message: str = ""
    properties: dict[str, str] = field(default_factory=dict)


class _Reader:
    def __init__(self) -> None:
        self.rows: list[TestRow] = []
        self.suites = self.suite_errors = 0
        self.names: list[str] = []  # of the suites that are open
        self.case: _Case | None = None
        self.property = ""  # the one whose text is being read
        self.listens = False  # to the text of a verdict without a message of its own

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 0 and name not in ROOTS:
            raise FormatIsUnknown
        case = self.case
        if name == "testsuite":
            self.suites += 1
            self.names.append(attributes.get("name", ""))
        elif name == "testcase" and case is None:
            self.case = _Case(attributes, depth)
        elif case is None:
            self.suite_errors += name in {"error", "failure"}
        elif name in VERDICTS and depth == case.depth + 1:
            self._judge(case, VERDICTS[name], attributes)
        elif name == "property" and len(case.properties) < MAX_PROPERTIES:
            self.property = attributes.get("name", "").lower()[:MAX_NAME]
            case.properties.setdefault(self.property, attributes.get("value", "")[:MAX_NAME])

    def _judge(self, case: _Case, outcome: RowOutcome, attributes: dict[str, str]) -> None:
        if case.outcome == RowOutcome.PASSED or ORDER.index(outcome) < ORDER.index(case.outcome):
            case.outcome, case.message = outcome, attributes.get("message", "")[:MAX_MESSAGE]
            self.listens = not case.message

    def text(self, text: str) -> None:
        if self.case is None:
            return
        if self.listens and len(self.case.message) < MAX_MESSAGE:
            self.case.message += text[:MAX_MESSAGE]
        elif self.property and len(self.case.properties[self.property]) < MAX_NAME:
            self.case.properties[self.property] += text[:MAX_NAME]

    def end(self, name: str, depth: int) -> None:
        case = self.case
        if case is None:
            if name == "testsuite":
                self.names.pop()
            return
        if depth == case.depth:
            self._keep(case)
            self.case = None
        elif name in VERDICTS:
            self.listens = False
        elif name == "property":
            self.property = ""

    def _keep(self, case: _Case) -> None:
        if len(self.rows) >= MAX_ROWS:
            raise FileHoldsTooMuch
        attributes = case.attributes
        told = {attributes.get("status", "").lower(), attributes.get("result", "").lower()}
        if case.outcome == RowOutcome.PASSED and told & NOT_RUN:
            case.outcome = RowOutcome.SKIPPED
        name = attributes.get("name", "")
        owner = attributes.get("classname") or (self.names[-1] if self.names else "")
        self.rows.append(
            TestRow(
                clean(f"{owner} / {name}" if owner else name, MAX_NAME),
                case.outcome,
                clean(case.message, MAX_MESSAGE),
                seconds_of(attributes.get("time", "")),
                case_number((name, owner), case.properties),
            )
        )


def read_junit(file: BinaryIO) -> Contents:
    """Return the tests of a JUnit file. Raises UnreadableFile.

    A test that failed in an earlier try and passed in a later one (`flakyFailure`) passed. An error outside of any
    test is no test: it is counted apart.
    """
    reader = _Reader()
    read_xml(file, reader.start, reader.end, reader.text)
    if not reader.rows:
        raise NothingInside
    return of_rows(ResultFormat.JUNIT, reader.rows, suites=reader.suites, suite_errors=reader.suite_errors)


def seconds_of(text: str) -> float:
    """Return seconds as written, "2,503.1" too; what is no number is 0. It may be negative: a clock was set back."""
    try:
        seconds = float(text.replace(",", ""))
    except ValueError:
        return 0.0
    return seconds if abs(seconds) < 1e9 else 0.0
