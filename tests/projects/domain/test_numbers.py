from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.db import connections, transaction

from delivery.models import Task
from projects.domain.numbers import next_number, take_numbers
from projects.models import NumberSeries
from projects.series import carry_on
from requirements.models import Objective, Requirement
from tests.delivery.factories import TaskFactory
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def test_next_number_counts_each_kind_in_each_project_from_one():
    project, other = ProjectFactory(), ProjectFactory()
    taken = [(Task, project), (Task, project), (Objective, project), ("signing.srs", project), (Task, other)]
    assert [next_number(*each) for each in taken] == [1, 2, 1, 1, 1]


def test_next_number_never_gives_the_number_of_a_deleted_thing():
    task = TaskFactory()
    project = task.project
    task.delete()
    assert TaskFactory(project=project).number == task.number + 1


def test_next_number_costs_one_query(django_assert_num_queries):
    project = ProjectFactory()
    with django_assert_num_queries(2):
        next_number(Task, project)
        next_number(Task, project)


def test_take_numbers_hands_out_a_block():
    project = ProjectFactory()
    assert next_number(Requirement, project) == 1
    assert take_numbers(Requirement, project, 3) == range(2, 5)
    assert next_number(Requirement, project) == 5


def test_take_numbers_of_nothing_takes_none():
    project = ProjectFactory()
    assert list(take_numbers(Task, project, 0)) == []
    assert next_number(Task, project) == 1


def test_next_number_is_given_back_by_a_rollback():
    project = ProjectFactory()
    with transaction.atomic():
        next_number(Task, project)
        transaction.set_rollback(True)
    assert next_number(Task, project) == 1


@pytest.mark.django_db(transaction=True)
def test_take_numbers_at_the_same_time_gives_none_twice():
    project, barrier, blocks = ProjectFactory(), Barrier(4), []

    def work():
        barrier.wait()
        try:
            for _ in range(5):
                with transaction.atomic():
                    blocks.append(take_numbers(Task, project, 2))
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for block in blocks for number in block) == list(range(1, 41))


def test_carry_on_begins_after_the_highest_number_in_use():
    project, other = ProjectFactory(), ProjectFactory()
    for number in (3, 7):
        TaskFactory(project=project, number=number)
    TaskFactory(project=other, number=2)
    NumberSeries.objects.all().delete()

    step = carry_on("delivery", "Task")
    step.code(apps, None)
    assert (next_number(Task, project), next_number(Task, other)) == (8, 3)

    next_number(Objective, project)
    step.reverse_code(apps, None)
    assert [series.kind for series in NumberSeries.objects.all()] == ["requirements.objective"]
