"""When a sign-in ends: known to the page, so that it can warn before it does.

Django keeps the end with the stored session only, counted from its last save; here it is also kept inside, counted from
the signing in or the last renewal. Another save in between moves the real end on, so a warning comes early, never late.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

ENDS_AT = "ends_at"


def renew(session: SessionBase, *, now: datetime) -> int:
    """Let the session last its full time from `now`; return how many seconds that is."""
    session[ENDS_AT] = (now + timedelta(seconds=settings.SESSION_COOKIE_AGE)).timestamp()
    return settings.SESSION_COOKIE_AGE


def seconds_left(session: SessionBase, *, now: datetime) -> int | None:
    """Return the seconds from `now` to the end, or None if the session began before ends were kept."""
    ends_at: Any = session.get(ENDS_AT)
    return None if ends_at is None else max(0, int(ends_at - now.timestamp()))
