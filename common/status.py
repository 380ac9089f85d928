"""The one way a status looks: an icon, a word and a colour. The family says how good it is, the word what it is."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.icons import icon


@dataclass(frozen=True)
class Look:
    css: str
    icon: str


# Shapes differ, so that a grey print still reads.
LOOKS = {
    "good": Look("lf-status lf-good", "circle-check"),
    "risk": Look("lf-status lf-risk", "alert-triangle"),
    "bad": Look("lf-status lf-bad", "alert-octagon"),
    "progress": Look("lf-status lf-progress", "progress"),
    "waiting": Look("lf-status lf-waiting", "hourglass"),
    "none": Look("lf-status lf-none", "circle-dashed"),
}


def chip(family: str, word) -> SafeString:
    """Return the status chip of `family` (a key of LOOKS) that says `word`, the state of the thing itself."""
    return _chip(family, str(word))


@lru_cache(maxsize=1024)  # few words, many rows
def _chip(family: str, word: str) -> SafeString:
    look = LOOKS[family]
    return format_html('<span class="{}">{}{}</span>', look.css, icon(look.icon), word)
