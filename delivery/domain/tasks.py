"""What happens to a task: planned, edited, moved forward, deleted."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from audit.domain import trail
from delivery.domain.errors import ForeignPhaseOrRequirement, OwnerNotInProject, TaskChangedMeanwhile
from delivery.models import Task
from notices.domain import outbox
from projects.domain.numbers import next_number
from projects.models import Project


@transaction.atomic
def create_task(project: Project, *, by, requirements: Iterable = (), **fields: Any) -> Task:
    """Plan a new task or milestone; the owner is told unless they planned it themselves.

    Raises OwnerNotInProject, ForeignPhaseOrRequirement.
    """
    task = Task(project=project, number=next_number(Task, project), **fields)
    requirements = list(requirements)
    _check_belongs(task, requirements)
    task.save(force_insert=True)
    if requirements:
        task.requirements.set(requirements)
    trail.record("create", task, by=by, before={}, facts=_tied_to(requirements))
    _tell_owner(task, by=by)
    return task


@transaction.atomic
def edit_task(task_id: int, *, by, version: int, requirements: Iterable | None = None, **fields: Any) -> Task:
    """Change a task that the editor saw at `version`.

    Raises TaskChangedMeanwhile if someone saved it since, OwnerNotInProject, ForeignPhaseOrRequirement.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("project").get(pk=task_id)
    if task.version != version:
        raise TaskChangedMeanwhile(task=task.label)
    before, owner_before = trail.snapshot(task), task.owner_id
    for name, value in fields.items():
        setattr(task, name, value)
    chosen = list(requirements) if requirements is not None else None
    _check_belongs(task, chosen or [])
    task.version += 1
    task.save()
    facts = {}
    if chosen is not None:
        task.requirements.set(chosen)
        facts = _tied_to(chosen)
    trail.record("edit", task, by=by, before=before, facts=facts)
    if task.owner_id != owner_before:
        _tell_owner(task, by=by)
    return task


@transaction.atomic
def set_progress(task_id: int, percent: int, *, by) -> Task:
    """Record how far a task is, 0 to 100; the same value again changes nothing.

    Raises ValueError outside 0–100.
    """
    if not 0 <= percent <= 100:
        raise ValueError("progress is 0 to 100")
    task = Task.objects.select_for_update(of=("self",)).select_related("project").get(pk=task_id)
    if task.progress_percent == percent:
        return task
    before = trail.snapshot(task)
    task.progress_percent = percent
    task.version += 1
    task.save(update_fields=["progress_percent", "version"])
    trail.record("progress", task, by=by, before=before)
    return task


def _check_belongs(task: Task, requirements: list) -> None:
    foreign = [thing for thing in (task.phase, *requirements) if thing.project_id != task.project_id]
    if foreign:
        raise ForeignPhaseOrRequirement
    if task.owner and not task.owner.memberships.filter(project=task.project_id).exists():
        raise OwnerNotInProject(person=task.owner.name)


def _tied_to(requirements: list) -> dict[str, list[int]]:
    return {"requirements": [requirement.number for requirement in requirements]} if requirements else {}


def _tell_owner(task: Task, *, by) -> None:
    if task.owner and task.owner != by:
        outbox.tell(task.owner, "delivery/mails/task_assigned", {"task": task, "by": by}, url=task.get_absolute_url())
