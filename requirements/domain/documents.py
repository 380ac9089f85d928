"""The SRS as a signed document: what is signed, and what is printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from requirements.enums import Priority
from requirements.models import Baseline, BaselineItem, BaselineObjective, Objective, Requirement


@dataclass(frozen=True)
class ObjectiveFact:
    code: str
    title: str
    measure: str
    baseline_value: str
    target_value: str
    due_on: date


@dataclass(frozen=True)
class RequirementFact:
    number: int
    code: str
    version: int
    title: str
    statement: str
    acceptance: str
    priority: str
    phase: str
    objectives: str


@dataclass(frozen=True)
class Chapter:
    """The requirements of one business process; the title is empty for those of none."""

    title: str
    requirements: tuple[RequirementFact, ...]


@dataclass(frozen=True)
class SrsFacts:
    """Everything the template prints, in the words of the active language."""

    code: str
    summary: str
    frozen_at: datetime
    frozen_by: str
    objectives: tuple[ObjectiveFact, ...]
    chapters: tuple[Chapter, ...]
    counts: tuple[tuple[str, int], ...]  # requirements by priority, those that occur
    total: int

    @property
    def overview(self) -> list[RequirementFact]:
        """All requirements by number, whatever their chapter."""
        rows = [requirement for chapter in self.chapters for requirement in chapter.requirements]
        return sorted(rows, key=lambda requirement: requirement.number)


def facts_of(baseline: Baseline) -> SrsFacts:
    """Return what the SRS of `baseline` prints; call it with the language of the document active."""
    items = sorted(baseline.items.all(), key=lambda item: (item.process == "", item.process, item.number))
    return SrsFacts(
        code=baseline.code,
        summary=baseline.project.summary,
        frozen_at=baseline.frozen_at,
        frozen_by=baseline.frozen_by.name,
        objectives=tuple(_objective_fact(objective) for objective in baseline.objectives.all()),
        chapters=tuple(
            Chapter(process, tuple(_requirement_fact(item) for item in group))
            for process, group in groupby(items, key=lambda item: item.process)
        ),
        counts=_counts(items),
        total=len(items),
    )


def manifest_of(baseline: Baseline) -> dict[str, Any]:
    """Return the JSON values that are signed, computed from the requirements and objectives as they are now."""
    requirements = Requirement.objects.filter(project=baseline.project_id).in_scope()
    entries = [
        _entry(row, phase=str(row.phase or ""), objectives=sorted(each.number for each in row.objectives.all()))
        for row in requirements.select_related("phase").prefetch_related("objectives")
    ]
    return _manifest(baseline, Objective.objects.filter(project=baseline.project_id), entries)


def frozen_manifest_of(baseline: Baseline) -> dict[str, Any]:
    """Return the same values as they were when the baseline was frozen."""
    entries = [_entry(item, phase=item.phase, objectives=item.objective_numbers) for item in baseline.items.all()]
    return _manifest(baseline, baseline.objectives.all(), entries)


def _manifest(
    baseline: Baseline, objectives: Iterable[Objective | BaselineObjective], requirements: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "baseline": baseline.code,
        "objectives": [
            {
                "number": objective.code,
                "title": objective.title,
                "measure": objective.measure,
                "baseline_value": objective.baseline_value,
                "target_value": objective.target_value,
                "due_on": objective.due_on.isoformat(),
            }
            for objective in sorted(objectives, key=lambda row: row.number)
        ],
        "requirements": requirements,
    }


def _entry(row: Requirement | BaselineItem, *, phase: str, objectives: list[int]) -> dict[str, Any]:
    return {
        "number": row.code,
        "version": row.version,
        "process": row.process,
        "title": row.title,
        "statement": row.statement,
        "acceptance": row.acceptance,
        "priority": row.priority,
        "phase": phase,
        "objectives": [f"O-{number}" for number in objectives],
    }


def _objective_fact(objective: BaselineObjective) -> ObjectiveFact:
    return ObjectiveFact(
        code=objective.code,
        title=objective.title,
        measure=objective.measure,
        baseline_value=objective.baseline_value,
        target_value=objective.target_value,
        due_on=objective.due_on,
    )


def _requirement_fact(item: BaselineItem) -> RequirementFact:
    return RequirementFact(
        number=item.number,
        code=item.code,
        version=item.version,
        title=item.title,
        statement=item.statement,
        acceptance=item.acceptance,
        priority=str(item.get_priority_display()),
        phase=item.phase,
        objectives=", ".join(item.objective_codes),
    )


def _counts(items: list[BaselineItem]) -> tuple[tuple[str, int], ...]:
    counted = [(str(priority.label), sum(item.priority == priority for item in items)) for priority in Priority]
    return tuple((label, count) for label, count in counted if count)
