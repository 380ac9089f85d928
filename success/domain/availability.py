"""How much of a month a system was there for its users (definitions.md, Availability)."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

MICROSECOND = timedelta(microseconds=1)


def availability(*, month: timedelta, outage: timedelta, maintenance: timedelta, unknown: timedelta) -> Fraction:
    """Return A = 1 − D / (T − M − U), exact, 0 to 1; the page floors it when it prints.

    The four stretches must not overlap. Raises ValueError if no measured time is left.
    Source: definitions.md, Availability.
    """
    measured = month - maintenance - unknown
    if measured <= timedelta():
        raise ValueError("no measured time")
    return 1 - ratio(outage, measured)


def coverage(*, month: timedelta, unknown: timedelta) -> Fraction:
    """Return 1 − U / T: the part of the month that was watched."""
    return 1 - ratio(unknown, month)


def lived_through(*, month: timedelta, outage: timedelta, maintenance: timedelta) -> Fraction:
    """Return 1 − (D + M) / T: the part of the month in which people found the system there."""
    return 1 - ratio(outage + maintenance, month)


def error_budget(*, target: Fraction, window: timedelta) -> timedelta:
    """Return (1 − target) × window: 99.9 % is 43.2 min in 30 days. Rounded down to the microsecond."""
    return floor((1 - target) * (window // MICROSECOND)) * MICROSECOND


def burn_rate(*, error_rate: Fraction, target: Fraction) -> Fraction:
    """Return error rate / (1 − target); 1 spends the budget exactly. Raises ValueError for a target of 100 %."""
    if target >= 1:
        raise ValueError("a target of 100 % leaves no budget to burn")
    return error_rate / (1 - target)


def mean_time_between_failures(*, uptime: timedelta, failures: int) -> timedelta | None:
    """Return MTBF = uptime / failures; None when nothing failed ("no failure in x h")."""
    return uptime / failures if failures else None


def mean_time_to_restore(*, outage: timedelta, failures: int) -> timedelta | None:
    """Return MTRS = outage time / failures, counted from the failure; None when nothing failed."""
    return outage / failures if failures else None


def ratio(part: timedelta, whole: timedelta) -> Fraction:
    """Return part / whole, exact."""
    return Fraction(part // MICROSECOND, whole // MICROSECOND)


def floor_percent(share: Fraction, digits: int = 2) -> Decimal:
    """Return `share` (0 to 1) as a percentage floored to `digits`: 99.899 % is never 99.9 %."""
    return Decimal(floor(share * 100 * 10**digits)).scaleb(-digits)
