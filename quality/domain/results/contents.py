"""What a file of results holds once it is read: rows of tests, times per label, findings per severity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from common.percentiles import P50, P90, P95, P99, percentile
from quality.enums import FindingSeverity, RowOutcome

MAX_NAME, MAX_MESSAGE = 500, 1000
MAX_ROWS = 50_000  # tests
MAX_LABELS = 2_000


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test as the file tells of it. `case` is the number of the test case that it names, if it names one."""

    name: str
    outcome: RowOutcome
    message: str = ""
    seconds: float = 0.0
    case: int | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """The samples of one label; the label "" is all of the file. Milliseconds to the last byte, of every sample.

    A percentile is None where there are too few samples for it to mean anything: then print the maximum and n.
    What a summary does not tell is None too.
    """

    label: str
    samples: int
    errors: int
    min_ms: int | None = None
    max_ms: int | None = None
    mean_ms: Fraction | None = None
    p50_ms: int | None = None
    p90_ms: int | None = None
    p95_ms: int | None = None
    p99_ms: int | None = None

    @property
    def error_percent(self) -> Fraction:
        return Fraction(100 * self.errors, self.samples)


@dataclass(frozen=True, slots=True)
class Findings:
    """How many findings of one severity a tool reports: those that are open, those suppressed or gone."""

    tool: str
    severity: FindingSeverity
    open: int
    closed: int


@dataclass(frozen=True)
class Contents:
    """All of a file. A count is what was counted, never what a header says."""

    format: str
    passed: int
    failed: int
    skipped: int = 0
    errored: int = 0
    rows: Sequence[TestRow] = ()
    times: Sequence[Times] = ()  # that of the whole file first
    findings: Sequence[Findings] = ()
    details: dict[str, int] = field(default_factory=dict)  # what else was counted: suites, nested samples

    @property
    def read(self) -> int:
        return self.passed + self.failed + self.skipped + self.errored


def of_rows(file_format: str, rows: Sequence[TestRow], **details: int) -> Contents:
    """Return the contents of a file of tests, counted from its rows."""
    counts = dict.fromkeys(RowOutcome, 0)
    for row in rows:
        counts[row.outcome] += 1
    return Contents(
        file_format,
        passed=counts[RowOutcome.PASSED],
        failed=counts[RowOutcome.FAILED],
        skipped=counts[RowOutcome.SKIPPED],
        errored=counts[RowOutcome.ERRORED],
        rows=rows,
        details=details,
    )


def of_times(file_format: str, times: Sequence[Times], **details: int) -> Contents:
    """Return the contents of a file of samples; `times` begin with those of the whole file."""
    whole = times[0]
    return Contents(file_format, passed=whole.samples - whole.errors, failed=whole.errors, times=times, details=details)


def measure(label: str, elapsed: Iterable[int], errors: int) -> Times:
    """Return the times of samples that are not empty, exact from the raw values (definitions.md, Percentiles)."""
    ordered = sorted(elapsed)
    return Times(
        label,
        samples=len(ordered),
        errors=errors,
        min_ms=ordered[0],
        max_ms=ordered[-1],
        mean_ms=Fraction(sum(ordered), len(ordered)),
        p50_ms=percentile(ordered, P50),
        p90_ms=percentile(ordered, P90),
        p95_ms=percentile(ordered, P95),
        p99_ms=percentile(ordered, P99),
    )


def clean(text: str, limit: int) -> str:
    """Cut text and take out what no database keeps: null characters, and halves of surrogate pairs."""
    cut = text.strip()[:limit].replace("\0", "")
    return cut if cut.isascii() else cut.encode("utf-8", "replace").decode("utf-8")
