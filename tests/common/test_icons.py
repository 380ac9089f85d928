import pytest

from common.icons import icon


def test_icon_is_drawn_in_the_colour_of_the_text_and_hidden_from_screen_readers():
    drawing = icon("check")
    assert drawing.startswith('<svg class="icon" width="20" height="20"')
    assert 'aria-hidden="true"' in drawing
    assert 'd="M5 12l5 5l10 -10"' in drawing
    assert "M0 0h24v24H0z" not in drawing


def test_icon_refuses_a_name_that_was_not_copied():
    with pytest.raises(FileNotFoundError):
        icon("not-an-icon")
