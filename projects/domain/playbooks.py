"""Playbooks: YAML files in `projects/playbooks/`, read strictly: a slip names its place and never makes half a project.

A text is a mapping with one entry per language of the installation. A date is relative, `start+12` or `go_live-5`, in
calendar days; `start+…` is stretched between the project's start and its go-live, `go_live…` is counted from go-live.
What a playbook holds is the schema PLAYBOOK at the end of this module; what later apps are given of it: projects.parts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from projects.enums import Role

FOLDER = Path(__file__).resolve().parents[1] / "playbooks"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same rules; in C where libyaml is there
CRITERION_KINDS = (
    *("functional", "performance", "error_rate", "security", "availability"),
    *("defects", "training", "migration", "documents", "manual"),
)
CRITERION_MEASURES = (
    *("execution_rate", "pass_rate", "priority_1_pass_rate", "requirements_verified_rate"),
    *("open_blocker_critical_defects", "open_major_defects", "deliverables_approved_rate", "manual"),
)

Checker = Callable[[Any, str], Any]


class PlaybookError(ValueError):
    """A playbook file that cannot be used; `place` says where, such as `phases[2].tasks[0].owner`."""

    def __init__(self, place: str, reason: str):
        super().__init__(f"{place}: {reason}")
        self.place, self.reason = place, reason


@dataclass(frozen=True)
class Moment:
    """A relative date: calendar days from the start of the project, or from its go-live."""

    anchor: str  # "start" or "go_live"
    days: int


@dataclass(frozen=True)
class Playbook:
    """A checked playbook. `data` has the shape of PLAYBOOK, outputs that of OUTPUT; texts are in every language."""

    code: str
    data: dict[str, Any]

    def in_language(self, language: str) -> dict[str, Any]:
        """Return the data with every text in `language`."""
        return _in_language(self.data, language)


def list_codes() -> list[str]:
    """Return the codes of the playbooks that come with Landfall, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def load_playbook(code: str) -> Playbook:
    """Read and check one playbook of the repository.

    Raises KeyError for an unknown code, PlaybookError for a bad file.
    """
    if code not in list_codes():
        raise KeyError(code)
    return parse_playbook(code, (FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))


def list_playbooks() -> list[Playbook]:
    """Return all playbooks in the order of their codes. Raises PlaybookError for a broken one."""
    return [load_playbook(code) for code in list_codes()]


def parse_playbook(code: str, text: str) -> Playbook:
    """Check the YAML `text` against the schema and its references. Raises PlaybookError with the place."""
    try:
        loaded = yaml.load(text, Loader=LOADER)  # noqa: S506 – both are safe loaders
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else code
        raise PlaybookError(line, str(getattr(error, "problem", None) or error)) from error
    data = PLAYBOOK(loaded, "")
    _check_references(data)
    return Playbook(code, data)


def _in_language(value: Any, language: str) -> Any:
    if isinstance(value, _Text):
        return value[language]
    if isinstance(value, dict):
        return {key: _in_language(entry, language) for key, entry in value.items()}
    if isinstance(value, list):
        return [_in_language(entry, language) for entry in value]
    return value


# --- the checkers: each takes a value and its place, and returns it clean or raises PlaybookError -------------------


class _Text(dict):
    """A text in every language, apart from the other mappings of a playbook."""


def text(limit: int = 300) -> Checker:
    """Accept a text in every language of the installation, none longer than `limit` characters."""
    languages = {code for code, _name in settings.LANGUAGES}

    def check(value: Any, place: str) -> _Text:
        if not isinstance(value, dict) or set(value) != languages:
            raise PlaybookError(place, f"a text needs exactly the languages {', '.join(sorted(languages))}")
        for language, words in value.items():
            if not isinstance(words, str) or not words.strip():
                raise PlaybookError(f"{place}.{language}", "is empty or not a text")
            if len(words.strip()) > limit:
                raise PlaybookError(f"{place}.{language}", f"is longer than {limit} characters")
        return _Text({language: words.strip() for language, words in value.items()})

    return check


