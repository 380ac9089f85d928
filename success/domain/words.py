"""Figures in words, in whatever language is active: what a report says of itself until a person edits it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.durations import in_words
from success.domain import availability, bands
from success.domain.availability import floor_percent
from success.domain.bands import Reason
from success.domain.figures import MonthFigures
from success.domain.months import Month
from success.domain.snapshots import Facts
from success.enums import Rule

MINUS = "−"


def month_name(month: Month) -> str:
    """Return "July 2026" or "2026年7月"."""
    return date_format(month.first_day, "YEAR_MONTH_FORMAT")


def short_month_name(month: Month) -> str:
    """Return "June" or "6月": for comparing with the month before."""
    # Translators: a date format for the name of a month alone
    return date_format(month.first_day, _("F"))


def percent(share: Fraction | None, digits: int = 2) -> str:
    """Return a share of 0 to 1 as per cent, floored to `digits` decimals; a dash for none."""
    return "–" if share is None else str(floor_percent(share, digits))


def plain(number: Decimal) -> str:
    """Return a number without the zeros at its end."""
    return f"{number.normalize():f}"  # 99.900 as 99.9


def summary(facts: Facts) -> str:
    """Return the first draft of a report's summary: why the band, what was down, how it compares."""
    text = reason(facts)
    why = bands.reason_for(facts)
    sentences = [] if why == Reason.NO_DATA else [outages(facts)]
    if why not in (Reason.NO_DATA, Reason.ABOVE_TARGET, Reason.SLOWER):  # the last two have told of response times
        sentences.append(answers(facts))
    for sentence in sentences:
        text = _("%(before)s %(sentence)s") % {"before": text, "sentence": sentence}
    return text


def reason(facts: Facts) -> str:
    """Return the sentence that gives the reason for the band."""
    now = facts.current
    known = {
        "month": month_name(now.month),
        "availability": percent(now.availability),
        "target": plain(facts.target_percent),
        "coverage": percent(now.coverage),
        "floor": plain(facts.coverage_floor_percent),
        "outage": in_words(now.outage),
        "spent": percent(facts.budget_spent, 0),
        "p95": now.response.p95,
        "p95_target": facts.target_p95_ms,
        "change": signed_percent(bands.p95_change(facts)),
        "before": short_month_name(now.month.previous),
    }
    return _reason_text(bands.reason_for(facts)) % known


def _reason_text(why: Reason) -> str:
    return {
        Reason.NO_DATA: _("Nothing was measured in %(month)s, so there are no figures to report."),
        Reason.TOO_LITTLE_DATA: _(
            "Only %(coverage)s %% of %(month)s was watched, less than the agreed %(floor)s %%: "
            "availability is not reportable."
        ),
        Reason.TARGET_MISSED: _("Availability was %(availability)s %%, below the agreed %(target)s %%."),
        Reason.BUDGET_SPENT: _(
            "Availability of %(availability)s %% met its target of %(target)s %%, "
            "but %(outage)s of outage spent %(spent)s %% of the month's error budget."
        ),
        Reason.ABOVE_TARGET: _(
            "Availability of %(availability)s %% met its target of %(target)s %%, "
            "but the p95 response time of %(p95)s ms is above the agreed %(p95_target)s ms."
        ),
        Reason.SLOWER: _(
            "Availability of %(availability)s %% met its target of %(target)s %%, "
            "but the p95 response time changed by %(change)s %% against %(before)s."
        ),
        Reason.ALL_WELL: _(
            "Availability of %(availability)s %% met its target of %(target)s %%, and response times held."
        ),
    }[why]


def outages(facts: Facts) -> str:
    """Say how many outages began in the month and how long the longest was, or how long nothing failed."""
    now = facts.current
    if not now.outages:
        return _("No failure in %(hours)s measured hours.") % {
            "hours": f"{int(now.measured.total_seconds() // 3600):,}"
        }
    longest = max(now.outages, key=lambda outage: outage.in_month)
    text = ngettext(
        "%(count)s outage began in the month; the longest, on %(day)s, took %(length)s.",
        "%(count)s outages began in the month; the longest, on %(day)s, took %(length)s.",
        now.outages_started,
    )
    return text % {
        "count": now.outages_started,
        "day": date_format(longest.span.start.astimezone(ZoneInfo(now.zone)), "MONTH_DAY_FORMAT"),
        "length": in_words(longest.in_month),
    }


def answers(facts: Facts) -> str:
    """Return the sentence about response times; p95 needs 20 answers, below that the slowest is named."""
    response = facts.current.response
    if not response.n:
        return _("No check got an answer, so there are no response times.")
    if response.p95 is None:
        return _("The slowest of %(n)s answers took %(maximum)s ms.") % {"n": response.n, "maximum": response.maximum}
    if (change := bands.p95_change(facts)) is None:
        return _("The p95 response time was %(p95)s ms.") % {"p95": response.p95}
    return _("The p95 response time was %(p95)s ms, %(change)s %% against %(before)s.") % {
        "p95": response.p95,
        "change": signed_percent(change),
        "before": short_month_name(facts.current.month.previous),
    }


def availability_change(facts: Facts) -> str:
    """Return the change of the printed availability against the month before, in percentage points."""
    now, before = facts.current.availability, facts.previous.availability if facts.previous else None
    if now is None or before is None:
        return nothing_before(facts)
    change = floor_percent(now, 2) - floor_percent(before, 2)
    return _("%(change)s points against %(before)s") % {"change": signed(change), "before": _before(facts)}


