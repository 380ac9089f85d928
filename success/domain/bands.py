"""How a system did in a month: good, watch, poor or not rated. A rule to read, not a score to trust.

Rule, version 1; the first line that applies decides:

    not rated   less of the month was watched than the agreed floor, or nothing at all
    poor        availability is below its target
    watch       more than half of the error budget is spent
    watch       p95 is above its target
    watch       p95 is more than 20 % above the month before
    good        none of these
"""

from enum import StrEnum
from fractions import Fraction

from success.domain.snapshots import Facts
from success.enums import Band

HALF = Fraction(1, 2)
SLOWER_BY = Fraction(1, 5)


class Reason(StrEnum):
    NO_DATA = "no_data"
    TOO_LITTLE_DATA = "too_little_data"
    TARGET_MISSED = "target_missed"
    BUDGET_SPENT = "budget_spent"
    ABOVE_TARGET = "above_target"
    SLOWER = "slower"
    ALL_WELL = "all_well"


BAND_OF = {
    Reason.NO_DATA: Band.UNRATED,
    Reason.TOO_LITTLE_DATA: Band.UNRATED,
    Reason.TARGET_MISSED: Band.POOR,
    Reason.BUDGET_SPENT: Band.WATCH,
    Reason.ABOVE_TARGET: Band.WATCH,
    Reason.SLOWER: Band.WATCH,
    Reason.ALL_WELL: Band.GOOD,
}


def reason_for(facts: Facts) -> Reason:
    """Return the line of the rule that decides; BAND_OF gives its band."""
    if facts.current.availability is None:
        return Reason.NO_DATA
    if not facts.is_reportable:
        return Reason.TOO_LITTLE_DATA
    if not facts.is_target_met:
        return Reason.TARGET_MISSED
    if is_budget_half_spent(facts):
        return Reason.BUDGET_SPENT
    if is_above_target(facts):
        return Reason.ABOVE_TARGET
    if is_slower(facts):
        return Reason.SLOWER
    return Reason.ALL_WELL


def band_for(facts: Facts) -> Band:
    """Return the band of the month, by rule version 1."""
    return BAND_OF[reason_for(facts)]


def is_budget_half_spent(facts: Facts) -> bool:
    """Whether more than half of the error budget is spent; false where there is no budget."""
    return facts.budget_spent is not None and facts.budget_spent > HALF


def is_above_target(facts: Facts) -> bool:
    """Whether p95 is above the agreed target; false where either is missing."""
    p95 = facts.current.response.p95
    return p95 is not None and facts.target_p95_ms is not None and p95 > facts.target_p95_ms


def is_slower(facts: Facts) -> bool:
    """Whether p95 is more than a fifth above the month before; false where either is missing."""
    change = p95_change(facts)
    return change is not None and change > SLOWER_BY


def p95_change(facts: Facts) -> Fraction | None:
    """Return the relative change of p95 against the month before; None where either is missing."""
    now = facts.current.response.p95
    before = facts.previous.response.p95 if facts.previous else None
    if now is None or not before:
        return None
    return Fraction(now - before, before)
