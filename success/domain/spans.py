"""Stretches of time, half-open `[start, end)`, and the few set operations the health figures need."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch of time between two aware instants."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same instants as disjoint spans in order; spans that touch become one, empty ones vanish."""
    merged: list[Span] = []
    for span in sorted(span for span in spans if span.start < span.end):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def clip(spans: Iterable[Span], window: Span) -> list[Span]:
    """Return the parts of `spans` that lie inside `window`."""
    cut = (Span(max(span.start, window.start), min(span.end, window.end)) for span in spans)
    return [span for span in cut if span.start < span.end]


def subtract(spans: Iterable[Span], minus: Iterable[Span]) -> list[Span]:
    """Return the instants of `spans` that lie in none of `minus`, as disjoint spans in order."""
    holes = union(minus)
    left: list[Span] = []
    for span in union(spans):
        start = span.start
        for hole in holes:
            if hole.end <= start:
                continue
            if hole.start >= span.end:
                break
            if start < hole.start:
                left.append(Span(start, hole.start))
            start = hole.end
        if start < span.end:
            left.append(Span(start, span.end))
    return left


def total(spans: Iterable[Span]) -> timedelta:
    """Return the length of the union: time covered twice counts once."""
    return sum((span.length for span in union(spans)), timedelta())
