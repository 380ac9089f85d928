"""What a project gets from its playbook: objectives and requirements, as drafts of the team (see projects/parts.py)."""

from audit.domain import trail
from projects.domain.numbers import take_numbers
from projects.models import Phase, Project
from requirements.models import Objective, Requirement


def make_objectives(project: Project, phases: dict[str, Phase], rows: list[dict], by) -> dict[str, Objective]:
    """Make one objective per row (its shape: projects.parts) and return them by the rows' codes."""
    objectives = Objective.objects.bulk_create(
        Objective(
            project=project,
            number=number,
            title=row["title"],
            measure=row["measure"],
            baseline_value=row["baseline"],
            target_value=row["target"],
            due_on=row["due_on"],
            created_by=by,
        )
        for number, row in zip(take_numbers(Objective, project, len(rows)), rows, strict=True)
    )
    trail.record_many("create", objectives, by=by, facts={"playbook": project.playbook})
    return {row["code"]: objective for row, objective in zip(rows, objectives, strict=True)}


def make_requirements(project: Project, phases: dict[str, Phase], rows: list[dict], by) -> dict[str, Requirement]:
    """Make one requirement per row, tied to its objectives, and return them by the rows' codes."""
    requirements = Requirement.objects.bulk_create(
        Requirement(
            project=project,
            number=number,
            process=row["process"],
            title=row["title"],
            statement=row["text"],
            acceptance=row["acceptance"],
            priority=row["priority"],
            phase=row["phase"],
            created_by=by,
        )
        for number, row in zip(take_numbers(Requirement, project, len(rows)), rows, strict=True)
    )
    ties = Requirement.objectives.through
    ties.objects.bulk_create(
        ties(requirement=requirement, objective=objective)
        for row, requirement in zip(rows, requirements, strict=True)
        for objective in row["objectives"]
    )
    trail.record_many("create", requirements, by=by, facts={"playbook": project.playbook})
    return {row["code"]: requirement for row, requirement in zip(rows, requirements, strict=True)}
