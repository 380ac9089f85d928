from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.domain.defect_trend import Day, Known, Moved, trend_of

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 3)
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)


def at(day, hour=12):
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def test_trend_of_counts_what_comes_and_goes_each_day():
    defects = [Known(1, "closed", at(1)), Known(2, "open", at(1)), Known(3, "fixed", datetime(2026, 5, 1, tzinfo=UTC))]
    moves = [
        Moved(1, "open", "fixed", at(1)),
        Moved(1, "fixed", "closed", at(2)),
        Moved(1, "closed", "open", at(3)),
        Moved(1, "open", "duplicate", at(3)),
        Moved(3, "open", "fixed", at(2)),
    ]
    trend = trend_of(defects, moves, first=FIRST, last=LAST, zone="UTC", now=NOW)
    assert trend.days == (Day(FIRST, 2, 0, 3), Day(date(2026, 6, 2), 0, 1, 2), Day(LAST, 1, 1, 2))
    assert (trend.opened, trend.settled) == (3, 2)
    assert (trend.reopened, trend.fixed) == (1, 2)
    assert trend.unsettled == 2


def test_trend_of_counts_a_defect_once_however_often_it_is_reopened():
    moves = [Moved(1, "open", "fixed", at(1)), Moved(1, "fixed", "open", at(1))] * 3
    trend = trend_of([Known(1, "open", at(1))], moves, first=FIRST, last=LAST, zone="UTC", now=NOW)
    assert (trend.reopened, trend.fixed) == (1, 1)


@pytest.mark.parametrize("source", ["deferred", "declined", "duplicate"])
def test_trend_of_does_not_blame_a_fix_for_what_was_never_called_fixed(source):
    moves = [Moved(1, source, "open", at(1))]
    assert trend_of([], moves, first=FIRST, last=LAST, zone="UTC", now=NOW).reopened == 0


def test_trend_of_takes_the_days_of_the_zone():
    late = [Known(1, "open", at(1, hour=17))]  # 01:00 on the 2nd in Shanghai
    trend = trend_of(late, [], first=FIRST, last=LAST, zone="Asia/Shanghai", now=NOW)
    assert [day.opened for day in trend.days] == [0, 1, 0]


def test_trend_of_prints_no_mean_of_nothing():
    trend = trend_of([Known(1, "closed", at(1))], [], first=FIRST, last=LAST, zone="UTC", now=NOW)
    assert trend.mean_age_days is None
    ages = [Known(1, "open", NOW - timedelta(days=1)), Known(2, "deferred", NOW - timedelta(days=2))]
    assert trend_of(ages, [], first=FIRST, last=LAST, zone="UTC", now=NOW).mean_age_days == Fraction(3, 2)


def test_trend_of_refuses_a_window_that_ends_before_it_begins():
    with pytest.raises(ValueError, match="ends before"):
        trend_of([], [], first=LAST, last=FIRST, zone="UTC", now=NOW)


@given(st.lists(st.integers(-40, 40), max_size=30))
def test_trend_of_ends_with_all_that_was_opened_and_not_settled(offsets):
    defects = [Known(n, "open", NOW + timedelta(days=min(offset, 0))) for n, offset in enumerate(offsets)]
    trend = trend_of(defects, [], first=FIRST, last=LAST, zone="UTC", now=NOW)
    assert trend.days[-1].open_after == len(offsets)
