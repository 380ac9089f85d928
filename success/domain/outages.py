"""From single checks to outages (definitions.md, Availability)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple, Protocol

from success.domain.spans import Span

PATIENCE = timedelta(minutes=5)


class Checked(Protocol):
    """What a check must tell: when it was made, and whether the system answered."""

    @property
    def at(self) -> datetime: ...

    @property
    def is_up(self) -> bool: ...


class Run(NamedTuple):
    """Neighbouring checks with one result. Its state holds until the next check that says otherwise."""

    is_up: bool
    span: Span
    checks: int  # how many
    longest_hold: timedelta  # the longest wait from a check of the run to the next check of the system


def find_outages(checks: Sequence[Checked], *, k: int = 1, patience: timedelta = PATIENCE) -> list[Span]:
    """Return the outages that `checks` (in order of time, of one system) show, in order.

    An outage opens once k checks in a row have failed or the system has been failing for `patience`, whichever comes
    first, dated back to the first failure. It closes at the first of k successes, of one where the next check is more
    than `patience` away. An outage still open ends at the last check: what follows is unknown. States that another
    monitor has judged are k = 1.
    """
    outages: list[Span] = []
    opened: datetime | None = None
    for run in _runs(checks):
        if opened is None:
            if not run.is_up and (run.checks >= k or run.span.length >= patience):
                opened = run.span.start
        elif run.is_up and (run.checks >= k or run.longest_hold > patience):
            outages.append(Span(opened, run.span.start))
            opened = None
    if opened is not None:
        outages.append(Span(opened, checks[-1].at))
    return outages


def find_degraded(checks: Sequence[Checked], *, k: int = 1, patience: timedelta = PATIENCE) -> list[Span]:
    """Return the failing stretches too short to be an outage: shown, but no part of D."""
    outages = find_outages(checks, k=k, patience=patience)
    failing = [run.span for run in _runs(checks) if not run.is_up]
    return [span for span in failing if not any(o.start <= span.start and span.end <= o.end for o in outages)]


def _runs(checks: Sequence[Checked]) -> Iterable[Run]:
    position = 0
    for is_up, members in groupby(checks, key=lambda check: check.is_up):
        first = position
        position += sum(1 for _ in members)
        instants = [check.at for check in checks[first : position + 1]]  # up to the check that ends the run, if any
        holds = [later - earlier for earlier, later in pairwise(instants)]
        yield Run(is_up, Span(instants[0], instants[-1]), position - first, max(holds, default=timedelta()))
