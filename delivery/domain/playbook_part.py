"""The tasks, milestones and deliverables that a playbook brings into a new project."""

from typing import Any

from audit.domain import trail
from delivery.domain.standards import standards
from delivery.enums import DeliverableKind
from delivery.models import Deliverable, Task
from projects.domain.numbers import take_numbers
from projects.enums import Audience, Role
from projects.models import Phase, Project


def create_tasks(project: Project, phases: dict[str, Phase], rows: list[dict[str, Any]], by) -> dict[str, Task]:
    """Make one task per row of the playbook (its shape: projects.parts) and return them by the rows' codes."""
    made = Task.objects.bulk_create(
        Task(
            project=project,
            number=number,
            phase=row["phase"],
            title=row["title"],
            description=row["description"],
            is_milestone=row["is_milestone"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            owner=row["owner"],
            owner_role=row["owner_role"],
            audience=row["audience"],
        )
        for number, row in zip(take_numbers(Task, project, len(rows)), rows, strict=True)
    )
    ties = Task.requirements.through
    ties.objects.bulk_create(
        ties(task_id=task.pk, requirement_id=requirement.pk)
        for task, row in zip(made, rows, strict=True)
        for requirement in row["requirements"]
    )
    trail.record_many("create", made, by=by, facts={"playbook": project.playbook})
    return {row["code"]: task for task, row in zip(made, rows, strict=True)}


def create_deliverables(project: Project, phases: dict[str, Phase], rows: list[dict[str, Any]], by) -> None:
    """Register one deliverable per output of every phase, and the standards that work keeps to, by the second phase."""
    rows = [*rows, *_standard_rows(project, list(phases.values()))]
    rows.sort(key=lambda row: row["phase"].number)
    made = Deliverable.objects.bulk_create(
        Deliverable(
            project=project,
            number=number,
            phase=row["phase"],
            title=row["title"],
            kind=row["kind"],
            template="\n".join(row["headings"]),
            due_on=row["due_on"],
            audience=row["audience"],
            planned_roles={letter: named for letter, named in row["roles"].items() if named},
        )
        for number, row in zip(take_numbers(Deliverable, project, len(rows)), rows, strict=True)
    )
    trail.record_many("create", made, by=by, facts={"playbook": project.playbook})


def _standard_rows(project: Project, phases: list[Phase]) -> list[dict[str, Any]]:
    """The standards are due before building begins: with the phase of the design, which is the second."""
    phase = phases[min(1, len(phases) - 1)]
    return [
        {
            "phase": phase,
            "title": standard.title,
            "kind": DeliverableKind.STANDARD,
            "headings": [standard.text],
            "due_on": phase.ends_on,
            "audience": Audience.TEAM,
            "roles": {"A": [Role.PROJECT_MANAGER], "R": [standard.responsible], "I": [Role.ENGINEER, Role.TESTER]},
        }
        for standard in standards(project.language)
    ]
