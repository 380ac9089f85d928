"""The demo tells of months; this sets the clock that its steps are stamped with. Nothing else uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

_real_now = timezone.now


class Story:
    """Days of one project, counted from its start. `with story.at(12, "10:30"):` runs its block as if it were then."""

    def __init__(self, starts_on: date, zone: str):
        self.starts_on, self.zone = starts_on, ZoneInfo(zone)

    def day(self, offset: int) -> date:
        return self.starts_on + timedelta(days=offset)

    @contextmanager
    def at(self, offset: int, clock: str = "10:00") -> Iterator[datetime]:
        """Make timezone.now() answer that instant, and never one that has not come yet."""
        moment = datetime.combine(self.day(offset), time.fromisoformat(clock), tzinfo=self.zone)
        moment = min(moment.astimezone(UTC), _real_now())
        before = timezone.now
        timezone.now = lambda: moment  # type: ignore[assignment]
        try:
            yield moment
        finally:
            timezone.now = before  # type: ignore[assignment]
