import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.domain import manifest

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
MANIFESTS = st.dictionaries(st.text(max_size=3), VALUES, max_size=4)


@given(MANIFESTS)
def test_fingerprint_does_not_depend_on_the_order_of_keys(value):
    assert manifest.fingerprint(value) == manifest.fingerprint(dict(reversed(value.items())))


@given(MANIFESTS, MANIFESTS)
def test_difference_is_empty_exactly_for_equal_manifests(one, other):
    assert (manifest.difference(one, other) == []) == (manifest.canonical(one) == manifest.canonical(other))


@given(MANIFESTS)
def test_plain_keeps_the_fingerprint(value):
    assert manifest.fingerprint(manifest.plain(value)) == manifest.fingerprint(value)


def test_canonical_is_one_form():
    value = {"b": date(2026, 8, 31), "a": [Decimal("1.50"), "需求"]}
    assert manifest.canonical(value).decode() == '{"a":["1.50","需求"],"b":"2026-08-31"}'


def test_canonical_refuses_what_json_does_not_have():
    with pytest.raises(ValueError, match="JSON"):
        manifest.canonical({"a": math.nan})


def test_difference_names_items_by_their_number():
    before = {"requirements": [{"number": "R-1", "text": "old"}, {"number": "R-2", "text": "same"}], "n": 2}
    after = {"requirements": [{"number": "R-2", "text": "same"}, {"number": "R-1", "text": "new"}, {"number": "R-3"}]}
    assert manifest.difference(before, after) == [
        "n: removed",
        "requirements · R-1 · text: old → new",
        'requirements · R-3: added ({"number": "R-3"})',
    ]


def test_difference_shortens_long_values():
    (line,) = manifest.difference({"text": "a" * 200}, {"text": "b"})
    assert line == f"text: {'a' * 79}… → b"
