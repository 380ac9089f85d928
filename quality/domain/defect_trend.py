"""How defects come and go: opened and settled per day, how many fixes did not hold, how old what is open is.

Values in, value out; no database, no clock. Days are those of the zone that the caller names.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from quality.enums import SETTLED, DefectState

BELIEVED = frozenset({DefectState.FIXED, DefectState.CLOSED})  # states from which reopening says "it did not hold"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """A defect: in which state it is, and since when it has been known."""

    pk: int
    state: str
    reported_at: datetime


@dataclass(frozen=True)
class Moved:
    """A move of a defect from one state to another."""

    defect_id: int
    source: str
    target: str
    at: datetime


@dataclass(frozen=True)
class Day:
    """What happened on one day, and how many were open when it ended."""

    day: date
    opened: int  # reported, or opened again after they were settled
    settled: int  # closed, or found to be duplicates
    open_after: int


@dataclass(frozen=True)
class Trend:
    """The days of a window, and where things stand at its end.

    `reopened` of `fixed`: the defects that were opened again after they were called fixed, of those that ever were.
    `mean_age_days` is that of the `unsettled` ones, None where there is none.
    """

    days: tuple[Day, ...]
    reopened: int
    fixed: int
    unsettled: int
    mean_age_days: Fraction | None

    @property
    def opened(self) -> int:
        return sum(day.opened for day in self.days)

    @property
    def settled(self) -> int:
        return sum(day.settled for day in self.days)


def trend_of(
    defects: Iterable[Known], moves: Iterable[Moved], *, first: date, last: date, zone: str, now: datetime
) -> Trend:
    """Return the days from `first` to `last`, both included, in `zone`, and the rates up to `now`.

    Raises ValueError if `last` is before `first`.
    """
    if last < first:
        raise ValueError("a window ends before it begins")
    defects, moves, place = list(defects), list(moves), ZoneInfo(zone)
    opened = Counter(defect.reported_at.astimezone(place).date() for defect in defects)
    settled: Counter[date] = Counter()
    for move in moves:
        day = move.at.astimezone(place).date()
        opened[day] += move.source in SETTLED and move.target not in SETTLED
        settled[day] += move.target in SETTLED and move.source not in SETTLED
    fixed = {move.defect_id for move in moves if move.target == DefectState.FIXED}
    again = {move.defect_id for move in moves if move.source in BELIEVED and move.target == DefectState.OPEN}
    ages = [now - defect.reported_at for defect in defects if defect.state not in SETTLED]
    return Trend(
        days=_days(first, last, opened, settled),
        reopened=len(again & fixed),
        fixed=len(fixed),
        unsettled=len(ages),
        mean_age_days=Fraction(sum(ages, timedelta()) // timedelta(seconds=1), 86_400 * len(ages)) if ages else None,
    )


def _days(first: date, last: date, opened: Counter[date], settled: Counter[date]) -> tuple[Day, ...]:
    left = sum(number for day, number in opened.items() if day < first)
    left -= sum(number for day, number in settled.items() if day < first)
    days = []
    for place in range((last - first).days + 1):
        day = first + place * DAY
        left += opened[day] - settled[day]
        days.append(Day(day, opened[day], settled[day], left))
    return tuple(days)
