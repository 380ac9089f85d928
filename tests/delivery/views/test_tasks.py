from datetime import date, timedelta

import pytest
from django.urls import reverse

from delivery.models import Task
from projects.enums import Role
from tests.delivery.factories import TaskFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def form_data(phase, **changes):
    return {
        "title": "Load opening balances",
        "phase": phase.pk,
        "starts_on": "2026-04-01",
        "ends_on": "2026-04-03",
        "progress_percent": 0,
        "audience": "team",
        "version": 1,
    } | changes


@pytest.mark.parametrize("name", ["delivery:task_list", "delivery:plan"])
@pytest.mark.parametrize("rows", [1, 100])
def test_list_costs_the_same_with_one_row_and_with_a_hundred(
    client, project, manager, django_assert_max_num_queries, name, rows
):
    phase = PhaseFactory(project=project)
    TaskFactory.create_batch(rows, project=project, phase=phase, owner=manager)
    with django_assert_max_num_queries(10):
        response = client.get(reverse(name, args=[project.key]))
    assert response.context["page"].total == rows


def test_task_detail_costs_at_most_twelve_queries(client, project, manager, django_assert_max_num_queries):
    task = TaskFactory(project=project, owner=manager)
    task.requirements.set(RequirementFactory.create_batch(20, project=project))
    with django_assert_max_num_queries(12):
        assert client.get(task.get_absolute_url()).status_code == 200


def test_task_list_answers_htmx_with_the_table_alone(client, project, manager):
    response = client.get(reverse("delivery:task_list", args=[project.key]), headers={"HX-Request": "true"})
    assert response.templates[0].name == "delivery/_task_table.html"


def test_task_list_filters_and_sorts(client, project, manager):
    late = TaskFactory(project=project, title="Late", ends_on=date(2026, 3, 3))
    TaskFactory(project=project, title="Done", progress_percent=100)
    url = reverse("delivery:task_list", args=[project.key])
    response = client.get(url, {"state": "overdue", "sort": "-ends", "q": "la"})
    assert response.context["page"].rows == [late]
    assert [chip.value for chip in response.context["page"].chips] == ["la", "Overdue"]


def test_task_list_ignores_a_senseless_address(client, project, manager):
    url = reverse("delivery:task_list", args=[project.key])
    assert client.get(url, {"page": "x", "sort": "'", "owner": "999999", "state": "no"}).status_code == 200


def test_customer_sees_shared_tasks_only(client, project):
    TaskFactory(project=project)
    shared = TaskFactory(project=project, shared=True)
    client.force_login(member(project, Role.SPONSOR))
    response = client.get(reverse("delivery:task_list", args=[project.key]))
    assert response.context["page"].rows == [shared]


def test_task_add_plans_a_task(client, project, manager):
    phase = PhaseFactory(project=project)
    response = client.post(reverse("delivery:task_add", args=[project.key]), form_data(phase))
    task = Task.objects.get(project=project)
    assert (response.status_code, response.url) == (302, task.get_absolute_url())


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": "2026-03-31"},
        {"is_milestone": "on"},
        {"starts_on": "31.4."},
        {"progress_percent": 120},
        {"title": ""},
    ],
)
def test_task_add_says_what_is_wrong_and_keeps_the_rest(client, project, manager, wrong):
    response = client.post(
        reverse("delivery:task_add", args=[project.key]), form_data(PhaseFactory(project=project), **wrong)
    )
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Task.objects.exists()


def test_task_add_does_not_offer_a_foreign_phase(client, project, manager):
    response = client.post(reverse("delivery:task_add", args=[project.key]), form_data(PhaseFactory()))
    assert "phase" in response.context["form"].errors


def test_task_edit_on_a_stale_page_shows_both_and_saves_nothing(client, project, manager):
    task = TaskFactory(project=project, title="Saved meanwhile", version=2)
    response = client.post(
        reverse("delivery:task_edit", args=[project.key, task.number]), form_data(task.phase, title="Typed", version=1)
    )
    assert response.status_code == 200
    assert response.context["form"]["title"].value() == "Typed"
    assert response.context["task"].title == "Saved meanwhile"
    task.refresh_from_db()
    assert task.title == "Saved meanwhile"


def test_owner_of_the_customer_records_progress(client, project):
    user = member(project, Role.KEY_USER)
    task = TaskFactory(project=project, shared=True, owner=user)
    client.force_login(user)
    client.post(reverse("delivery:task_progress", args=[project.key, task.number]), {"progress_percent": 60})
    task.refresh_from_db()
    assert task.progress_percent == 60


def test_other_customer_people_do_not_record_progress(client, project):
    task = TaskFactory(project=project, shared=True)
    client.force_login(member(project, Role.KEY_USER))
    url = reverse("delivery:task_progress", args=[project.key, task.number])
    assert client.post(url, {"progress_percent": 60}).status_code == 403


def test_plan_gives_a_phone_the_milestones_until_the_chart_is_searched(client, project, manager):
    TaskFactory(project=project)
    late = TaskFactory(project=project, milestone=True)
    early = TaskFactory(
        project=project, milestone=True, starts_on=late.starts_on - timedelta(1), ends_on=late.ends_on - timedelta(1)
    )
    url = reverse("delivery:plan", args=[project.key])
    assert client.get(url).context["milestones"] == [early, late]
    assert client.get(url, {"q": "x"}).context["milestones"] == []
