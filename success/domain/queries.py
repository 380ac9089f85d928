"""Reads that pages, commands and reports share."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, Lag

from success.domain.figures import MonthFigures, month_figures, outage_by_day
from success.domain.months import Month, day_span
from success.domain.spans import Span
from success.models import Check, HealthReport, MaintenanceWindow, MonitoredSystem

UNREPORTED = 9  # sorts after every Band; databases differ in where they sort nothing
EVER = Span(datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))


class CheckPoint(NamedTuple):
    at: datetime
    is_up: bool
    response_ms: int


def reaching_into(system: MonitoredSystem, window: Span) -> QuerySet[Check]:
    """Return the checks of `window` and the neighbours whose state reaches into it, in order of time.

    Those are all since the last success before the window, so that an outage under way is seen from its beginning,
    and the first check after it, up to which the last state holds.
    """
    checks = Check.objects.filter(system=system)
    earlier = checks.filter(at__lt=window.start, is_up=True).order_by("-at").values("at")[:1]
    later = checks.filter(at__gte=window.end).order_by("at").values("at")[:1]
    return checks.filter(
        at__gte=Coalesce(Subquery(earlier), Value(EVER.start)), at__lte=Coalesce(Subquery(later), Value(EVER.end))
    ).order_by("at")


def figures_of(
    system: MonitoredSystem, month: Month, *, zone: str, maintenance: Sequence[Span] | None = None
) -> MonthFigures:
    """Return the figures of `system` in `month` of `zone`, computed from its checks (imported states: k = 1)."""
    if maintenance is None:
        maintenance = counting_spans(system.maintenance_windows.counting())
    rows = reaching_into(system, month.span(zone)).values_list("at", "is_up", "response_ms")
    return month_figures([CheckPoint(*row) for row in rows], maintenance, month=month, zone=zone, k=1)


def outage_of_days(
    system: MonitoredSystem, days: Sequence[date], *, zone: str, maintenance: Sequence[Span]
) -> list[timedelta | None]:
    """Return the outage of each of the `days`, which follow one another; None where nothing is known.

    With states judged by their source (k = 1) the changes of state are enough: few rows, however many checks.
    """
    window = Span(day_span(days[0], zone).start, day_span(days[-1], zone).end)
    checks = reaching_into(system, window)
    before = Window(Lag("is_up"), order_by="at")
    changes = checks.annotate(before=before).filter(Q(before=None) | ~Q(before=F("is_up")))
    points = [CheckPoint(*row) for row in changes.values_list("at", "is_up", "response_ms")]
    last = checks.order_by("-at").values_list("at", "is_up", "response_ms").first()
    if last and CheckPoint(*last) != points[-1]:
        points.append(CheckPoint(*last))
    return outage_by_day(points, maintenance, days, zone=zone)


def counting_spans(windows: Sequence[MaintenanceWindow] | QuerySet[MaintenanceWindow]) -> list[Span]:
    """Return the agreed maintenance among `windows`."""
    return [Span(window.starts_at, window.ends_at) for window in windows if window.counts]


def with_last_check(systems: QuerySet[MonitoredSystem]) -> QuerySet[MonitoredSystem]:
    """Add to each system when it was last looked at, and whether it answered."""
    newest = Check.objects.filter(system=OuterRef("pk")).order_by("-at")
    return systems.annotate(
        last_check_at=Subquery(newest.values("at")[:1]), last_check_is_up=Subquery(newest.values("is_up")[:1])
    )


def with_last_report(systems: QuerySet[MonitoredSystem], reports: QuerySet[HealthReport]) -> QuerySet[MonitoredSystem]:
    """Add to each system month and health of its newest among `reports`, and a rank that sorts the worst first."""
    newest = reports.filter(system=OuterRef("pk")).order_by("-month")
    return systems.annotate(
        last_month=Subquery(newest.values("month")[:1]),
        last_band=Subquery(newest.values("band")[:1]),
        health_rank=Coalesce(Subquery(newest.values("band")[:1]), Value(UNREPORTED)),
    )
