"""Whether a criterion is met: measured value, operator, threshold in; verdict out. No database, no clock.

Source: definitions.md, Acceptance and Requirement status. All values are exact fractions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from quality.enums import FINAL_OUTCOMES, SETTLED_VERDICTS, Operator, Outcome, Verdict


@dataclass(frozen=True)
class Evidence:
    """Where a figure can be looked up; `is_shared` if the customer can open it too."""

    label: str
    url: str
    is_shared: bool = True


@dataclass(frozen=True)
class Measured:
    """What a source found. `value` is in the unit of the criterion; None means no data.

    `counts` are k and n behind a rate. `against` says, in words, what stands in the way whatever the value is.
    """

    value: Fraction | None
    counts: tuple[int, int] | None = None
    against: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


NO_DATA = Measured(None)


def evaluate(operator: str, threshold: Fraction, measured: Measured) -> Verdict:
    """Return whether the measured value satisfies the threshold; no data is its own verdict, and is not met."""
    if measured.value is None:
        return Verdict.NO_DATA
    satisfied = {
        Operator.AT_LEAST: measured.value >= threshold,
        Operator.AT_MOST: measured.value <= threshold,
        Operator.EXACTLY: measured.value == threshold,
    }[Operator(operator)]
    return Verdict.MET if satisfied and not measured.against else Verdict.NOT_MET


def all_met(verdicts: Iterable[Verdict]) -> bool:
    """Return whether there is at least one criterion and every one is met, or waived by the customer's signature."""
    verdicts = list(verdicts)
    return bool(verdicts) and all(verdict in SETTLED_VERDICTS for verdict in verdicts)


def rate(count: int, total: int) -> Measured:
    """Return count / total in percent; of no cases there is no rate, and not 100 %.

    Raises ValueError unless 0 ≤ count ≤ total.
    """
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is no rate")
    return Measured(Fraction(100 * count, total) if total else None, (count, total))


def execution_rate(outcomes: Iterable[str]) -> Measured:
    """Return final results (passed or failed) / planned, in percent; blocked and skipped are not final."""
    outcomes = list(outcomes)
    return rate(sum(outcome in FINAL_OUTCOMES for outcome in outcomes), len(outcomes))


def pass_rate(outcomes: Iterable[str]) -> Measured:
    """Return passed / planned, in percent: what was not run, blocked or skipped counts against it."""
    outcomes = list(outcomes)
    return rate(sum(outcome == Outcome.PASSED for outcome in outcomes), len(outcomes))


def count(number: int, *against: str) -> Measured:
    """Return a plain count, such as of open defects, with what stands against it."""
    return Measured(Fraction(number), against=tuple(words for words in against if words))


def floored(value: Fraction, digits: int = 0) -> str:
    """Print a value cut off, never rounded up, to so many decimals: 99.899 is "99.8"."""
    scaled = value * 10**digits // 1
    if not digits:
        return str(scaled)
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, rest = divmod(scaled, 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}"


def decimals_of(threshold: Fraction, most: int = 4) -> int:
    """Return how many decimals it takes to print `threshold` exactly, at most `most`."""
    return next((digits for digits in range(most) if threshold * 10**digits % 1 == 0), most)
