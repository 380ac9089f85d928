from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from common.percentiles import P50, P95, P99, nearest_rank, percentile


def test_percentile_of_the_whole_is_not_the_mean_of_percentiles():
    a, b = [100] * 970 + [900] * 30, [100] * 90 + [2000] * 10
    assert percentile(sorted(a), P95) == 100
    assert percentile(sorted(b), P95) == 2000
    assert percentile(sorted(a + b), P95) == 100


def test_percentile_needs_enough_values():
    assert percentile([], P50) is None
    assert percentile([7], P50) == 7
    assert percentile(list(range(19)), P95) is None
    assert percentile(list(range(1, 21)), P95) == 19
    assert percentile(list(range(99)), P99) is None
    assert percentile(list(range(1, 101)), P99) == 99


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=300), st.integers(1, 100))
def test_nearest_rank_is_the_least_value_that_covers_the_share(values, percent):
    found = nearest_rank(sorted(values), Fraction(percent, 100))
    covering = [v for v in values if 100 * sum(other <= v for other in values) >= percent * len(values)]
    assert found == min(covering)
