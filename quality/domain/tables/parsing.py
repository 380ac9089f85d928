"""The rows of a table gathered into test cases, each with what is wrong with it in words.

A row names its case by number, or by its title where it has none; a row that names no case goes on with the one above.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quality.domain.cases import Step
from quality.domain.results.refusals import UnreadableFile
from quality.domain.tables.columns import CHOICES, COLUMNS, STEP, column_names, values_of
from quality.domain.tables.sheets import Rows
from quality.models import TestCase, TestStep
from quality.models.cases import CODE

REQUIREMENT = re.compile(r"(?:R-)?0*([1-9]\d{0,8})", re.IGNORECASE)


class HeaderIsMissing(UnreadableFile):
    message = _("The first row must name the columns, “%(title)s” among them. Export the test cases to see them all.")


@dataclass
class SheetCase:
    """A case as the file has it. `values` holds only the columns that the file has; `problems` are in words.

    Without a step in the file, the steps of the case stay as they are.
    """

    row: int
    code: str
    title: str
    number: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    requirements: list[int] | None = None
    steps: list[Step] | None = None
    problems: list[str] = field(default_factory=list)


def columns_of(rows: Rows) -> dict[str, int]:
    """Return where each known column stands, whatever the language of its name. Raises HeaderIsMissing."""
    names = column_names()
    found: dict[str, int] = {}
    for place, cell in enumerate(rows[0][1]):
        if key := names.get(cell.strip().casefold()):
            found.setdefault(key, place)
    if "title" not in found:
        raise HeaderIsMissing(title=str(COLUMNS["title"]))
    return found


def parse(rows: Rows) -> list[SheetCase]:
    """Gather the rows of each case. Raises HeaderIsMissing."""
    columns, found = columns_of(rows), list[SheetCase]()
    for number, cells in rows[1:]:
        said = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
        code, title = said.get("number", ""), said["title"]
        goes_on = found and ((not code and not title) or (code, title) == (found[-1].code, found[-1].title))
        if not goes_on:
            found.append(_case(number, code, title, said))
        _read_step(found[-1], number, said)
    return found


def _case(row: int, code: str, title: str, said: dict[str, str]) -> SheetCase:
    case = SheetCase(row, code, title)
    if code:
        matched = CODE.fullmatch(code)
        case.number = int(matched[1]) if matched else None
        if matched is None:
            case.problems.append(gettext("“%(code)s” is no number of a test case.") % {"code": code[:40]})
    for name in ("title", "process", "preconditions"):
        if name in said:
            _take_text(case, name, said[name])
    for name in CHOICES:
        if said.get(name):
            _take_choice(case, name, said[name])
    if not title:
        case.problems.append(gettext("The title is missing."))
    if "requirements" in said:
        _take_requirements(case, said["requirements"])
    return case


def _take_text(case: SheetCase, name: str, text: str) -> None:
    limit = _limit(TestCase, name)
    if limit and len(text) > limit:
        facts = {"column": COLUMNS[name], "limit": limit}
        case.problems.append(gettext("%(column)s is longer than %(limit)s characters.") % facts)
    case.values[name] = text


def _take_choice(case: SheetCase, name: str, text: str) -> None:
    value = values_of(name).get(text.casefold())
    if value is None:
        facts = {"value": text[:40], "column": COLUMNS[name], "known": ", ".join(map(str, CHOICES[name].labels))}
        case.problems.append(gettext("“%(value)s” is no value for %(column)s, which is one of: %(known)s.") % facts)
    case.values[name] = value


def _take_requirements(case: SheetCase, text: str) -> None:
    case.requirements = []
    for code in filter(None, re.split(r"[\s,，;；、]+", text)):
        if matched := REQUIREMENT.fullmatch(code):
            case.requirements.append(int(matched[1]))
        else:
            case.problems.append(gettext("“%(code)s” is no number of a requirement.") % {"code": code[:40]})


def _read_step(case: SheetCase, row: int, said: dict[str, str]) -> None:
    action, test_data, expected = (said.get(name, "") for name in STEP)
    if not (action or test_data or expected):
        return
    if not action or not expected:
        case.problems.append(gettext("Row %(row)s: a step needs both an action and an expected result.") % {"row": row})
    for name, text in zip(STEP, (action, test_data, expected), strict=True):
        limit = _limit(TestStep, name)
        if limit and len(text) > limit:
            facts = {"row": row, "column": COLUMNS[name], "limit": limit}
            case.problems.append(gettext("Row %(row)s: %(column)s is longer than %(limit)s characters.") % facts)
    case.steps = [*(case.steps or []), Step(action, expected, test_data)]


def _limit(model: type[TestCase | TestStep], name: str) -> int | None:
    """Return how many characters a field holds."""
    field = model._meta.get_field(name)
    return field.max_length if isinstance(field, Field) else None
