from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from success.domain.figures import month_figures
from success.domain.months import Month
from success.domain.spans import Span
from tests.success.samples import SampleCheck, expected_months, sample_checks

AUGUST = Month(2026, 8)
START = datetime(2026, 8, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def check(hours: float, is_up: bool = True, response_ms: int = 100) -> SampleCheck:
    return SampleCheck(at(hours), is_up, response_ms)


@pytest.mark.parametrize("row", expected_months(), ids=lambda row: f"{row['service']}-{row['timezone']}")
def test_month_figures_agree_with_the_sample_data(row):
    figures = month_figures(
        sample_checks()[row["service"]], [], month=Month.parse(row["month"]), zone=row["timezone"], k=1
    )

    assert figures.length / MINUTE == float(row["month_minutes"])
    assert figures.measured / MINUTE == pytest.approx(float(row["known_minutes"]), abs=0.01)
    assert figures.outage / MINUTE == pytest.approx(float(row["down_minutes_k1"]), abs=0.01)
    assert figures.outages_started == int(row["outages_started_k1"])
    assert float(figures.availability * 100) == pytest.approx(float(row["availability_k1_pct"]), abs=0.01)
    assert (figures.response.n, figures.failed) == (int(row["checks_up"]), int(row["checks_down"]))
    tail = figures.response.p95 if figures.response.n >= 20 else figures.response.maximum
    assert tail == pytest.approx(int(row["p95_nearest_rank_up_only"]), abs=1)


def test_month_figures_without_checks_are_no_data():
    figures = month_figures([], [], month=AUGUST, zone="UTC")
    assert figures.availability is None
    assert figures.lived_through is None
    assert figures.coverage == 0
    assert not figures.is_reportable(Decimal(0))


def test_month_figures_of_a_single_check_are_no_data():
    assert month_figures([check(5)], [], month=AUGUST, zone="UTC").availability is None


def test_month_figures_count_an_outage_where_it_starts_and_measure_it_in_each_month():
    checks = [check(-48), check(-1, False), check(2), check(743, False), check(746)]
    july = month_figures(checks, [], month=Month(2026, 7), zone="UTC")
    august = month_figures(checks, [], month=AUGUST, zone="UTC")
    september = month_figures(checks, [], month=Month(2026, 9), zone="UTC")
    assert (july.outages_started, july.outage) == (1, timedelta(hours=1))
    assert (august.outages_started, august.outage) == (1, timedelta(hours=3))
    assert (september.outages_started, september.outage) == (0, timedelta(hours=2))
    assert august.outages[0].span == Span(at(-1), at(2))


def test_month_figures_take_agreed_maintenance_out_of_outage_and_measured_time():
    checks = [check(0), check(10, False), check(14), check(744)]
    figures = month_figures(checks, [Span(at(11), at(13))], month=AUGUST, zone="UTC")
    assert figures.maintenance == timedelta(hours=2)
    assert figures.outage == timedelta(hours=2)
    assert figures.outages_started == 1
    assert figures.availability == 1 - Fraction(2, 742)
    assert figures.lived_through == 1 - Fraction(4, 744)


def test_month_figures_do_not_count_an_outage_inside_agreed_maintenance():
    checks = [check(0), check(11, False), check(12), check(744)]
    figures = month_figures(checks, [Span(at(11), at(13))], month=AUGUST, zone="UTC")
    assert (figures.outages, figures.outage, figures.availability) == ((), timedelta(), 1)


def test_month_figures_never_take_the_same_hour_as_maintenance_and_unknown():
    checks = [check(0), check(100)]
    figures = month_figures(checks, [Span(at(90), at(110))], month=AUGUST, zone="UTC")
    assert figures.maintenance == timedelta(hours=20)
    assert figures.unknown == timedelta(hours=744 - 110)
    assert figures.measured == timedelta(hours=90)


def test_month_figures_count_a_failure_that_only_the_last_check_saw():
    figures = month_figures([check(0), check(20, False)], [], month=AUGUST, zone="UTC")
    assert (figures.outages_started, figures.outage) == (1, timedelta())


def test_is_reportable_compares_coverage_with_the_agreed_floor():
    figures = month_figures([check(0), check(372)], [], month=AUGUST, zone="UTC")
    assert figures.coverage == Fraction(1, 2)
    assert figures.is_reportable(Decimal(50))
    assert not figures.is_reportable(Decimal("50.001"))


hours = st.integers(-30, 780)
windows = st.lists(st.tuples(hours, st.integers(1, 40)).map(lambda pair: Span(at(pair[0]), at(sum(pair)))), max_size=4)


@settings(max_examples=60)
@given(st.dictionaries(hours, st.booleans(), max_size=25), windows)
def test_month_figures_agree_with_looking_at_every_hour(results, maintenance):
    """The slow, obvious truth: each hour of the month is one of maintenance, unknown, down, up."""
    made = [check(hour, is_up) for hour, is_up in sorted(results.items())]
    seen = {"maintenance": 0, "unknown": 0, "down": 0, "up": 0}
    for hour in range(744):
        before = [c for c in made if c.at <= at(hour)]
        if any(span.start <= at(hour) < span.end for span in maintenance):
            seen["maintenance"] += 1
        elif not before or made[-1].at <= at(hour):
            seen["unknown"] += 1
        else:
            seen["up" if before[-1].is_up else "down"] += 1

    figures = month_figures(made, maintenance, month=AUGUST, zone="UTC")

    assert figures.maintenance == timedelta(hours=seen["maintenance"])
    assert figures.unknown == timedelta(hours=seen["unknown"])
    assert figures.outage == timedelta(hours=seen["down"])
    measured = seen["up"] + seen["down"]
    assert figures.availability == (1 - Fraction(seen["down"], measured) if measured else None)
    assert sum((day.outage for day in figures.days), timedelta()) == figures.outage
    assert sum((day.unknown for day in figures.days), timedelta()) == figures.unknown
