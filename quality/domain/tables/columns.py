"""The columns of a table of test cases, and what may stand in them, in every language of the installation."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Choices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from quality.enums import CaseKind, Priority, Scenario

COLUMNS = {
    "number": _("Number"),
    "title": _("Title"),
    "process": _("Business process"),
    "kind": _("Kind"),
    "scenario": _("Situation"),
    "priority": _("Priority"),
    "requirements": _("Requirements"),
    "preconditions": _("Preconditions"),
    "action": _("Action"),
    "test_data": _("Test data"),
    "expected": _("Expected result"),
}
WIDTHS = (10, 40, 20, 16, 16, 12, 18, 30, 40, 24, 40)
STEP = ("action", "test_data", "expected")
CHOICES: dict[str, type[Choices]] = {"kind": CaseKind, "scenario": Scenario, "priority": Priority}


@cache
def column_names() -> dict[str, str]:
    """Return what a column may be called, in small letters, and which of COLUMNS it is."""
    names = {key: key for key in COLUMNS}
    for language, _name in settings.LANGUAGES:
        with override(language):
            names |= {str(label).casefold(): key for key, label in COLUMNS.items()}
    return names


@cache
def values_of(column: str) -> dict[str, Any]:
    """Return what may stand in a column, in small letters: the value, its words, “1” or “high” for “1 – high”."""
    known: dict[str, Any] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for choice in CHOICES[column]:
                words = str(choice.label)
                for name in (str(choice.value), words, words.partition("–")[2].strip()):
                    known.setdefault(name.casefold(), choice.value)
    known.pop("", None)
    return known
