"""Hand-drawn signatures: strokes of points as the browser sends them, judged and turned into one SVG path."""

import json
from typing import Any

MAX_CHARACTERS = 300_000
MAX_POINTS = 6_000
MIN_EXTENT = 0.12  # of the pad's width, the larger side of what was drawn
MIN_BEND = 0.06  # largest distance from the straight line, as a part of its length
WIDTH, HEIGHT = 600, 200  # the drawing is kept in these units, whatever the screen was


def parse(text: str) -> dict[str, Any] | None:
    """Return {"strokes": [[[x, y], …], …]} in our own units, or None if `text` is not a drawing at all.

    Expects {"width", "height", "strokes": [[[x, y], …], …]}, the pad's size and the points in the same unit.
    """
    if len(text) > MAX_CHARACTERS:
        return None
    try:
        sent = json.loads(text)
        width, height = float(sent["width"]), float(sent["height"])
        scale = min(WIDTH / width, HEIGHT / height)
        strokes = [[[_within(x * scale, WIDTH), _within(y * scale, HEIGHT)] for x, y in s] for s in sent["strokes"]]
    except (ValueError, TypeError, KeyError, ZeroDivisionError, OverflowError, RecursionError):
        return None
    strokes = [stroke for stroke in strokes if stroke]
    if not strokes or sum(map(len, strokes)) > MAX_POINTS:
        return None
    return {"strokes": strokes}


def is_signature(drawing: dict[str, Any]) -> bool:
    """Whether this can be somebody's signature: not a dot, and not a single straight line."""
    points = [(x, y) for stroke in drawing["strokes"] for x, y in stroke]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if max(max(xs) - min(xs), max(ys) - min(ys)) < MIN_EXTENT * WIDTH:
        return False
    return len(drawing["strokes"]) > 1 or not _is_straight(drawing["strokes"][0])


def svg_path(drawing: dict[str, Any]) -> str:
    """Return the drawing as the data of one SVG path; a dot becomes a short line, so that it prints."""
    parts = []
    for stroke in drawing["strokes"]:
        (x, y), *rest = stroke
        parts.append(f"M{x:g} {y:g}")
        parts.extend(f"L{x:g} {y:g}" for x, y in rest or [(x + 0.5, y)])
    return "".join(parts)


def _within(value: float, limit: int) -> float:
    if value != value:
        raise ValueError("not a number")
    return round(min(max(value, 0.0), float(limit)), 1)


def _is_straight(stroke: list) -> bool:
    (x1, y1), (x2, y2) = stroke[0], max(stroke, key=lambda p: (p[0] - stroke[0][0]) ** 2 + (p[1] - stroke[0][1]) ** 2)
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if not length:
        return True
    bend = max(abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length for x, y in stroke)
    return bend < MIN_BEND * length
