from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from success.domain.outages import find_degraded, find_outages
from success.domain.spans import Span
from tests.success.samples import SampleCheck

ZERO = datetime(2026, 8, 1, tzinfo=UTC)


def checks(*results: tuple[int, bool]) -> list[SampleCheck]:
    return [SampleCheck(ZERO + timedelta(minutes=minute), is_up, 100) for minute, is_up in results]


def every_minute(pattern: str) -> list[SampleCheck]:
    return checks(*[(minute, mark == "u") for minute, mark in enumerate(pattern)])


def span(start: int, end: int) -> Span:
    return Span(ZERO + timedelta(minutes=start), ZERO + timedelta(minutes=end))


@pytest.mark.parametrize(
    ("pattern", "outages"),
    [
        ("uuuuuu", []),
        ("uudduuu", []),  # two failures in a row are too short
        ("uudddduuu", [span(2, 6)]),  # dated back to the first failure, closed at the first of three successes
        ("uddduudduuu", [span(1, 8)]),  # two successes in a row do not close it
        ("udddu", [span(1, 4)]),  # not closed yet: it ends where knowledge ends
        ("uddd", [span(1, 3)]),
        ("", []),
    ],
)
def test_find_outages_waits_for_three_in_a_row_at_one_minute_probes(pattern, outages):
    assert find_outages(every_minute(pattern), k=3) == outages


def test_find_outages_opens_after_five_minutes_whatever_k_is():
    assert find_outages(checks((0, False), (5, True), (6, True), (7, True)), k=3) == [span(0, 5)]
    assert find_outages(checks((0, False), (4, True), (5, True), (6, True)), k=3) == []


def test_find_outages_lets_rare_probes_hide_nothing():
    assert find_outages(checks((0, True), (120, False), (240, True), (360, True)), k=3) == [span(120, 240)]


def test_find_outages_closes_at_one_success_where_probes_are_rare():
    results = checks((0, False), (60, True), (66, False), (120, True), (240, True))
    assert find_outages(results, k=3) == [span(0, 60), span(66, 120)]


def test_find_outages_takes_every_failure_of_another_monitor_as_judged():
    assert find_outages(every_minute("uduudd"), k=1) == [span(1, 2), span(4, 5)]


def test_find_degraded_shows_what_is_too_short_to_be_an_outage():
    assert find_degraded(every_minute("udduuuuddddduuu"), k=3) == [span(1, 3)]


def watch(results: list[SampleCheck], k: int) -> list[Span]:
    """The slow, obvious truth: live through every minute and keep count, as a person at the screen would."""
    if not results:
        return []
    by_minute = {check.at: check.is_up for check in results}
    outages, opened = [], None
    failures = successes = 0
    failing_since = up_since = last_success = None
    now = results[0].at
    while now <= results[-1].at:
        if opened is None and failing_since and now - failing_since >= timedelta(minutes=5):
            opened = failing_since
        if opened and up_since and now - last_success > timedelta(minutes=5):
            outages.append(Span(opened, up_since))
            opened = None
        if by_minute.get(now):
            failures, failing_since = 0, None
            successes, up_since, last_success = successes + 1, up_since or now, now
        elif now in by_minute:
            # a success whose next check came late has closed the outage, even if that next check is this failure
            successes, up_since = 0, None
            failures, failing_since = failures + 1, failing_since or now
        if opened is None and failures >= k:
            opened = failing_since
        if opened and successes >= k:
            outages.append(Span(opened, up_since))
            opened = None
        now += timedelta(minutes=1)
    return [*outages, Span(opened, results[-1].at)] if opened else outages


@given(st.dictionaries(st.integers(0, 60), st.booleans(), max_size=30), st.integers(1, 4))
def test_find_outages_agrees_with_watching_every_minute(results, k):
    made = checks(*sorted(results.items()))
    assert find_outages(made, k=k) == watch(made, k)
