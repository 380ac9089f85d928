from decimal import Decimal

import pytest

from success.domain import words
from tests.success.factories import make_facts, month_of_checks

JULY = month_of_checks("2026-07", response_ms=lambda n: 250 + n % 100)


def test_summary_gives_reason_outages_and_comparison():
    facts = make_facts(month_of_checks(down=[100, 101, 400]), before=JULY)
    assert words.summary(facts) == (
        "Availability was 99.79 %, below the agreed 99.9 %. "
        "2 outages began in the month; the longest, on 3 Aug, took 1 h. "
        "The p95 response time was 294 ms, −15 % against July."
    )


def test_summary_of_no_data_says_no_more_than_that():
    assert words.summary(make_facts([])) == "Nothing was measured in August 2026, so there are no figures to report."


def test_summary_of_a_month_hardly_watched():
    assert words.summary(make_facts(month_of_checks()[:11], before=JULY)) == (
        "Only 0.67 % of August 2026 was watched, less than the agreed 95 %: availability is not reportable. "
        "No failure in 5 measured hours. The slowest of 11 answers took 210 ms."
    )


def test_summary_names_measured_hours_without_a_failure():
    assert "No failure in 744 measured hours." in words.summary(make_facts())


def test_changes_against_the_month_before():
    facts = make_facts(month_of_checks(down=[5]), before=JULY)
    assert words.availability_change(facts) == "−0.07 points against July"
    assert words.p95_change(facts) == "−15 % against July"
    assert words.outages_change(facts) == "+1 against July"
    assert words.outages_change(make_facts()) == "nothing to compare with in July"


@pytest.mark.parametrize(
    ("number", "printed"), [(2, "+2"), (-2, "−2"), (0, "±0"), (Decimal("-0.04"), "−0.04"), (Decimal("0.00"), "±0.00")]
)
def test_signed_writes_a_true_minus(number, printed):
    assert words.signed(number) == printed


def test_plain_keeps_round_numbers_readable():
    assert [words.plain(Decimal(number)) for number in ("99.900", "100", "95.000")] == ["99.9", "100", "95"]
