"""The kit's outline icons, drawn into the page; script/frontend.py fills build/icons/ from static/icons.txt."""

import re
from functools import cache

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

SVG = (
    '<svg class="icon" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
    ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{paths}</svg>'
)
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'  # the kit's invisible square, of no use in a page


@cache
def icon(name: str) -> SafeString:
    """Return the SVG of `name`, hidden from screen readers: the word beside it says what it means.

    Raises FileNotFoundError for a name that is not in static/icons.txt.
    """
    drawing = (settings.ICON_DIR / f"{name}.svg").read_text()
    inner = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)[1].replace(FRAME, "")  # type: ignore[index]
    return mark_safe(SVG.format(paths=re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")))  # noqa: S308 files of the kit
