from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from success.domain import availability as rules

NOTHING = timedelta()
DAYS_30 = timedelta(days=30)


def test_availability_is_one_less_downtime_over_measured_time():
    share = rules.availability(
        month=DAYS_30, outage=timedelta(hours=1), maintenance=timedelta(hours=20), unknown=timedelta(hours=100)
    )
    assert share == 1 - Fraction(1, 600)


def test_availability_of_no_measured_time_is_refused():
    with pytest.raises(ValueError, match="no measured time"):
        rules.availability(month=DAYS_30, outage=NOTHING, maintenance=NOTHING, unknown=DAYS_30)


def test_coverage_and_lived_through_refer_to_the_whole_month():
    assert rules.coverage(month=DAYS_30, unknown=timedelta(days=3)) == Fraction(9, 10)
    assert rules.lived_through(month=DAYS_30, outage=timedelta(days=1), maintenance=timedelta(days=2)) == Fraction(
        9, 10
    )


@pytest.mark.parametrize(("days", "minutes"), [(28, "40.32"), (30, "43.2"), (31, "44.64")])
def test_error_budget_of_three_nines(days, minutes):
    budget = rules.error_budget(target=Fraction(999, 1000), window=timedelta(days=days))
    assert budget == timedelta(minutes=float(minutes))


def test_burn_rate_of_one_spends_the_budget_exactly():
    assert rules.burn_rate(error_rate=Fraction(1, 1000), target=Fraction(999, 1000)) == 1
    with pytest.raises(ValueError, match="no budget"):
        rules.burn_rate(error_rate=Fraction(1, 1000), target=Fraction(1))


def test_mean_times_are_none_without_a_failure():
    assert rules.mean_time_between_failures(uptime=DAYS_30, failures=0) is None
    assert rules.mean_time_to_restore(outage=NOTHING, failures=0) is None
    assert rules.mean_time_between_failures(uptime=timedelta(hours=90), failures=3) == timedelta(hours=30)
    assert rules.mean_time_to_restore(outage=timedelta(minutes=90), failures=3) == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("share", "digits", "printed"),
    [
        (Fraction(99899, 100000), 1, "99.8"),
        (Fraction(99899, 100000), 2, "99.89"),
        (Fraction(999999999, 1000000000), 4, "99.9999"),
        (Fraction(1), 4, "100.0000"),
        (Fraction(0), 2, "0.00"),
    ],
)
def test_floor_percent_never_rounds_up(share, digits, printed):
    assert rules.floor_percent(share, digits) == Decimal(printed)
