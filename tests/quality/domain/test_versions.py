import pytest

from quality.domain import versions
from quality.models import CaseVersion
from requirements.domain.differences import Piece


def version(title="Book", preconditions="", steps=()):
    content = [
        {"position": position, "action": action, "test_data": "", "expected": expected}
        for position, (action, expected) in enumerate(steps, start=1)
    ]
    return CaseVersion(title=title, preconditions=preconditions, steps=content)


def test_difference_of_title_is_word_by_word():
    [change] = versions.difference(version(title="Book it"), version(title="Book all"))
    assert (change.label, change.pieces[-2:]) == ("Title", (Piece("removed", "it"), Piece("added", "all")))


@pytest.mark.parametrize(
    ("before", "after", "labels"),
    [
        ([("a", "b")], [("a", "b"), ("c", "d")], ["Step 2"]),
        ([("a", "b"), ("c", "d")], [("c", "d")], ["Step 1"]),
        ([("a", "b"), ("c", "d")], [("x", "y"), ("a", "b"), ("c", "d")], ["Step 1"]),
        ([("a", "b"), ("c", "d")], [("a", "z"), ("c", "d")], ["Step 1"]),
        ([("a", "b")], [("a", "b")], []),
    ],
)
def test_difference_of_steps_names_those_that_say_something_else(before, after, labels):
    found = versions.difference(version(steps=before), version(steps=after))
    assert [change.label for change in found] == labels


def test_with_differences_compares_the_last_one_with_the_one_before_it():
    newest, older, earlier = (version(title=title) for title in ("C", "B", "A"))
    found = versions.with_differences([newest, older], earlier)
    assert [[piece.text for piece in each.changes[0].pieces] for each in found] == [["B", "C"], ["A", "B"]]


def test_with_differences_of_the_first_version_is_empty():
    [only] = versions.with_differences([version()], None)
    assert (only.changes, isinstance(only, CaseVersion)) == ([], True)


def test_with_differences_of_a_case_of_which_nothing_was_kept_is_empty():
    assert versions.with_differences([], None) == []
