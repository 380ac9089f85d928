"""Working days: Monday to Friday without public holidays, and with the make-up weekends of the country.

Holidays and make-up days come from the `holidays` library (definitions.md, Working calendar).
"""

from datetime import date, timedelta
from functools import cache

import holidays

# The country whose public holidays rule the zone of a contract; elsewhere only weekends are free.
COUNTRIES = {
    "Asia/Shanghai": "CN",
    "Asia/Urumqi": "CN",
    "Asia/Hong_Kong": "HK",
    "Asia/Singapore": "SG",
    "Europe/London": "GB",
    "Europe/Berlin": "DE",
    "Europe/Paris": "FR",
}


@cache
def _holidays(zone: str) -> holidays.HolidayBase:
    country = COUNTRIES.get(zone)
    return holidays.country_holidays(country) if country else holidays.HolidayBase()


def is_working_day(day: date, zone: str) -> bool:
    """Whether people work on `day` in the country of `zone`, an IANA name."""
    return _holidays(zone).is_working_day(day)


def next_working_day(day: date, zone: str) -> date:
    """Return `day`, or the first working day after it."""
    while not is_working_day(day, zone):
        day += timedelta(days=1)
    return day


def previous_working_day(day: date, zone: str) -> date:
    """Return `day`, or the last working day before it."""
    while not is_working_day(day, zone):
        day -= timedelta(days=1)
    return day


def add_working_days(day: date, count: int, zone: str) -> date:
    """Return the day that is `count` working days after `day`; `day` itself is not counted."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), zone)
    return day
