from datetime import date

import pytest

from projects.domain.calendars import Calendar, calendar_for, plan_phases
from projects.domain.errors import GoLiveTooSoon
from projects.domain.playbooks import Moment, parse_playbook
from tests.projects.playbook_text import SMALL

START = date(2026, 3, 2)  # a Monday
PLAYBOOK = parse_playbook("small", SMALL)


def calendar(days, nominal=100):
    go_live = date.fromordinal(START.toordinal() + days)
    return Calendar(START, go_live, nominal, "UTC")


def test_day_stretches_what_is_counted_from_the_start():
    assert calendar(200).day(Moment("start", 10)) == date(2026, 3, 22)
    assert calendar(50).day(Moment("start", 10)) == date(2026, 3, 7)


def test_day_counts_from_go_live_without_stretching():
    assert calendar(200).day(Moment("go_live", -5)) == date(2026, 9, 13)


def test_day_is_never_before_the_start():
    assert calendar(20).day(Moment("go_live", -30)) == START


def test_span_starts_on_a_working_day_and_counts_working_days():
    assert calendar(100).span(Moment("start", 5), 5) == (date(2026, 3, 9), date(2026, 3, 13))


def test_span_shortens_work_in_a_shorter_project_only():
    assert calendar(50).span(Moment("start", 0), 10) == (date(2026, 3, 2), date(2026, 3, 6))
    assert calendar(200).span(Moment("start", 0), 10) == (date(2026, 3, 2), date(2026, 3, 13))


def test_span_keeps_the_day_of_go_live_on_a_weekend():
    assert calendar(5).span(Moment("go_live", 0), 0) == (date(2026, 3, 7), date(2026, 3, 7))


def test_span_makes_a_milestone_due_before_a_free_day():
    assert calendar(5).span(Moment("go_live", 1), 0) == (date(2026, 3, 6), date(2026, 3, 6))
    saturday = Calendar(date(2026, 3, 7), date(2026, 6, 1), 100, "UTC")
    assert saturday.span(Moment("start", 0), 0) == (date(2026, 3, 9), date(2026, 3, 9))


def test_calendar_for_uses_the_playbooks_own_length_by_default():
    made = calendar_for(PLAYBOOK, starts_on=START, go_live_on=None, zone="UTC")

    assert made.go_live_on == date(2026, 6, 10)


def test_calendar_for_refuses_a_go_live_too_soon():
    with pytest.raises(GoLiveTooSoon, match="20 days"):
        calendar_for(PLAYBOOK, starts_on=START, go_live_on=date(2026, 3, 21), zone="UTC")


def test_plan_phases_gives_dates_and_milestones():
    prepare, run = plan_phases(PLAYBOOK, calendar(100), "en")

    assert (prepare.name, prepare.starts_on, prepare.ends_on) == ("Prepare", START, date(2026, 4, 11))
    assert run.ends_on == date(2026, 6, 20)
    assert run.milestones == [("Go-live", date(2026, 6, 10))]
