import pytest

from common import status


@pytest.mark.parametrize("family", sorted(status.LOOKS))
def test_chip_shows_icon_word_and_colour(family):
    shown = status.chip(family, "Word <b>")
    assert shown.startswith(f'<span class="{status.LOOKS[family].css}"><svg')
    assert shown.endswith("</svg>Word &lt;b&gt;</span>")


def test_looks_differ_without_colour():
    assert len({look.icon for look in status.LOOKS.values()}) == len(status.LOOKS)


def test_chip_refuses_an_unknown_family():
    with pytest.raises(KeyError):
        status.chip("splendid", "Word")
