import pytest

from delivery.models import Task
from projects.enums import Role
from tests.delivery.factories import TaskFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member

DAY = "2026-06-01"
pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def url(project):
    return f"/api/v1/projects/{project.key}/tasks/"


def test_list_is_paged_filtered_and_cheap(client, project, url, django_assert_max_num_queries):
    phase = PhaseFactory(project=project)
    TaskFactory.create_batch(100, project=project, phase=phase)
    client.force_login(member(project, Role.ENGINEER))
    with django_assert_max_num_queries(10):
        answer = client.get(url, {"phase": phase.number, "page_size": 100}).json()
    assert (answer["count"], len(answer["results"])) == (100, 100)


def test_create_plans_a_task(client, project, url):
    phase = PhaseFactory(project=project)
    client.force_login(member(project, Role.PROJECT_MANAGER))
    answer = client.post(
        url,
        {
            "title": "Go-live",
            "phase": phase.number,
            "is_milestone": True,
            "starts_on": "2026-06-01",
            "ends_on": "2026-06-01",
        },
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.json()
    assert Task.objects.get(project=project).title == "Go-live"


def test_create_is_refused_to_an_engineer(client, project, url):
    client.force_login(member(project, Role.ENGINEER))
    assert client.post(url, {}, content_type="application/json").status_code == 403


def test_list_is_hidden_from_strangers(client, url):
    client.force_login(member(ProjectFactory(), Role.PROJECT_MANAGER))
    assert client.get(url).status_code == 404


def test_patch_needs_the_version_that_was_read(client, project, url):
    task = TaskFactory(project=project, version=4)
    client.force_login(member(project, Role.PROJECT_MANAGER))

    def patch(**values):
        return client.patch(f"{url}{task.number}/", values, content_type="application/json").status_code

    assert patch(title="No version") == 400
    assert patch(title="Stale", version=3) == 409
    assert patch(title="Right", version=4) == 200


def test_patch_with_an_end_before_the_start_names_the_field(client, project, url):
    task = TaskFactory(project=project)
    client.force_login(member(project, Role.PROJECT_MANAGER))
    answer = client.patch(
        f"{url}{task.number}/", {"ends_on": "2020-01-01", "version": 1}, content_type="application/json"
    )
    assert (answer.status_code, list(answer.json())) == (400, ["ends_on"])
