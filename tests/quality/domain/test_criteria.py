from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.domain import criteria
from quality.domain.criteria import Measured, evaluate, floored
from quality.enums import Operator, Outcome, Verdict

OUTCOMES = st.lists(st.sampled_from(list(Outcome)), max_size=60)


@pytest.mark.parametrize(
    ("operator", "threshold", "value", "verdict"),
    [
        (Operator.AT_LEAST, 95, Fraction(95), Verdict.MET),
        (Operator.AT_LEAST, 95, Fraction(9499, 100), Verdict.NOT_MET),
        (Operator.AT_MOST, 0, Fraction(0), Verdict.MET),
        (Operator.AT_MOST, 0, Fraction(1), Verdict.NOT_MET),
        (Operator.EXACTLY, 1, Fraction(1), Verdict.MET),
        (Operator.EXACTLY, 1, Fraction(0), Verdict.NOT_MET),
        (Operator.AT_MOST, 5, None, Verdict.NO_DATA),
    ],
)
def test_evaluate_compares_exactly_and_knows_no_data(operator, threshold, value, verdict):
    assert evaluate(operator, Fraction(threshold), Measured(value)) == verdict


def test_evaluate_is_not_met_when_something_stands_against_it():
    assert evaluate(Operator.AT_MOST, Fraction(3), Measured(Fraction(2), against=("no date",))) == Verdict.NOT_MET


def test_a_third_of_a_percent_short_is_not_met():
    """284 of 299 is 94.98 %, which a float prints as 95."""
    assert evaluate(Operator.AT_LEAST, Fraction(95), criteria.rate(284, 299)) == Verdict.NOT_MET


@pytest.mark.parametrize(
    ("verdicts", "met"),
    [
        ([], False),
        ([Verdict.MET], True),
        ([Verdict.MET, Verdict.NOT_MET], False),
        ([Verdict.MET, Verdict.NO_DATA], False),
    ],
)
def test_all_met_needs_a_criterion_and_counts_no_data_as_not_met(verdicts, met):
    assert criteria.all_met(verdicts) is met


def test_rate_of_no_cases_has_no_value():
    assert criteria.rate(0, 0) == Measured(None, (0, 0))
    assert evaluate(Operator.AT_LEAST, Fraction(0), criteria.rate(0, 0)) == Verdict.NO_DATA


@pytest.mark.parametrize(("count", "total"), [(-1, 1), (2, 1)])
def test_rate_refuses_what_is_no_rate(count, total):
    with pytest.raises(ValueError, match="is no rate"):
        criteria.rate(count, total)


def test_rates_of_an_example():
    """150 planned: 129 passed, 6 failed, 5 blocked, 4 not applicable, 6 not run."""
    outcomes = (
        [Outcome.PASSED] * 129
        + [Outcome.FAILED] * 6
        + [Outcome.BLOCKED] * 5
        + [Outcome.SKIPPED] * 4
        + [Outcome.NOT_RUN] * 6
    )
    assert criteria.execution_rate(outcomes).counts == (135, 150)
    assert criteria.pass_rate(outcomes).counts == (129, 150)
    assert criteria.pass_rate(outcomes).value == 86


@given(OUTCOMES)
def test_passed_is_never_more_than_executed_nor_more_than_planned(outcomes):
    executed, passed = criteria.execution_rate(outcomes), criteria.pass_rate(outcomes)
    assert passed.counts[0] <= executed.counts[0] <= executed.counts[1] == passed.counts[1] == len(outcomes)
    assert (passed.value is None) == (not outcomes)


@given(OUTCOMES, st.sampled_from([Outcome.SKIPPED, Outcome.BLOCKED, Outcome.NOT_RUN]))
def test_what_is_not_final_never_raises_a_rate(outcomes, idle):
    for measure in (criteria.execution_rate, criteria.pass_rate):
        before, after = measure(outcomes), measure([*outcomes, idle])
        assert after.counts[0] == before.counts[0]
        assert before.value is None or after.value <= before.value


@given(st.fractions(min_value=-10_000, max_value=10_000), st.integers(0, 4))
def test_floored_is_the_largest_printable_value_not_above(value, digits):
    printed = Fraction(floored(value, digits))
    assert printed <= value < printed + Fraction(1, 10**digits)


@given(st.decimals(min_value=0, max_value=1000, places=4))
def test_floored_agrees_with_decimal(value):
    assert floored(Fraction(value), 2) == str(value.quantize(Decimal("0.01"), ROUND_FLOOR))


@pytest.mark.parametrize(("value", "digits", "text"), [("99.899", 1, "99.8"), ("99.999", 0, "99"), ("0.05", 2, "0.05")])
def test_floored_examples(value, digits, text):
    assert floored(Fraction(value), digits) == text


@pytest.mark.parametrize(("threshold", "digits"), [("95", 0), ("99.5", 1), ("0.25", 2), ("1/3", 4)])
def test_decimals_of(threshold, digits):
    assert criteria.decimals_of(Fraction(threshold)) == digits


@given(st.sampled_from(list(Operator)), st.fractions(), st.fractions())
def test_evaluate_agrees_with_the_comparison(operator, threshold, value):
    satisfied = {"ge": value >= threshold, "le": value <= threshold, "eq": value == threshold}[operator]
    assert (evaluate(operator, threshold, Measured(value)) == Verdict.MET) is satisfied


def test_count_keeps_only_words_that_say_something():
    assert criteria.count(2, "", "no date") == Measured(Fraction(2), against=("no date",))
