"""Percentiles by nearest rank (definitions.md, Percentiles). They are never averaged."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

P50, P90, P95, P99 = Fraction(50, 100), Fraction(90, 100), Fraction(95, 100), Fraction(99, 100)
LEAST_N = {P50: 1, P90: 10, P95: 20, P99: 100}


def nearest_rank(ordered: Sequence[int], q: Fraction) -> int:
    """Return value number ⌈q·n⌉ of `ordered`, a sorted list that is not empty; 0 < q ≤ 1."""
    return ordered[ceil(q * len(ordered)) - 1]


def percentile(ordered: Sequence[int], q: Fraction) -> int | None:
    """Return the percentile, or None where n is too small for it to mean anything: then print maximum and n."""
    return nearest_rank(ordered, q) if len(ordered) >= LEAST_N[q] else None
