"""Charts drawn by the server: plain functions, values in, an SVG out (ux.md, Charts and reports).

Colours and fonts stand in attributes, which is all a PDF sees; classes let the themes of the web replace them. Every
chart is a picture with a title and a description that says its finding in words, and its words are real text.
Each is drawn twice, for wide pages and for phones; the style sheet shows one of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDE, NARROW = 560, 340
HEIGHT = 200
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 34, 24
FONT = "'Noto Sans SC', 'DejaVu Sans', sans-serif"
TEXT_SIZE = 12
STEPS = 4

INK, QUIET, GRID, BAR, SECOND, BAD, GOOD = (
    ("#1c232d", "lf-fill-ink"),
    ("#4f5a69", ""),
    ("#d9dee5", "lf-stroke-grid"),
    ("#3b63c8", "lf-fill-bar"),
    ("#7d8999", "lf-stroke-baseline"),
    ("#b42318", "lf-fill-bad"),
    ("#14692c", "lf-fill-good"),
)


@dataclass(frozen=True)
class Column:
    """One column. A value of None is "no data"; `label` is written above it: label the exceptions, not every one."""

    name: str
    value: float | None
    label: str = ""


@dataclass(frozen=True)
class Line:
    """A line through `values`; None leaves a gap. Dashes tell a second line from the first without colour."""

    name: str
    values: Sequence[float | None]
    is_dashed: bool = False


@dataclass(frozen=True)
class Words:
    """What a chart says: its title, the finding, the unit of its axis."""

    title: str
    finding: str
    unit: str


def column_chart(columns: Sequence[Column], words: Words, *, zero: str, missing: str, wide: int = WIDE) -> SafeString:
    """Return columns from zero, one per name. A column of nothing is a dot (`zero` says what it means), none a ring."""
    return _both(lambda width: _columns(columns, words, zero, missing, width), wide)


def line_chart(
    names: Sequence[str],
    lines: Sequence[Line],
    words: Words,
    *,
    target: float | None = None,
    target_label: str = "",
    least_top: float = 0,
) -> SafeString:
    """Return lines over `names`, with the target as a dashed line across where there is one; the peak is labelled.

    The axis ends at `least_top` or above: give it the number of its steps where fractions make no sense.
    """
    return _both(lambda width: _lines(names, lines, words, target, target_label, least_top, width))


def axis_top(highest: float) -> float:
    """Return the least round number (1, 2, 4, 6 or 8 times a power of ten) that is not below `highest`."""
    if highest <= 0:
        return STEPS
    power = 10 ** floor(log10(highest))
    return next(factor * power for factor in (1, 2, 4, 6, 8, 10) if factor * power >= highest)


def _both(draw: Callable[[int], SafeString], wide: int = WIDE) -> SafeString:
    return mark_safe(draw(wide) + draw(NARROW))  # noqa: S308 both are built by format_html


def _columns(columns: Sequence[Column], words: Words, zero: str, missing: str, width: int) -> SafeString:
    scale = _Scale(width, axis_top(max((c.value for c in columns if c.value), default=0)), len(columns))
    drawn = []
    thick = min(18.0, max(2.0, scale.step * 0.6))
    for position, column in enumerate(columns):
        x = scale.x(position)
        if column.value is None:
            drawn.append(
                format_html(
                    '<circle cx="{}" cy="{}" r="1.8" fill="none" stroke="{}" class="lf-stroke-ink"/>',
                    *(_n(x), _n(scale.floor - 4), QUIET[0]),
                )
            )
        elif column.value <= 0:
            drawn.append(_circle(x, scale.floor - 4, 1.6, GOOD))
        else:
            top = min(scale.y(column.value), scale.floor - 1)
            drawn.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" rx="1" fill="{}" class="{}"/>',
                    *(_n(x - thick / 2), _n(top), _n(thick), _n(scale.floor - top), *BAD),
                )
            )
            if column.label:
                drawn.append(_text(x, top - 5, column.label, anchor="middle", colour=INK, bold=True))
    legend = _legend(width, [("dot", zero)] + ([("ring", missing)] if any(c.value is None for c in columns) else []))
    return _svg(words, width, [*_grid(scale, words.unit, [c.name for c in columns]), *drawn, legend])


def _lines(
    names: Sequence[str],
    lines: Sequence[Line],
    words: Words,
    target: float | None,
    target_label: str,
    least_top: float,
    width: int,
) -> SafeString:
    values = [value for line in lines for value in line.values if value is not None]
    scale = _Scale(width, axis_top(max([*values, target or 0, least_top])), len(names))
    drawn = []
    if target:
        y = _n(scale.y(target))
        drawn.append(
            format_html(
                '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-dasharray="5 4" class="lf-stroke-ink"/>',
                *(LEFT, width - RIGHT, y, y, QUIET[0]),
            )
        )
    for number, line in enumerate(lines):
        drawn.append(_path(line, scale, is_first=number == 0))
    if lines and (peak := _peak(lines[0].values)) is not None:
        position, value = peak
        drawn.append(_circle(scale.x(position), scale.y(value), 3, BAR))
        at_right = scale.x(position) > width - 60
        x = scale.x(position) + (-7 if at_right else 7)
        drawn.append(_text(x, scale.y(value) - 4, f"{value:,g}", "end" if at_right else "start", INK, bold=True))
    legend = [("dashed" if line.is_dashed else "line", line.name) for line in lines]
    if target:
        legend.append(("target", target_label))
    return _svg(words, width, [*_grid(scale, words.unit, names), *drawn, _legend(width, legend)])


@dataclass(frozen=True)
class _Scale:
    """Where a value and a position lie in a drawing of `width`."""

    width: int
    top: float
    count: int

    @property
    def floor(self) -> int:
        return HEIGHT - BOTTOM

    @property
    def step(self) -> float:
        return (self.width - LEFT - RIGHT) / max(1, self.count)

    def x(self, position: int) -> float:
        return LEFT + (position + 0.5) * self.step

    def y(self, value: float) -> float:
        return self.floor - value / self.top * (self.floor - TOP)


def _grid(scale: _Scale, unit: str, names: Sequence[str]) -> Iterable[SafeString]:
    yield _text(LEFT - 8, TOP - 18, unit, anchor="end")
    for step in range(STEPS + 1):
        value = scale.top * step / STEPS
        y = scale.y(value)
        yield format_html(
            '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" class="{}"/>',
            *(LEFT, scale.width - RIGHT, _n(y), _n(y), *GRID),
        )
        yield _text(LEFT - 8, y + 4, f"{value:,g}", anchor="end")
    every = max(1, ceil(len(names) / (5 if scale.width == NARROW else scale.width / 80)))
    for position in range(0, len(names), every):
        yield _text(scale.x(position), scale.floor + 17, names[position], anchor="middle")


def _path(line: Line, scale: _Scale, *, is_first: bool) -> SafeString:
    parts, pen = [], "M"
    for position, value in enumerate(line.values):
        if value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{_n(scale.x(position))} {_n(scale.y(value))}")
        pen = "L"
    colour, css = (BAR[0], "lf-stroke-bar") if is_first else SECOND
    dashes = mark_safe(' stroke-dasharray="2 3"') if line.is_dashed else ""
    # A lone point between two gaps shows as a round cap.
    return format_html(
        '<path d="{}" fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"{}'
        ' class="{}"/>',
        *(" ".join(parts) or "M0 0", colour, dashes, css),
    )


def _peak(values: Sequence[float | None]) -> tuple[int, float] | None:
    known = [(position, value) for position, value in enumerate(values) if value is not None]
    return max(known, key=lambda pair: pair[1]) if known else None


def _legend(width: int, entries: Sequence[tuple[str, str]]) -> SafeString:
    """Return the legend, set from the right; the length of a text is estimated, full-width signs count double."""
    drawn, x = [], float(width - RIGHT)
    for kind, words in reversed(entries):
        x -= _length(words)
        drawn.append(_text(x, 14, words))
        x -= 8
        if kind == "dot":
            drawn.append(_circle(x, 10, 1.8, GOOD))
            x -= 6
        elif kind == "ring":
            drawn.append(
                format_html(
                    '<circle cx="{}" cy="10" r="2" fill="none" stroke="{}" class="lf-stroke-ink"/>', _n(x), QUIET[0]
                )
            )
            x -= 6
        else:
            colour, css, dashes = {
                "line": (BAR[0], "lf-stroke-bar", "none"),
                "dashed": (*SECOND, "2 3"),
                "target": (QUIET[0], "lf-stroke-ink", "5 4"),
            }[kind]
            drawn.append(
                format_html(
                    '<line x1="{}" x2="{}" y1="10" y2="10" stroke="{}" stroke-width="2" stroke-dasharray="{}"'
                    ' class="{}"/>',
                    *(_n(x - 14), _n(x), colour, dashes, css),
                )
            )
            x -= 20
        x -= 10
    return format_html_join("", "{}", ((part,) for part in drawn))


def _length(words: str) -> float:
    return sum(TEXT_SIZE if ord(sign) > 0x2E80 else TEXT_SIZE * 0.56 for sign in words)


def _text(x, y, words, anchor="start", colour=QUIET, *, bold=False) -> SafeString:
    weight = mark_safe(' font-weight="bold"') if bold else ""
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" fill="{}" font-size="{}"{} class="{}">{}</text>',
        *(_n(x), _n(y), anchor, colour[0], TEXT_SIZE, weight, colour[1], words),
    )


def _circle(x: float, y: float, radius: float, colour: tuple[str, str]) -> SafeString:
    return format_html('<circle cx="{}" cy="{}" r="{}" fill="{}" class="{}"/>', _n(x), _n(y), radius, *colour)


def _svg(words: Words, width: int, parts: Iterable[SafeString]) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {} {}" width="{}" height="{}"'
        ' font-family="{}" class="lf-chart {}"><title>{}</title><desc>{}</desc>{}</svg>',
        *(width, HEIGHT, width, HEIGHT, FONT, "lf-chart-narrow" if width == NARROW else "lf-chart-wide"),
        *(words.title, words.finding, format_html_join("", "{}", ((part,) for part in parts))),
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
