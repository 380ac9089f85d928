from datetime import UTC, date, datetime, timedelta

import pytest

from success.domain.months import Month, closed_month


def test_parse_reads_what_str_writes():
    assert str(Month.parse("2026-08")) == "2026-08"


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-8", "26-08", "", "2026-08-01", "２０２６-08", "0001-01"])
def test_parse_refuses_what_is_no_month(text):
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


def test_neighbours_cross_the_year():
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2027, 1).previous == Month(2026, 12)
    assert Month(2028, 2).last_day == date(2028, 2, 29)
    assert len(Month(2026, 8).days) == 31


def test_span_follows_the_zone_and_its_summer_time():
    assert Month(2026, 8).span("Asia/Shanghai").start == datetime(2026, 7, 31, 16, tzinfo=UTC)
    assert Month(2026, 3).span("Europe/London").length == timedelta(days=31) - timedelta(hours=1)
    assert Month(2026, 10).span("Europe/London").length == timedelta(days=31) + timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 8, 31, 17, 59, tzinfo=UTC), Month(2026, 7)),  # 01:59 on 1 September in Shanghai
        (datetime(2026, 8, 31, 18, 0, tzinfo=UTC), Month(2026, 8)),
        (datetime(2026, 9, 30, 12, 0, tzinfo=UTC), Month(2026, 8)),
    ],
)
def test_closed_month_turns_at_two_in_the_morning_of_the_zone(now, month):
    assert closed_month(now, "Asia/Shanghai") == month
