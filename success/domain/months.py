"""Calendar months, evaluated in the zone of the contract."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from common.dates import month_bounds, start_of_day
from success.domain.spans import Span


@dataclass(frozen=True, order=True)
class Month:
    """A month of the calendar; `str()` gives "2026-08"."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-08". Raises ValueError for anything else."""
        if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or not 1970 <= int(text[:4]) <= 9000:
            raise ValueError(f"not a month: {text}")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> "Month":
        return Month.containing(self.first_day - timedelta(days=1))

    @property
    def days(self) -> list[date]:
        return [self.first_day + timedelta(days=n) for n in range(self.last_day.day)]

    def span(self, zone: str) -> Span:
        """Return the month's instants in `zone`; with a change of summer time it is an hour longer or shorter."""
        return Span(*month_bounds(self.year, self.number, zone))


def day_span(day: date, zone: str) -> Span:
    """Return the span of `day` in `zone`: 23 or 25 hours where the clock changes."""
    return Span(start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone))


def closed_month(now: datetime, zone: str, *, closes_at_hour: int = 2) -> Month:
    """Return the last month that is closed at `now`: a month closes at 02:00 on the 1st after it, in `zone`."""
    return Month.containing((now.astimezone(ZoneInfo(zone)) - timedelta(hours=closes_at_hour)).date()).previous
