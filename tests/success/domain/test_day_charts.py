from datetime import UTC, datetime, timedelta

from success.domain import day_charts


def test_strip_chart_shows_days_and_their_outage():
    days = [datetime(2026, 8, day, tzinfo=UTC).date() for day in (1, 2, 3)]
    chart = day_charts.strip_chart(days, [None, timedelta(), timedelta(minutes=42)])
    assert chart.rows == (("2026-08-01", "no data"), ("2026-08-02", "0 s"), ("2026-08-03", "42 min"))
    assert "42 min of outage on 1 of 3 days." in chart.drawing
