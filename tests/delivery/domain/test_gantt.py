from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from delivery.domain import gantt

TODAY = date(2026, 5, 20)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_window_has_a_week_of_air_on_both_sides():
    spans = [(date(2026, 3, 2), date(2026, 3, 6)), (date(2026, 2, 9), date(2026, 2, 10))]
    assert gantt.window(spans, today=TODAY) == gantt.Window(date(2026, 2, 2), date(2026, 3, 13))


def test_window_without_tasks_shows_this_month():
    assert gantt.window([], today=TODAY).first == date(2026, 5, 1)


def test_bar_counts_its_last_day():
    span = gantt.Window(date(2026, 1, 1), date(2026, 1, 10))
    assert gantt.bar(span, date(2026, 1, 2), date(2026, 1, 3), 50) == gantt.Bar(left=10, width=20, done=10)


@given(st.lists(st.tuples(days, st.integers(0, 400)), min_size=1, max_size=20))
def test_every_bar_lies_inside_the_window(rows):
    spans = [(start, start + timedelta(days=length)) for start, length in rows]
    span = gantt.window(spans, today=TODAY)
    for start, end in spans:
        bar = gantt.bar(span, start, end, 100)
        assert bar.left >= 0
        assert bar.left + bar.width <= 100.001


@given(days, st.integers(0, 4000))
def test_ticks_are_month_starts_and_never_crowd(first, length):
    span = gantt.Window(first, first + timedelta(days=length))
    found = gantt.ticks(span)
    assert all(tick.day.day == 1 and span.first <= tick.day <= span.last for tick in found)
    assert len(found) <= gantt.MAX_TICKS
