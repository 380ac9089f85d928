import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from success.domain.spans import Span, clip, subtract, total, union

ZERO = datetime(2026, 8, 1, tzinfo=UTC)


def minutes(start: int, end: int) -> Span:
    return Span(ZERO + timedelta(minutes=start), ZERO + timedelta(minutes=end))


def covered(spans) -> set[int]:
    """The slow, obvious truth: every minute that lies in one of the spans."""
    return {m for span in spans for m in range(60) if span.start <= ZERO + timedelta(minutes=m) < span.end}


some_spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: minutes(min(pair), max(pair))), max_size=8
)


def test_union_merges_spans_that_overlap_or_touch():
    assert union([minutes(5, 9), minutes(0, 3), minutes(3, 6), minutes(20, 20)]) == [minutes(0, 9)]


@given(some_spans)
def test_union_keeps_every_minute_in_disjoint_ordered_spans(spans):
    merged = union(spans)
    assert covered(merged) == covered(spans)
    assert all(before.end < after.start for before, after in itertools.pairwise(merged))


@given(some_spans, some_spans)
def test_subtract_leaves_the_minutes_outside(spans, minus):
    assert covered(subtract(spans, minus)) == covered(spans) - covered(minus)


@given(some_spans, some_spans.filter(bool))
def test_clip_keeps_the_minutes_inside(spans, windows):
    assert covered(clip(spans, windows[0])) == covered(spans) & covered(windows[:1])


@given(some_spans)
def test_total_counts_time_covered_twice_once(spans):
    assert total(spans) == timedelta(minutes=len(covered(spans)))
