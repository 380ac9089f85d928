import re

import pytest
from django.conf import settings

from common.icons import icon
from common.navigation import HOUSE, HOUSE_MORE, OVERVIEW, PORTAL, PROJECT_GROUPS, PROJECT_HEADER
from common.status import LOOKS

LISTED = (settings.BASE_DIR / "static" / "icons.txt").read_text().split()


def used():
    """Every icon named in a template, a menu or a status."""
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        yield from re.findall(r'{% icon "([^"]+)" %}', template.read_text())
    grouped = [entry for _label, entries in PROJECT_GROUPS for entry in entries]
    yield from (entry.icon for entry in [*HOUSE, *HOUSE_MORE, OVERVIEW, *PORTAL, *grouped, *PROJECT_HEADER])
    yield from (look.icon for look in LOOKS.values())


def test_icons_in_use_are_listed():
    assert sorted(set(used()) - set(LISTED)) == []


def test_icon_is_drawn_in_the_colour_of_the_text_and_hidden_from_screen_readers():
    drawing = icon("check")
    assert drawing.startswith('<svg class="icon" width="20" height="20"')
    assert 'aria-hidden="true"' in drawing
    assert 'd="M5 12l5 5l10 -10"' in drawing
    assert "M0 0h24v24H0z" not in drawing


def test_icon_refuses_a_name_that_was_not_copied():
    with pytest.raises(FileNotFoundError):
        icon("not-an-icon")