def p95_change(facts: Facts) -> str:
    """Say how p95 changed against the month before, in per cent."""
    if (change := bands.p95_change(facts)) is None:
        return nothing_before(facts)
    return _("%(change)s %% against %(before)s") % {"change": signed_percent(change), "before": _before(facts)}


def outages_change(facts: Facts) -> str:
    """Say how many more or fewer outages began than in the month before."""
    if facts.previous is None:
        return nothing_before(facts)
    change = facts.current.outages_started - facts.previous.outages_started
    return _("%(change)s against %(before)s") % {"change": signed(change), "before": _before(facts)}


def nothing_before(facts: Facts) -> str:
    """Say that the month before has no figures to compare with."""
    return _("nothing to compare with in %(before)s") % {"before": _before(facts)}


def signed(number: int | Decimal) -> str:
    """Return a change with its sign: +2, −0.04, ±0."""
    if not number:
        return f"±{number}"
    return f"+{number}" if number > 0 else f"{MINUS}{-number}"


def signed_percent(change: Fraction | None) -> str:
    """Return a relative change as whole percent, rounded to the nearest: −11."""
    return "–" if change is None else signed(round(change * 100))


def mean_times(now: MonthFigures) -> dict[str, str]:
    """Return MTBF and MTRS in words; without a failure there is none: "no failure in x h"."""
    if not now.measured:
        return dict.fromkeys(("between", "restore"), _("no data"))
    failures = now.outages_started
    uptime = now.measured - now.outage
    between = availability.mean_time_between_failures(uptime=uptime, failures=failures)
    restore = availability.mean_time_to_restore(outage=now.outage, failures=failures)
    if between is None or restore is None:
        none = _("no failure in %(hours)s h") % {"hours": f"{int(uptime.total_seconds() // 3600):,}"}
        return {"between": none, "restore": none}
    return {"between": in_words(between), "restore": in_words(restore)}


def advice(rule: Rule, figures: dict[str, Any], zone: str) -> str:
    """Return the first draft of what to do."""
    return ADVICE[rule]() % _shown(figures, zone)


def evidence(rule: Rule, figures: dict[str, Any], zone: str) -> str:
    """Return the figures that made the rule speak, in words."""
    return EVIDENCE[rule]() % _shown(figures, zone)


ADVICE: dict[Rule, Callable[[], str]] = {
    Rule.TARGET_MISSED: lambda: _(
        "Find the cause of the longest outage, of %(longest_start)s, and agree what keeps it from coming back."
    ),
    Rule.BUDGET_SPENT: lambda: _(
        "Look into the longest outage, of %(longest_start)s, before the next one breaks the target."
    ),
    Rule.SAME_HOURS: lambda: _(
        "Look at what runs between %(from_hour)s:00 and %(to_hour)s:00, such as backups and nightly jobs, and move it."
    ),
    Rule.ABOVE_TARGET: lambda: _(
        "Trace the slowest requests and their database queries; agree what is improved first."
    ),
    Rule.SLOWER: lambda: _("Compare releases, data volume and load of the two months to find what made it slower."),
    Rule.LONG_TAIL: lambda: _("A few requests are far slower than the rest: look for slow queries and large reports."),
    Rule.BLIND_SPOTS: lambda: _("Repair the monitoring, so that the next month can be held to its target."),
}
EVIDENCE: dict[Rule, Callable[[], str]] = {
    Rule.TARGET_MISSED: lambda: _(
        "Availability %(availability_percent)s %%, target %(target_percent)s %%; outage %(outage)s, "
        "error budget %(budget)s; the longest outage took %(longest)s."
    ),
    Rule.BUDGET_SPENT: lambda: _(
        "Outage %(outage)s of an error budget of %(budget)s; the longest outage took %(longest)s."
    ),
    Rule.SAME_HOURS: lambda: _("%(times)s of %(outages)s outages began in these two hours of the day."),
    Rule.ABOVE_TARGET: lambda: _("p95 %(p95_ms)s ms, target %(target_ms)s ms, from %(n)s answers."),
    Rule.SLOWER: lambda: _("p95 %(p95_ms)s ms, in the month before %(before_ms)s ms."),
    Rule.LONG_TAIL: lambda: _("p50 %(p50_ms)s ms, p99 %(p99_ms)s ms, from %(n)s answers."),
    Rule.BLIND_SPOTS: lambda: _(
        "Coverage %(coverage_percent)s %%, agreed floor %(floor_percent)s %%; unknown %(unknown)s."
    ),
}


def _shown(figures: dict[str, Any], zone: str) -> dict[str, Any]:
    """Return the figures of a recommendation as they are printed: lengths and instants in words, two-digit hours."""
    shown = dict(figures)
    for name, value in figures.items():
        if name.endswith("_s"):
            shown[name.removesuffix("_s")] = in_words(value)
        elif name.endswith("_start"):
            shown[name] = date_format(datetime.fromisoformat(value).astimezone(ZoneInfo(zone)), "DATETIME_FORMAT")
        elif name.endswith("_hour"):
            shown[name] = f"{value:02}"
    return shown


def _before(facts: Facts) -> str:
    return short_month_name(facts.current.month.previous)
