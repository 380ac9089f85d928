from datetime import date

import pytest
from django.db import IntegrityError

from audit.domain import trail
from delivery.domain import tasks
from delivery.domain.errors import ForeignPhaseOrRequirement, OwnerNotInProject, TaskChangedMeanwhile
from delivery.enums import TaskState
from delivery.models import Task
from notices.models import Message
from projects.enums import Role
from tests.accounts.factories import UserFactory
from tests.delivery.factories import TaskFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db
DAYS = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 6)}


def test_create_task_numbers_records_and_tells_the_owner():
    project = ProjectFactory()
    TaskFactory.create_batch(2, project=project)
    manager, engineer = member(project, Role.PROJECT_MANAGER), member(project, Role.ENGINEER)
    requirement = RequirementFactory(project=project)

    task = tasks.create_task(
        project,
        by=manager,
        title="Set up the chart of accounts",
        phase=PhaseFactory(project=project),
        owner=engineer,
        requirements=[requirement],
        **DAYS,
    )

    assert task.number == 3
    assert list(task.requirements.all()) == [requirement]
    entry = trail.entries_for(task).get()
    assert (entry.action, entry.actor, entry.facts) == ("create", manager, {"requirements": [requirement.number]})
    assert Message.objects.filter(recipient=engineer).exists()


def test_create_task_does_not_tell_people_what_they_did_themselves():
    project = ProjectFactory()
    manager = member(project, Role.PROJECT_MANAGER)
    tasks.create_task(project, by=manager, title="Plan", phase=PhaseFactory(project=project), owner=manager, **DAYS)
    assert not Message.objects.exists()


def test_create_task_refuses_a_phase_of_another_project():
    project = ProjectFactory()
    with pytest.raises(ForeignPhaseOrRequirement):
        tasks.create_task(project, by=UserFactory(), title="Plan", phase=PhaseFactory(), **DAYS)


def test_create_task_refuses_an_owner_outside_the_team():
    project = ProjectFactory()
    with pytest.raises(OwnerNotInProject):
        tasks.create_task(
            project, by=UserFactory(), title="Plan", phase=PhaseFactory(project=project), owner=UserFactory(), **DAYS
        )


def test_edit_task_records_what_differs():
    task = TaskFactory(title="Old")
    tasks.edit_task(task.pk, by=UserFactory(), version=1, title="New")
    entry = trail.entries_for(task).get()
    assert entry.changes == {"title": ["Old", "New"], "version": [1, 2]}


def test_edit_task_refuses_a_stale_version():
    task = TaskFactory(version=3)
    with pytest.raises(TaskChangedMeanwhile):
        tasks.edit_task(task.pk, by=UserFactory(), version=2, title="Typed on an old page")


def test_set_progress_twice_records_once():
    task, by = TaskFactory(), UserFactory()
    tasks.set_progress(task.pk, 40, by=by)
    tasks.set_progress(task.pk, 40, by=by)
    assert [entry.changes["progress_percent"] for entry in trail.entries_for(task)] == [[0, 40]]


@pytest.mark.parametrize("percent", [-1, 101])
def test_set_progress_refuses_what_is_no_percentage(percent):
    with pytest.raises(ValueError, match="0 to 100"):
        tasks.set_progress(TaskFactory().pk, percent, by=UserFactory())


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"ends_on": date(2026, 3, 1)}, "delivery_task_ends_not_before_start"),
        ({"is_milestone": True}, "delivery_task_milestone_is_one_day"),
        ({"progress_percent": 101}, "delivery_task_progress_is_a_percentage"),
    ],
)
def test_constraint(values, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        TaskFactory(**values)


@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 7)])
@pytest.mark.parametrize("progress", [0, 50, 100])
@pytest.mark.parametrize("milestone", [False, True])
def test_in_state_finds_what_state_on_says(on, progress, milestone):
    task = TaskFactory(progress_percent=progress, milestone=milestone)
    found = [state for state in TaskState if Task.objects.in_state(state, on=on).filter(pk=task.pk).exists()]
    assert found == [task.state_on(on)]
