"""The parts of a playbook that quality makes when a project starts (see projects.parts), or copies later."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction

from accounts.models import User
from projects.domain.playbooks import load_playbook
from projects.models import Phase, Project
from quality import sources
from quality.domain import cases, criteria_sets
from quality.domain.cases import Step
from quality.domain.criteria_sets import Wording
from quality.enums import CaseKind, Operator
from quality.models import TestCase
from requirements.models import Requirement

Rows = list[dict[str, Any]]
OPERATORS = {">=": Operator.AT_LEAST, "<=": Operator.AT_MOST, "==": Operator.EXACTLY}


def make_test_cases(project: Project, phases: dict[str, Phase], rows: Rows, by: User) -> dict[str, TestCase]:
    """Write the test cases of the playbook."""
    return {
        row["code"]: cases.create_case(
            project,
            by=by,
            title=row["title"],
            process=row["process"],
            preconditions=row["precondition"],
            kind=row["kind"],
            priority=row["priority"],
            steps=[Step(step["action"], step["expected"], step.get("test_data", "")) for step in row["steps"]],
            requirements=row["requirements"],
        )
        for row in rows
    }


@dataclass(frozen=True)
class OfferedCase:
    """A test case of a playbook in the language of a project, with the requirements there that it would be tied to.

    `is_here`: the project has a case of this title already.
    """

    code: str
    title: str
    process: str
    kind: CaseKind
    steps: list[dict[str, str]]
    requirements: list[Requirement]
    is_here: bool


def offer(project: Project, playbook: str) -> list[OfferedCase]:
    """Return the cases of a playbook for `project`. Raises KeyError for an unknown playbook."""
    here = set(TestCase.objects.filter(project=project).values_list("title", flat=True))
    return [
        OfferedCase(
            code=row["code"],
            title=row["title"],
            process=row["process"],
            kind=CaseKind(row["kind"]),
            steps=row["steps"],
            requirements=row["requirements"],
            is_here=row["title"] in here,
        )
        for row in _rows_for(project, playbook)
    ]


@transaction.atomic
def copy_cases(project: Project, playbook: str, codes: Collection[str], *, by: User) -> list[TestCase]:
    """Write the cases of a playbook that `codes` name, tied to the requirements of the same titles.

    One that the project has already by its title is passed over: copying twice changes nothing.
    """
    Project.objects.select_for_update().get(pk=project.pk)  # a second click waits, and finds them here
    wanted = {row.code for row in offer(project, playbook) if row.code in codes and not row.is_here}
    rows = [row for row in _rows_for(project, playbook) if row["code"] in wanted]
    return list(make_test_cases(project, {}, rows, by).values())


def _rows_for(project: Project, playbook: str) -> Rows:
    """The test cases of a playbook as projects.parts promises them, `requirements` being the project's own."""
    data = load_playbook(playbook).in_language(project.language)
    titles = {row["code"]: row["title"] for row in data["requirements"]}
    own = {row.title: row for row in Requirement.objects.filter(project=project).in_scope()}
    return [
        row
        | {
            "precondition": row["precondition"] or "",
            "requirements": [own[titles[code]] for code in row["requirements"] if titles[code] in own],
        }
        for row in data["test_cases"]
    ]


def make_criteria(project: Project, phases: dict[str, Phase], rows: Rows, by: User) -> None:
    """Draft the criteria of every phase, and of the whole project, that the playbook has some for."""
    by_scope: dict[Phase | None, list[Wording]] = {}
    for row in rows:
        by_scope.setdefault(row["phase"], []).append(_wording(row))
    for phase, criteria in by_scope.items():
        criteria_sets.start_set(project, phase, by=by, criteria=criteria)


def _wording(row: dict[str, Any]) -> Wording:
    source = sources.get(row["measure"])
    return Wording(
        statement=row["title"],
        source=source.key,
        kind=row["kind"],
        operator=OPERATORS[row["operator"]] if row["operator"] else source.operator,
        threshold=source.threshold if row["threshold"] is None else Fraction(row["threshold"]),
        unit=row["unit"] or source.unit,
        how=row["how"],
        label=row.get("label", ""),
    )
