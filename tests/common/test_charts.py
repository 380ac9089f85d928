import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import charts
from common.charts import Column, Line, Words

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("Outage per day", "42 min on 17 July", "min")


def drawings(markup):
    """The wide and the narrow drawing, parsed."""
    return list(ElementTree.fromstring(f"<both>{markup}</both>"))


def columns(*values, **given):
    made = [Column(str(n), value, **given) for n, value in enumerate(values, start=1)]
    return drawings(charts.column_chart(made, WORDS, zero="no outage", missing="no data"))


def texts(drawing):
    return [text.text for text in drawing.iter(f"{SVG}text")]


def test_chart_is_a_picture_that_says_its_finding_and_needs_no_style_sheet():
    wide, narrow = columns(0, 42, None)
    assert (wide.get("width"), narrow.get("width")) == ("560", "340")
    for drawing in (wide, narrow):
        assert drawing.get("role") == "img"
        assert drawing.findtext(f"{SVG}title") == "Outage per day"
        assert drawing.findtext(f"{SVG}desc") == "42 min on 17 July"
        assert all(
            shape.get("fill") or shape.get("stroke") for shape in drawing if shape.tag[len(SVG) :] in "rect line"
        )
        assert not re.search(r"style=|<script", ElementTree.tostring(drawing, encoding="unicode"))


def test_column_chart_draws_a_column_a_dot_and_a_ring():
    wide, _narrow = columns(0, 42, None)
    (column,) = wide.iter(f"{SVG}rect")
    days = [circle for circle in wide.iter(f"{SVG}circle") if circle.get("cy") != "10"]  # those of the legend lie at 10
    assert [circle.get("fill") != "none" for circle in days] == [True, False]
    assert float(column.get("y")) + float(column.get("height")) == charts.HEIGHT - charts.BOTTOM
    assert {"no outage", "no data", "60", "0"} <= set(texts(wide))


def test_column_chart_names_missing_data_only_where_there_is_some():
    wide, _narrow = columns(0, 1)
    assert "no data" not in texts(wide)


def test_column_chart_labels_what_it_is_told_to():
    wide, _narrow = columns(7, label="<7")
    assert "<7" in texts(wide)


def test_line_chart_leaves_gaps_and_labels_the_peak():
    lines = [Line("p95", [200, None, 640]), Line("p50", [100, 110, 120], is_dashed=True)]
    wide, _narrow = drawings(charts.line_chart(["1", "2", "3"], lines, WORDS, target=800, target_label="target 800 ms"))
    first, second = (path.get("d") for path in wide.iter(f"{SVG}path"))
    assert (first.count("M"), first.count("L")) == (2, 0)
    assert (second.count("M"), second.count("L")) == (1, 2)
    assert {"640", "p95", "p50", "target 800 ms", "800"} <= set(texts(wide))


def test_line_chart_without_values_is_still_a_chart():
    wide, _narrow = drawings(charts.line_chart(["1"], [Line("p95", [None])], WORDS))
    assert not list(wide.iter(f"{SVG}circle"))


def test_what_is_written_is_escaped():
    words = Words("<b>", "a & b", '"')
    assert "<b>" not in charts.column_chart([Column("<i>", 1)], words, zero="", missing="")


@pytest.mark.parametrize(("highest", "top"), [(0, 4), (0.3, 0.4), (1, 1), (42, 60), (61, 80), (99, 100), (1054, 2000)])
def test_axis_top_is_round(highest, top):
    assert charts.axis_top(highest) == pytest.approx(top)


@given(st.floats(0.001, 1e7))
def test_axis_top_is_never_below_and_at_most_twice_the_highest(highest):
    assert highest <= charts.axis_top(highest) * (1 + 1e-9)
    assert charts.axis_top(highest) <= highest * 2.001


def test_line_chart_of_small_counts_has_whole_steps():
    for drawing in drawings(charts.line_chart(["1", "2"], [Line("opened", [0, 1])], WORDS, least_top=charts.STEPS)):
        assert [text for text in texts(drawing) if text in {"0", "1", "2", "3", "4"}][:5] == ["0", "1", "2", "3", "4"]
