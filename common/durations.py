"""Lengths of time in words."""

from datetime import timedelta

from django.utils.translation import gettext


def in_words(value: timedelta | float) -> str:
    """Return a timedelta, or seconds, in its two largest units, the rest cut off: 5 h 12 min, 3 d 4 h, 40 s."""
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        parts = [(days, gettext("%(n)s d")), (hours, gettext("%(n)s h"))]
    elif hours:
        parts = [(hours, gettext("%(n)s h")), (minutes, gettext("%(n)s min"))]
    elif minutes:
        parts = [(minutes, gettext("%(n)s min"))]
    else:
        parts = [(seconds, gettext("%(n)s s"))]
    words = [text % {"n": n} for n, text in parts if n] or [parts[0][1] % {"n": 0}]
    return " ".join(words)
