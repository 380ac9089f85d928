"""The tasks and milestones that a playbook brings into a new project."""

from typing import Any

from audit.domain import trail
from delivery.models import Task
from projects.domain.numbers import take_numbers
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
