"""A test case as it is proposed to a person, who completes and saves it."""

from dataclasses import dataclass

from quality.domain.cases import Step
from quality.enums import CaseKind, Scenario

MAX_TITLE, MAX_LINE, MAX_TEST_DATA = 200, 500, 300  # what the fields of a case and of its steps hold


@dataclass(frozen=True)
class Draft:
    """What the form of a new case begins with."""

    title: str
    kind: CaseKind
    scenario: Scenario = Scenario.NORMAL
    process: str = ""
    preconditions: str = ""
    steps: tuple[Step, ...] = ()


def cut(text: str, length: int) -> str:
    """Return `text` in at most `length` characters, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
