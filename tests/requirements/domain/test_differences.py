import pytest
from hypothesis import given
from hypothesis import strategies as st

from requirements.domain.differences import Piece, difference, word_difference
from requirements.models import BaselineItem

TEXTS = st.text(alphabet="ab 配套2%\n，", max_size=40)


def item(number, **fields):
    values = {"title": "Match", "statement": "All", "acceptance": "Held", "priority": "must", "objective_numbers": [1]}
    return BaselineItem(number=number, version=1, **(values | fields))


@given(TEXTS, TEXTS)
def test_word_difference_holds_both_texts(before, after):
    pieces = word_difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


@given(TEXTS)
def test_word_difference_of_equal_texts_is_all_the_same(text):
    assert {piece.kind for piece in word_difference(text, text)} <= {"same"}


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("within 5 days", "within 3 days", ["within ", "-5", "+3", " days"]),
        ("三日内配套", "五日内配套", ["-三", "+五", "日内配套"]),
        ("", "new", ["+new"]),
        ("old", "", ["-old"]),
    ],
)
def test_word_difference_works_by_words_and_by_chinese_characters(before, after, pieces):
    sign = {"same": "", "removed": "-", "added": "+"}
    assert [sign[piece.kind] + piece.text for piece in word_difference(before, after)] == pieces


def test_difference_lists_added_removed_and_changed_requirements():
    found = difference([item(1), item(2), item(3)], [item(2), item(3, statement="All of them"), item(4)])
    assert [row.code for row in found.added] == ["R-004"]
    assert [row.code for row in found.removed] == ["R-001"]
    (change,) = found.changed
    assert (change.item.code, [field.label for field in change.changes]) == ("R-003", ["Statement"])
    assert change.changes[0].pieces == (Piece("same", "All"), Piece("added", " of them"))


def test_difference_compares_priority_phase_and_objectives_in_words():
    (change,) = difference([item(1)], [item(1, priority="could", phase="2 Design", objective_numbers=[1, 2])]).changed
    assert [field.label for field in change.changes] == ["Priority", "Phase", "Objectives"]


def test_difference_of_the_same_items_is_empty():
    assert not difference([item(1)], [item(1)])
