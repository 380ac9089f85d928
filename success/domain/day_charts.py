"""The charts of a health report and of a system's page: a column or a point per day, and the same as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import charts
from common.durations import in_words
from success.domain.figures import DayFigures
from success.domain.months import day_span
from success.domain.snapshots import Facts

LABELLED_DAYS = 3
STRIP_WIDTH = 800


@dataclass(frozen=True)
class Chart:
    """A drawing, and its figures once more as a table for who cannot see it."""

    title: str
    drawing: SafeString
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def outage_chart(facts: Facts) -> Chart:
    """Draw the minutes of outage of each day of the month, in the language now active; the worst days are labelled."""
    zone, days = facts.current.zone, facts.current.days
    minutes = {day.day: day.outage / timedelta(minutes=1) for day in days}
    worst = sorted((day for day in minutes if minutes[day]), key=lambda day: -minutes[day])[:LABELLED_DAYS]
    columns = [
        charts.Column(
            str(day.day.day),
            None if day.unknown == day_span(day.day, zone).length else minutes[day.day],
            _whole_minutes(minutes[day.day]) if day.day in worst else "",
        )
        for day in days
    ]
    title, finding = _("Outage per day"), _outage_finding(facts.current.outage, minutes, worst)
    return Chart(
        title,
        charts.column_chart(columns, charts.Words(title, finding, _("min")), zero=_("no outage"), missing=_("no data")),
        (_("Day"), _("Outage"), _("Unknown"), _("Failed checks")),
        tuple(_outage_row(day) for day in days),
    )


def _outage_finding(outage: timedelta, minutes: Mapping[date, float], worst: Sequence[date]) -> str:
    if not worst:
        return _("No outage was seen on any day.")
    return _("%(outage)s of outage on %(count)s days; most on %(day)s, %(minutes)s minutes.") % {
        "outage": in_words(outage),
        "count": sum(bool(value) for value in minutes.values()),
        "day": date_format(worst[0], "MONTH_DAY_FORMAT"),
        "minutes": _whole_minutes(minutes[worst[0]]),
    }


def _outage_row(day: DayFigures) -> tuple[str, ...]:
    shown = date_format(day.day, "SHORT_DATE_FORMAT")
    return (shown, in_words(day.outage), in_words(day.unknown), str(day.failed))


def strip_chart(days: Sequence[date], outages: Sequence[timedelta | None]) -> Chart:
    """Draw the outage of the last days, in the reader's language."""
    minutes = [None if outage is None else outage / timedelta(minutes=1) for outage in outages]
    worst = sorted((value for value in minutes if value), reverse=True)[:LABELLED_DAYS]
    shown = [date_format(day, "MONTH_DAY_FORMAT") for day in days]
    columns = [
        charts.Column(name, value, _whole_minutes(value) if value and value in worst else "")
        for name, value in zip(shown, minutes, strict=True)
    ]
    title = _("Outage per day, last %(days)s days") % {"days": len(days)}
    finding = _("%(outage)s of outage on %(count)s of %(days)s days.") % {
        "outage": in_words(sum((outage for outage in outages if outage), timedelta())),
        "count": sum(bool(outage) for outage in outages),
        "days": len(days),
    }
    words_of_chart = charts.Words(title, finding, _("min"))
    return Chart(
        title,
        charts.column_chart(columns, words_of_chart, zero=_("no outage"), missing=_("no data"), wide=STRIP_WIDTH),
        (_("Day"), _("Outage")),
        tuple(
            (date_format(day, "SHORT_DATE_FORMAT"), _("no data") if outage is None else in_words(outage))
            for day, outage in zip(days, outages, strict=True)
        ),
    )


def _whole_minutes(minutes: float) -> str:
    return "<1" if minutes < 1 else f"{int(minutes):,}"


def response_chart(facts: Facts) -> Chart:
    """Draw p95 and p50 per day; where no day has the 20 answers p95 needs, the slowest answer takes its place."""
    days = facts.current.days
    has_p95 = any(day.response.p95 is not None for day in days)
    upper = [day.response.p95 if has_p95 else day.response.maximum for day in days]
    name = _("p95") if has_p95 else _("slowest answer")
    return Chart(
        _("Response time per day"),
        charts.line_chart(
            [str(day.day.day) for day in days],
            [charts.Line(name, upper), charts.Line(_("p50"), [day.response.p50 for day in days], is_dashed=True)],
            charts.Words(_("Response time per day"), _response_finding(name, upper, days), "ms"),
            target=facts.target_p95_ms if has_p95 else None,
            target_label=_("target %(target)s ms") % {"target": f"{facts.target_p95_ms:,}"}
            if facts.target_p95_ms
            else "",
        ),
        (_("Day"), "p50", "p95", _("Maximum"), "n"),
        tuple(_response_row(day) for day in days),
    )


def _response_finding(name: str, upper: Sequence[int | None], days: Sequence[DayFigures]) -> str:
    known = [(value, day.day) for value, day in zip(upper, days, strict=True) if value is not None]
    if not known:
        return _("There are no response times.")
    peak, day = max(known)
    return _("%(name)s between %(least)s and %(most)s ms, highest on %(day)s.") % {
        "name": name,
        "least": f"{min(known)[0]:,}",
        "most": f"{peak:,}",
        "day": date_format(day, "MONTH_DAY_FORMAT"),
    }


def _response_row(day: DayFigures) -> tuple[str, ...]:
    response = day.response
    times = (response.p50, response.p95, response.maximum)
    shown = ("–" if value is None else f"{value:,}" for value in times)
    return (date_format(day.day, "SHORT_DATE_FORMAT"), *shown, f"{response.n:,}")
