"""Checks of an invented system, as in the sample data: working days, weekends, outages, a maintenance night."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from zoneinfo import ZoneInfo

UP, GATEWAY_TIMEOUT, NO_ANSWER = 200, 504, 0
TIMEOUT_MS = 10_000
SETTLING = timedelta(minutes=10)  # work begins after the announced start and is done before the announced end


@dataclass(frozen=True)
class Profile:
    """How a system behaves: answers at rest and at its busiest, how often it fails, when it is maintained."""

    name: str
    zone: str
    every: timedelta = timedelta(minutes=15)
    at_rest_ms: int = 220
    busiest_ms: int = 460
    growth_per_month: float = 0.0  # 0.05: five per cent slower each month
    outages_per_month: float = 1.5
    outage_minutes: tuple[int, int] = (6, 40)
    open_hours: tuple[int, int] = (8, 20)
    works_weekends: bool = False
    maintenance: Sequence[tuple[datetime, datetime]] = ()


@dataclass(frozen=True)
class MadeCheck:
    at: datetime
    is_up: bool
    http_code: int
    response_ms: int


def generate_checks(seed: int, start: datetime, end: datetime, profile: Profile) -> list[MadeCheck]:
    """Return the checks of `[start, end)`: the same for the same arguments.

    While the system is down it is probed every two minutes, as monitors do; so count time, never checks.
    """
    chance = random.Random(seed)  # noqa: S311 not for secrets
    work = [(begin + SETTLING, finish - SETTLING) for begin, finish in profile.maintenance]
    down = [*_outages(chance, start, end, profile), *work]
    checks, at = [], start
    while at < end:
        is_down = any(begin <= at < finish for begin, finish in down)
        checks.append(_failed(chance, at) if is_down else _answered(chance, at, start, profile))
        wait = timedelta(minutes=2) if is_down else profile.every
        at += wait + timedelta(milliseconds=chance.randint(-900, 900))
    return checks


def write_csv(name: str, checks: Sequence[MadeCheck]) -> str:
    """Return the checks as a file that import_checks reads."""
    lines = ["service,checked_at,status,http_code,response_ms"]
    lines += [
        f"{name},{check.at.isoformat(timespec='milliseconds')},{'up' if check.is_up else 'down'},"
        f"{check.http_code},{check.response_ms}"
        for check in checks
    ]
    return "\n".join(lines) + "\n"


def _outages(
    chance: random.Random, start: datetime, end: datetime, profile: Profile
) -> list[tuple[datetime, datetime]]:
    """Strew outages at the profile's mean distance, most of them short."""
    if not profile.outages_per_month:
        return []
    outages, at = [], start
    while True:
        at += timedelta(days=30) / profile.outages_per_month * chance.expovariate(1)
        if at >= end:
            return outages
        shortest, longest = profile.outage_minutes
        length = timedelta(minutes=shortest + (longest - shortest) * chance.random() ** 2)
        outages.append((at, at + length))


def _failed(chance: random.Random, at: datetime) -> MadeCheck:
    if chance.random() < 0.5:
        return MadeCheck(at, False, NO_ANSWER, 0)
    return MadeCheck(at, False, GATEWAY_TIMEOUT, TIMEOUT_MS + chance.randint(50, 900))


def _answered(chance: random.Random, at: datetime, start: datetime, profile: Profile) -> MadeCheck:
    months = (at - start) / timedelta(days=30.4)
    usual = profile.at_rest_ms + (profile.busiest_ms - profile.at_rest_ms) * _load(at, profile)
    usual *= (1 + profile.growth_per_month) ** months
    noise = exp(chance.gauss(0, 0.16))
    slow = chance.uniform(2, 5) if chance.random() < 0.006 else 1  # now and then a heavy report runs
    return MadeCheck(at, True, UP, round(usual * noise * slow))


def _load(at: datetime, profile: Profile) -> float:
    """Return 0 to 1: how busy the people are at this hour, with a peak in mid-morning and one after lunch."""
    local = at.astimezone(ZoneInfo(profile.zone))
    hour = local.hour + local.minute / 60
    opens, closes = profile.open_hours
    if not opens <= hour < closes or (local.weekday() >= 5 and not profile.works_weekends):
        return 0.05
    span = closes - opens
    morning = exp(-(((hour - opens - span * 0.2) / (span * 0.16)) ** 2))
    afternoon = exp(-(((hour - opens - span * 0.6) / (span * 0.2)) ** 2))
    return min(1.0, 0.25 + 0.75 * max(morning, 0.85 * afternoon))
