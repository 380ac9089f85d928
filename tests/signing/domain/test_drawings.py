import json

import pytest

from signing.domain import drawings


def sent(*strokes, width=300, height=100):
    return json.dumps({"width": width, "height": height, "strokes": strokes})


def zigzag():
    return [[20, 50], [60, 10], [100, 80], [140, 20]]


def test_parse_brings_every_pad_to_our_own_units():
    assert drawings.parse(sent([[0, 0], [300, 100], [500, -5]])) == {"strokes": [[[0, 0], [600, 200], [600, 0]]]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        sent(),
        sent([]),
        sent([["x", 1]]),
        sent([[1, 2, 3]]),
        sent([[1, 2]], width=0),
        '{"width": 1, "height": 1, "strokes": [[[NaN, 1]]]}',
        sent([[1, 1]] * (drawings.MAX_POINTS + 1)),
        "[" * 100_000,
        sent([[1, 1]]) + " " * drawings.MAX_CHARACTERS,
    ],
)
def test_parse_refuses_what_is_no_drawing(text):
    assert drawings.parse(text) is None


def test_is_signature_accepts_a_curve_and_several_strokes():
    assert drawings.is_signature(drawings.parse(sent(zigzag())))
    assert drawings.is_signature(drawings.parse(sent([[20, 20], [90, 20]], [[20, 60], [90, 60]])))


@pytest.mark.parametrize(
    "strokes",
    [
        [[[50, 50]]],  # a dot
        [[[50, 50], [55, 60], [58, 51]]],  # very small
        [[[10, 10], [100, 40], [200, 72]]],  # a single straight line
        [[[10, 10], [200, 70], [100, 40]]],  # there and back
    ],
)
def test_is_signature_refuses_a_dot_a_scribble_and_a_straight_line(strokes):
    assert not drawings.is_signature(drawings.parse(sent(*strokes)))


def test_svg_path_draws_lines_and_dots():
    assert drawings.svg_path({"strokes": [[[1, 2], [3.5, 4]], [[5, 6]]]}) == "M1 2L3.5 4M5 6L5.5 6"
