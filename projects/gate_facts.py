"""What is known about a phase when its gate is reviewed: each later app adds its lines in `AppConfig.ready()`.

`register_gate_facts(source)`: `source(phase, on)` returns GateFacts, worded in the active language. They are shown to
who records a review, and kept with it in the project's language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from projects.models import Phase


@dataclass(frozen=True)
class GateFact:
    """One line. `value` is a figure with its counts or a word; `family` is that of a status chip."""

    label: str | Promise
    value: str | Promise
    family: str = "none"


Source = Callable[[Phase, date], list[GateFact]]

_sources: list[Source] = []


def register_gate_facts(source: Source) -> None:
    _sources.append(source)


def facts_of(phase: Phase, *, on: date) -> list[GateFact]:
    """Return the lines of every app on day `on`, in the order in which the apps are installed."""
    return [fact for source in _sources for fact in source(phase, on)]
