"""Figures as they are frozen into a report, and back: what was frozen is what every later page and PDF prints."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from success.domain import availability
from success.domain.figures import DayFigures, MonthFigures, Outage, ResponseTimes
from success.domain.months import Month
from success.domain.spans import Span

VERSION = 1


@dataclass(frozen=True)
class Facts:
    """All that a report says in figures: the month, the month before (None without data) and what was agreed."""

    system: str
    target_percent: Decimal
    target_p95_ms: int | None
    coverage_floor_percent: Decimal
    current: MonthFigures
    previous: MonthFigures | None

    @property
    def target(self) -> Fraction:
        return Fraction(self.target_percent) / 100

    @property
    def is_reportable(self) -> bool:
        return self.current.is_reportable(self.coverage_floor_percent)

    @property
    def error_budget(self) -> timedelta:
        return availability.error_budget(target=self.target, window=self.current.length)

    @property
    def budget_spent(self) -> Fraction | None:
        """D over the month's error budget; None where a target of 100 % leaves no budget."""
        return availability.ratio(self.current.outage, self.error_budget) if self.error_budget else None

    @property
    def is_target_met(self) -> bool:
        return self.current.availability is not None and self.current.availability >= self.target


def freeze(facts: Facts) -> dict[str, Any]:
    """Return `facts` as JSON values; seconds keep their microseconds."""
    return {
        "version": VERSION,
        "system": facts.system,
        "target_percent": str(facts.target_percent),
        "target_p95_ms": facts.target_p95_ms,
        "coverage_floor_percent": str(facts.coverage_floor_percent),
        "current": _freeze_month(facts.current),
        "previous": _freeze_month(replace(facts.previous, days=())) if facts.previous else None,
    }


def thaw(frozen: dict[str, Any]) -> Facts:
    """Return the facts that `freeze` made JSON values of."""
    return Facts(
        system=frozen["system"],
        target_percent=Decimal(frozen["target_percent"]),
        target_p95_ms=frozen["target_p95_ms"],
        coverage_floor_percent=Decimal(frozen["coverage_floor_percent"]),
        current=_thaw_month(frozen["current"]),
        previous=_thaw_month(frozen["previous"]) if frozen["previous"] else None,
    )


def _freeze_month(figures: MonthFigures) -> dict[str, Any]:
    return {
        "month": str(figures.month),
        "zone": figures.zone,
        "length_s": figures.length.total_seconds(),
        "outage_s": figures.outage.total_seconds(),
        "maintenance_s": figures.maintenance.total_seconds(),
        "unknown_s": figures.unknown.total_seconds(),
        "outages": [
            {
                "start": outage.span.start.isoformat(),
                "end": outage.span.end.isoformat(),
                "in_month_s": outage.in_month.total_seconds(),
                "starts_in_month": outage.starts_in_month,
            }
            for outage in figures.outages
        ],
        "response": _freeze_response(figures.response),
        "failed": figures.failed,
        "days": [
            {
                "day": day.day.isoformat(),
                "outage_s": day.outage.total_seconds(),
                "unknown_s": day.unknown.total_seconds(),
                "response": _freeze_response(day.response),
                "failed": day.failed,
            }
            for day in figures.days
        ],
    }


def _thaw_month(frozen: dict[str, Any]) -> MonthFigures:
    return MonthFigures(
        month=Month.parse(frozen["month"]),
        zone=frozen["zone"],
        length=timedelta(seconds=frozen["length_s"]),
        outage=timedelta(seconds=frozen["outage_s"]),
        maintenance=timedelta(seconds=frozen["maintenance_s"]),
        unknown=timedelta(seconds=frozen["unknown_s"]),
        outages=tuple(
            Outage(
                span=Span(datetime.fromisoformat(outage["start"]), datetime.fromisoformat(outage["end"])),
                in_month=timedelta(seconds=outage["in_month_s"]),
                starts_in_month=outage["starts_in_month"],
            )
            for outage in frozen["outages"]
        ),
        response=ResponseTimes(**frozen["response"]),
        failed=frozen["failed"],
        days=tuple(
            DayFigures(
                day=date.fromisoformat(day["day"]),
                outage=timedelta(seconds=day["outage_s"]),
                unknown=timedelta(seconds=day["unknown_s"]),
                response=ResponseTimes(**day["response"]),
                failed=day["failed"],
            )
            for day in frozen["days"]
        ),
    )


def _freeze_response(response: ResponseTimes) -> dict[str, int | None]:
    return {
        "n": response.n,
        "p50": response.p50,
        "p95": response.p95,
        "p99": response.p99,
        "maximum": response.maximum,
    }


def canonical(frozen: dict[str, Any]) -> bytes:
    """Return frozen facts as the bytes that are hashed: sorted keys, no white space, UTF-8."""
    return json.dumps(frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
