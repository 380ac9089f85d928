"""Where the bars of a plan stand: dates in, percentages of the chart's width out. No database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Window:
    """The days a chart shows, first and last inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def position(self, day: date) -> float:
        """Return where `day` begins, in percent of the width: 0 at the first day, 100 after the last."""
        return round(100 * (day - self.first).days / self.days, 3)


@dataclass(frozen=True)
class Bar:
    """A task in the chart, in percent of the width: `done` is the part of `width` that is finished."""

    left: float
    width: float
    done: float


@dataclass(frozen=True)
class Tick:
    """The first day of a month, or of a quarter where months would be too narrow."""

    left: float
    day: date


MAX_TICKS = 6  # their labels stand beside each other in the narrowest chart


def window(spans: Iterable[tuple[date, date]], *, today: date) -> Window:
    """Return the days from the first start to the last end, a week of air on both sides; today's month if empty."""
    spans = list(spans)
    if not spans:
        return Window(today.replace(day=1), today.replace(day=1) + timedelta(days=41))
    return Window(
        min(start for start, _end in spans) - timedelta(days=7), max(end for _start, end in spans) + timedelta(days=7)
    )


def bar(span: Window, starts_on: date, ends_on: date, progress_percent: int) -> Bar:
    """Return the bar of a task whose last day counts in full."""
    left = span.position(starts_on)
    width = round(span.position(ends_on + timedelta(days=1)) - left, 3)
    return Bar(left, width, round(width * progress_percent / 100, 3))


def ticks(span: Window) -> list[Tick]:
    """Return month starts inside the window, thinned to at most MAX_TICKS by a step of some months or years."""
    months = []
    day = span.first.replace(day=1)
    while day <= span.last:
        if day >= span.first:
            months.append(day)
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    for step in (1, 2, 3, 6, 12, 24, 60, 120, 240):
        chosen = [month for month in months if (month.year * 12 + month.month - 1) % step == 0]
        if len(chosen) <= MAX_TICKS:
            break
    return [Tick(span.position(month), month) for month in chosen]
