"""What the figures of a month advise: simple rules, each with the figures that made it speak.

blind_spots     coverage is below the agreed floor
target_missed   availability is reportable and below its target
budget_spent    the target is met, but more than half of the error budget is spent
same_hours      at least three outages began in the month, and at least three of them within the same two hours
                of the day (00–02, 02–04, …), which is more than half of all
above_target    p95 is above its target
slower          p95 is more than 20 % above the month before
long_tail       p99 is at least four times p50
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from success.domain import availability, bands
from success.domain.snapshots import Facts
from success.enums import DecisionOwner, Priority, Rule

SAME_HOURS_AT_LEAST = 3
TAIL_FACTOR = 4


@dataclass(frozen=True)
class Advice:
    """One recommendation before it has words. `figures` are JSON values: they are frozen with the report."""

    rule: Rule
    priority: Priority
    decided_by: DecisionOwner
    figures: dict[str, Any]


def advise(facts: Facts) -> list[Advice]:
    """Return what the rules advise, the urgent first."""
    return sorted(_speak(facts), key=lambda advice: advice.priority)


def _speak(facts: Facts) -> Iterator[Advice]:
    now = facts.current
    if not facts.is_reportable:
        yield Advice(
            Rule.BLIND_SPOTS,
            Priority.HIGH,
            DecisionOwner.VENDOR,
            {
                "unknown_s": now.unknown.total_seconds(),
                "coverage_percent": _percent(now.coverage),
                "floor_percent": _plain(facts.coverage_floor_percent),
            },
        )
    elif not facts.is_target_met:
        yield Advice(Rule.TARGET_MISSED, Priority.HIGH, DecisionOwner.VENDOR, _outage_figures(facts))
    elif bands.is_budget_half_spent(facts):
        yield Advice(Rule.BUDGET_SPENT, Priority.MEDIUM, DecisionOwner.VENDOR, _outage_figures(facts))
    if same_hours := _same_hours(facts):
        yield Advice(Rule.SAME_HOURS, Priority.MEDIUM, DecisionOwner.VENDOR, same_hours)
    if bands.is_above_target(facts):
        yield Advice(
            Rule.ABOVE_TARGET,
            Priority.HIGH,
            DecisionOwner.VENDOR,
            {"p95_ms": now.response.p95, "target_ms": facts.target_p95_ms, "n": now.response.n},
        )
    if bands.is_slower(facts) and facts.previous:
        yield Advice(
            Rule.SLOWER,
            Priority.MEDIUM,
            DecisionOwner.VENDOR,
            {"p95_ms": now.response.p95, "before_ms": facts.previous.response.p95},
        )
    p50, p99 = now.response.p50, now.response.p99
    if p50 and p99 and p99 >= TAIL_FACTOR * p50:
        yield Advice(
            Rule.LONG_TAIL,
            Priority.MEDIUM,
            DecisionOwner.CUSTOMER,
            {"p50_ms": p50, "p99_ms": p99, "n": now.response.n},
        )


def _outage_figures(facts: Facts) -> dict[str, Any]:
    longest = max(facts.current.outages, key=lambda outage: outage.in_month)
    return {
        "availability_percent": _percent(facts.current.availability),
        "target_percent": _plain(facts.target_percent),
        "outage_s": facts.current.outage.total_seconds(),
        "budget_s": facts.error_budget.total_seconds(),
        "longest_s": longest.in_month.total_seconds(),
        "longest_start": longest.span.start.isoformat(),
    }


def _same_hours(facts: Facts) -> dict[str, Any] | None:
    """Return the two hours of the day in which most outages began, if they are suspiciously many."""
    zone = ZoneInfo(facts.current.zone)
    started = [o.span.start.astimezone(zone).hour // 2 * 2 for o in facts.current.outages if o.starts_in_month]
    if len(started) < SAME_HOURS_AT_LEAST:
        return None
    hour, times = Counter(started).most_common(1)[0]
    if times < SAME_HOURS_AT_LEAST or times * 2 <= len(started):
        return None
    return {"from_hour": hour, "to_hour": hour + 2, "times": times, "outages": len(started)}


def _percent(share) -> str:
    return str(availability.floor_percent(share, 2))


def _plain(percent: Decimal) -> str:
    return f"{percent.normalize():f}"  # 99.900 as 99.9; str() would print 100 as 1E+2
