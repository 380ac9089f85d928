"""The parts of a playbook that quality makes when a project starts (see projects.parts)."""

from fractions import Fraction
from typing import Any

from accounts.models import User
from projects.models import Phase, Project
from quality import sources
from quality.domain import cases, criteria_sets
from quality.domain.cases import Step
from quality.domain.criteria_sets import Wording
from quality.enums import Operator
from quality.models import TestCase

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
