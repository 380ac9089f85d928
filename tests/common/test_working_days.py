from datetime import date

from common.working_days import add_working_days, is_working_day, next_working_day, previous_working_day


def test_is_working_day_knows_holidays_and_make_up_weekends_of_china():
    assert not is_working_day(date(2026, 10, 1), "Asia/Shanghai")  # National Day, a Thursday
    assert is_working_day(date(2026, 10, 10), "Asia/Shanghai")  # a Saturday that makes up for it


def test_is_working_day_elsewhere_knows_weekends_only():
    assert is_working_day(date(2026, 10, 1), "America/Lima")
    assert not is_working_day(date(2026, 10, 10), "America/Lima")


def test_next_working_day_keeps_a_working_day():
    assert next_working_day(date(2026, 3, 2), "Asia/Shanghai") == date(2026, 3, 2)
    assert next_working_day(date(2026, 3, 7), "Asia/Shanghai") == date(2026, 3, 9)


def test_previous_working_day_keeps_a_working_day():
    assert previous_working_day(date(2026, 3, 2), "Asia/Shanghai") == date(2026, 3, 2)
    assert previous_working_day(date(2026, 10, 4), "Asia/Shanghai") == date(2026, 9, 30)


def test_add_working_days_jumps_over_a_holiday_week():
    assert add_working_days(date(2026, 9, 30), 1, "Asia/Shanghai") == date(2026, 10, 8)
