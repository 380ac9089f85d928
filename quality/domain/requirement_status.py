"""How far a requirement is proven by its tests. Values in, value out; no database, no clock.

Source: definitions.md, Requirement status for one scope (build + environment + window), worst first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quality.domain.criteria import Measured, rate
from quality.enums import FINAL_OUTCOMES, Outcome, RequirementStatus


@dataclass(frozen=True)
class LinkedTest:
    """An active test of a requirement: its latest outcome, and which versions that outcome is about.

    `ran_version` is the version of the case that was run, `ran_requirement` that of the requirement at that time;
    both are None where nothing was run. `ran_requirement` is also None if the two were not tied to each other then.
    """

    outcome: str
    version: int
    ran_version: int | None = None
    ran_requirement: int | None = None


def requirement_status(version: int, tests: Sequence[LinkedTest], *, waived: bool = False) -> RequirementStatus:
    """Return the status of a requirement, now at `version`, by its linked active tests, the worst that applies.

    `waived`: the customer has signed a waiver, which stands for whatever is missing, and is never counted as proof.
    """
    status = _by_tests(version, tests)
    return RequirementStatus.WAIVED if waived and status != RequirementStatus.OK else status


def _by_tests(version: int, tests: Sequence[LinkedTest]) -> RequirementStatus:
    outcomes = {test.outcome for test in tests}
    if Outcome.FAILED in outcomes:
        return RequirementStatus.NOK
    if Outcome.BLOCKED in outcomes:
        return RequirementStatus.BLOCKED
    if outcomes - FINAL_OUTCOMES:
        return RequirementStatus.NOT_RUN
    if any(is_stale(version, test) for test in tests):
        return RequirementStatus.STALE
    return RequirementStatus.OK if tests else RequirementStatus.UNCOVERED


def is_stale(version: int, test: LinkedTest) -> bool:
    """Whether requirement or test is newer than the one that was executed."""
    return test.version != test.ran_version or version != test.ran_requirement


def coverage(statuses: Iterable[RequirementStatus]) -> Measured:
    """Return requirements with at least one current linked test / in scope, in percent.

    A waiver says that no proof is asked for, not that there is a test: a waived requirement is not covered by it.
    """
    statuses = list(statuses)
    without = {RequirementStatus.UNCOVERED, RequirementStatus.WAIVED}
    return rate(sum(status not in without for status in statuses), len(statuses))


def verified_coverage(statuses: Iterable[RequirementStatus]) -> Measured:
    """Return requirements that are OK / in scope, in percent; waived ones are never in the numerator."""
    statuses = list(statuses)
    return rate(sum(status == RequirementStatus.OK for status in statuses), len(statuses))
