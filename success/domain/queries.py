"""Reads that pages, commands and reports share."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from success.domain.figures import MonthFigures, month_figures
from success.domain.months import Month
from success.domain.spans import Span
from success.models import MonitoredSystem


class CheckPoint(NamedTuple):
    at: datetime
    is_up: bool
    response_ms: int


def checks_reaching_into(system: MonitoredSystem, window: Span) -> list[CheckPoint]:
    """Return the checks of `window` and the neighbours whose state reaches into it.

    Those are all since the last success before the window, so that an outage under way is seen from its beginning,
    and the first check after it, up to which the last state holds.
    """
    checks = system.checks.order_by("at")
    earlier = system.checks.filter(at__lt=window.start, is_up=True).order_by("-at").values_list("at", flat=True).first()
    later = checks.filter(at__gte=window.end).values_list("at", flat=True).first()
    if earlier:
        checks = checks.filter(at__gte=earlier)
    if later:
        checks = checks.filter(at__lte=later)
    return [CheckPoint(*row) for row in checks.values_list("at", "is_up", "response_ms")]


def counting_maintenance(system: MonitoredSystem, window: Span) -> list[Span]:
    """Return the agreed maintenance, announced in time, that touches `window` or an outage reaching into it."""
    windows = system.maintenance_windows.counting().filter(starts_at__lt=window.end)
    return [Span(*row) for row in windows.values_list("starts_at", "ends_at")]


def figures_of(system: MonitoredSystem, month: Month, *, zone: str) -> MonthFigures:
    """Return the figures of `system` in `month` of `zone`, computed from its checks (imported states: k = 1)."""
    window = month.span(zone)
    checks: Sequence[CheckPoint] = checks_reaching_into(system, window)
    return month_figures(checks, counting_maintenance(system, window), month=month, zone=zone, k=1)
