"""The figures of one system and month, made from its checks; values in, values out."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from common import percentiles
from success.domain import availability, spans
from success.domain.months import Month, day_span
from success.domain.outages import Checked, find_outages
from success.domain.spans import Span


class TimedCheck(Checked, Protocol):
    @property
    def response_ms(self) -> int: ...


@dataclass(frozen=True)
class ResponseTimes:
    """Milliseconds of the checks that got an answer; None where n is too small."""

    n: int
    p50: int | None
    p95: int | None
    p99: int | None
    maximum: int | None

    @classmethod
    def of(cls, checks: Sequence[TimedCheck]) -> "ResponseTimes":
        times = sorted(check.response_ms for check in checks if check.is_up)
        p50, p95, p99 = (percentiles.percentile(times, q) for q in (percentiles.P50, percentiles.P95, percentiles.P99))
        return cls(len(times), p50, p95, p99, times[-1] if times else None)


@dataclass(frozen=True)
class Outage:
    """An outage as it really lasted (it may reach beyond the month), and its length inside the month."""

    span: Span
    in_month: timedelta
    starts_in_month: bool


@dataclass(frozen=True)
class DayFigures:
    day: date
    outage: timedelta
    unknown: timedelta
    response: ResponseTimes
    failed: int


@dataclass(frozen=True)
class MonthFigures:
    """T, D, M and U of a month, with what follows from them. D, M and U do not overlap."""

    month: Month
    zone: str
    length: timedelta
    outage: timedelta
    maintenance: timedelta
    unknown: timedelta
    outages: tuple[Outage, ...]
    response: ResponseTimes
    failed: int
    days: tuple[DayFigures, ...]

    @property
    def measured(self) -> timedelta:
        return self.length - self.maintenance - self.unknown

    @property
    def availability(self) -> Fraction | None:
        """A, exact; None where no time was measured."""
        if not self.measured:
            return None
        return availability.availability(
            month=self.length, outage=self.outage, maintenance=self.maintenance, unknown=self.unknown
        )

    @property
    def coverage(self) -> Fraction:
        return availability.coverage(month=self.length, unknown=self.unknown)

    @property
    def lived_through(self) -> Fraction | None:
        if not self.measured:
            return None
        return availability.lived_through(month=self.length, outage=self.outage, maintenance=self.maintenance)

    @property
    def outages_started(self) -> int:
        """An outage belongs to the month in which it starts."""
        return sum(outage.starts_in_month for outage in self.outages)

    def is_reportable(self, coverage_floor_percent: Decimal) -> bool:
        """Whether enough of the month was watched to be held to its availability."""
        return bool(self.measured) and self.coverage * 100 >= Fraction(coverage_floor_percent)


def month_figures(
    checks: Sequence[TimedCheck], maintenance: Sequence[Span], *, month: Month, zone: str, k: int = 1
) -> MonthFigures:
    """Return the figures of `month` in `zone`.

    `checks`, in order of time, are those of the month with the neighbours that reach into it: all since the last
    success before its start, and the first after its end. `maintenance` holds the agreed windows announced in time.

    An imported state holds until the next check; before the first and after the last check nothing is known. Failing
    inside an agreed window is maintenance, not outage; a window without checks is maintenance, not unknown: so D, M
    and U never count the same second twice.
    """
    window = month.span(zone)
    agreed = spans.union(spans.clip(maintenance, window))
    outages = _outages_outside(checks, maintenance, k=k)
    down = spans.clip([part for parts in outages for part in parts], window)
    unknown = _unknown(checks, agreed, window)
    instants = [check.at for check in checks]

    def within(span: Span) -> Sequence[TimedCheck]:
        return checks[bisect_left(instants, span.start) : bisect_left(instants, span.end)]

    made, days = within(window), [(day, day_span(day, zone)) for day in month.days]
    return MonthFigures(
        month=month,
        zone=zone,
        length=window.length,
        outage=spans.total(down),
        maintenance=spans.total(agreed),
        unknown=spans.total(unknown),
        outages=tuple(_outage(parts, window) for parts in outages if _touches(parts, window)),
        response=ResponseTimes.of(made),
        failed=_failed(made),
        days=tuple(_day_figures(day, span, within(span), down=down, unknown=unknown) for day, span in days),
    )


def _day_figures(
    day: date, span: Span, made: Sequence[TimedCheck], *, down: Sequence[Span], unknown: Sequence[Span]
) -> DayFigures:
    return DayFigures(
        day,
        outage=spans.total(spans.clip(down, span)),
        unknown=spans.total(spans.clip(unknown, span)),
        response=ResponseTimes.of(made),
        failed=_failed(made),
    )


def _failed(checks: Sequence[TimedCheck]) -> int:
    return sum(not check.is_up for check in checks)


def outage_by_day(
    checks: Sequence[Checked], maintenance: Sequence[Span], days: Sequence[date], *, zone: str, k: int = 1
) -> list[timedelta | None]:
    """Return the outage of each day in `zone`, None for a day of which nothing is known. `checks` as month_figures."""
    down = [part for parts in _outages_outside(checks, maintenance, k=k) for part in parts]

    def outage_of(day: date) -> timedelta | None:
        span = day_span(day, zone)
        if spans.total(_unknown(checks, [], span)) == span.length:
            return None
        return spans.total(spans.clip(down, span))

    return [outage_of(day) for day in days]


def _outages_outside(checks: Sequence[Checked], maintenance: Sequence[Span], *, k: int) -> list[list[Span]]:
    """Return each outage as its parts outside agreed maintenance; one that lies inside it is none."""
    return [parts for span in find_outages(checks, k=k) if (parts := _outside(span, maintenance))]


def _unknown(checks: Sequence[Checked], agreed: Sequence[Span], window: Span) -> list[Span]:
    known = [Span(checks[0].at, checks[-1].at)] if checks else []
    return spans.subtract([window], [*known, *agreed])


def _outside(span: Span, maintenance: Sequence[Span]) -> list[Span]:
    """Return the parts of an outage outside agreed maintenance. One seen only by the last check has no length yet."""
    if span.start == span.end:
        return [] if any(window.start <= span.start < window.end for window in maintenance) else [span]
    return spans.subtract([span], maintenance)


def _touches(parts: Sequence[Span], window: Span) -> bool:
    return _starts_in(parts[0].start, window) or bool(spans.clip(parts, window))


def _starts_in(instant: datetime, window: Span) -> bool:
    return window.start <= instant < window.end


def _outage(parts: Sequence[Span], window: Span) -> Outage:
    return Outage(
        span=Span(parts[0].start, parts[-1].end),
        in_month=spans.total(spans.clip(parts, window)),
        starts_in_month=_starts_in(parts[0].start, window),
    )


def as_answer(figures: MonthFigures, coverage_floor_percent: Decimal) -> dict[str, float | int | bool | None]:
    """Return the figures as the command and the API print them.

    Percentages floored to four decimals, seconds to the millisecond, response times in ms; null where there is no
    data or too small an n.
    """

    def percent(share: Fraction | None) -> float | None:
        return None if share is None else float(availability.floor_percent(share, 4))

    def seconds(length: timedelta) -> float:
        return round(length.total_seconds(), 3)

    return {
        "availability_percent": percent(figures.availability),
        "reportable": figures.is_reportable(coverage_floor_percent),
        "outage_s": seconds(figures.outage),
        "maintenance_s": seconds(figures.maintenance),
        "unknown_s": seconds(figures.unknown),
        "coverage_percent": percent(figures.coverage),
        "outages": figures.outages_started,
        "p50_ms": figures.response.p50,
        "p95_ms": figures.response.p95,
        "p99_ms": figures.response.p99,
        "max_ms": figures.response.maximum,
        "n": figures.response.n,
    }