def check_line(value: Any, place: str) -> dict[str, Any]:
    """Accept a line of a check-list: a text, and with it the `reference` to the clause of a standard it answers."""
    reference = value.pop("reference", "") if isinstance(value, dict) else ""
    if not isinstance(reference, str) or len(reference) > 60:
        raise PlaybookError(f"{place}.reference", "is not a text of at most 60 characters")
    return {"text": text()(value, place), "reference": reference}


def slug(value: Any, place: str) -> str:
    """Accept a code: at most 40 small letters, digits, hyphens and underscores."""
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(?:[_-][a-z0-9]+)*", value) or len(value) > 40:
        raise PlaybookError(place, "is not a code of small letters, digits, hyphens and underscores")
    return value


def number(low: int, high: int) -> Checker:
    """Accept a whole number from `low` to `high`, both included."""

    def check(value: Any, place: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise PlaybookError(place, f"is not a whole number from {low} to {high}")
        return value

    return check


def flag(value: Any, place: str) -> bool:
    """Accept true or false, and nothing that merely looks like it."""
    if not isinstance(value, bool):
        raise PlaybookError(place, "is neither true nor false")
    return value


def one_of(*choices: str) -> Checker:
    """Accept one of `choices`."""

    def check(value: Any, place: str) -> str:
        if value not in choices:
            raise PlaybookError(place, f"{value!r} is none of {', '.join(choices)}")
        return value

    return check


def moment(value: Any, place: str) -> Moment:
    """Accept a day counted from an end of the project, such as start+12 or go_live-5, as a Moment."""
    found = re.fullmatch(r"(start|go_live)([+-]\d{1,3})?", str(value))
    if not found or (found[1] == "start" and int(found[2] or 0) < 0):
        raise PlaybookError(place, "is not a relative date such as start+12 or go_live-5")
    return Moment(found[1], int(found[2] or 0))


def rows(check_row: Checker, *, least: int = 0) -> Checker:
    """Accept a list of at least `least` rows, each accepted by `check_row`."""

    def check(value: Any, place: str) -> list:
        if not isinstance(value, list) or len(value) < least:
            raise PlaybookError(place, f"is not a list of at least {least}" if least else "is not a list")
        return [check_row(row, f"{place}[{index}]") for index, row in enumerate(value)]

    return check


@dataclass(frozen=True)
class Optional:
    """A field that may be left out; it is then `default`."""

    check: Checker
    default: Any = None


def record(**fields: "Checker | Optional") -> Checker:
    """Accept a mapping of exactly `fields`; those that are Optional may be left out."""

    def check(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise PlaybookError(place or "playbook", "is not a mapping")
        prefix = f"{place}." if place else ""
        for name in value:
            if name not in fields:
                raise PlaybookError(f"{prefix}{name}", "is not a field here")
        clean = {}
        for name, rule in fields.items():
            if isinstance(rule, Optional):
                clean[name] = rule.check(value[name], f"{prefix}{name}") if name in value else rule.default
            elif name in value:
                clean[name] = rule(value[name], f"{prefix}{name}")
            else:
                raise PlaybookError(f"{prefix}{name}", "is missing")
        return clean

    return check


def output(value: Any, place: str) -> dict[str, Any]:
    """Accept what a phase hands over: its title alone, or a mapping that says more of it (OUTPUT)."""
    is_title = isinstance(value, dict) and "title" not in value
    return OUTPUT({"title": value} if is_title else value, place)


def _check_references(data: dict[str, Any]) -> None:
    """Codes are unique, and what one part names of another exists."""
    codes = {"phases": _codes(data, "phases")} | {
        part: _codes(data, part) for part in ("objectives", "requirements", "tasks", "test_cases", "criteria")
    }
    for part, field, target in REFERENCES:
        for index, row in enumerate(data[part]):
            named = row[field]
            for code in named if isinstance(named, list) else [named] * (named is not None):
                if code not in codes[target]:
                    raise PlaybookError(f"{part}[{index}].{field}", f"there is no {code!r} in {target}")


def _codes(data: dict[str, Any], part: str) -> set[str]:
    seen: set[str] = set()
    for index, row in enumerate(data[part]):
        if row["code"] in seen:
            raise PlaybookError(f"{part}[{index}].code", f"{row['code']!r} is used twice")
        seen.add(row["code"])
    return seen


# --- the schema ---------------------------------------------------------------------------------------------------

CODES = Optional(rows(slug), default=[])
REFERENCES = (  # (part, field, the part whose codes it names)
    ("objectives", "phase", "phases"),
    ("requirements", "phase", "phases"),
    ("requirements", "objectives", "objectives"),
    ("tasks", "phase", "phases"),
    ("tasks", "requirements", "requirements"),
    ("test_cases", "phase", "phases"),
    ("test_cases", "requirements", "requirements"),
    ("criteria", "phase", "phases"),
)

ROLES = Optional(rows(one_of(*Role.values)), default=[])
OUTPUT = record(
    title=text(),
    kind=Optional(one_of("deliverable", "document", "standard"), default="document"),
    headings=Optional(rows(text(200)), default=[]),  # what it must contain
    due=Optional(moment),  # else with its phase
    shared=Optional(flag, default=True),  # the customer sees it
    accountable=Optional(one_of(*Role.values), default=Role.PROJECT_MANAGER.value),
    responsible=ROLES,
    consulted=ROLES,
    informed=ROLES,
)

PLAYBOOK = record(
    name=text(120),
    summary=text(1000),
    go_live_day=number(14, 999),  # the day of go-live, counted from the start, for which start+… is written
    shortest_days=number(7, 999),  # from start to go-live; below that the plan makes no sense
    phases=rows(
        record(
            code=slug,
            name=text(120),
            purpose=text(1000),
            starts=moment,
            ends=moment,
            inputs=rows(text(), least=1),
            outputs=rows(output, least=1),
            checks=rows(check_line, least=1),
            risk_prompts=rows(text(), least=1),
        ),
        least=1,
    ),
    objectives=rows(
        record(
            code=slug,
            title=text(200),
            measure=text(300),
            baseline=text(200),
            target=text(200),
            due=moment,
            phase=Optional(slug),
        )
    ),
    requirements=rows(
        record(
            code=slug,
            process=text(80),
            title=text(200),
            text=text(2000),
            acceptance=text(1000),
            priority=one_of("must", "should", "could", "wont"),
            phase=slug,
            objectives=CODES,
        )
    ),
    tasks=rows(
        record(
            code=slug,
            phase=slug,
            title=text(200),
            description=Optional(text(1000)),
            at=moment,
            days=number(0, 250),  # working days; 0 is a milestone
            owner=one_of(*Role.values),
            shared=Optional(flag, default=False),  # the customer sees it
            requirements=CODES,
        )
    ),
    test_cases=rows(
        record(
            code=slug,
            process=text(80),
            title=text(200),
            precondition=Optional(text(1000)),
            kind=one_of(
                *("uat", "functional", "unit", "integration", "regression", "performance", "security", "accessibility")
            ),
            priority=number(1, 3),
            phase=slug,
            steps=rows(record(action=text(500), expected=text(500)), least=1),
            requirements=CODES,
        )
    ),
    criteria=rows(
        record(
            code=slug,
            title=text(300),
            kind=one_of(*CRITERION_KINDS),
            measure=one_of(*CRITERION_MEASURES),
            operator=Optional(one_of(">=", "<=", "==")),
            threshold=Optional(number(0, 1_000_000)),
            unit=Optional(text(30)),
            how=text(500),  # how it is measured, or the evidence of a manual check
            phase=Optional(slug),  # none: of the whole project
        )
    ),
)
