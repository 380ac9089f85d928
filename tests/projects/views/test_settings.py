import pytest
from django.urls import reverse

from audit.domain import trail
from projects.enums import ProjectState, Role
from tests.projects.factories import ProjectFactory, member

pytestmark = pytest.mark.django_db
DATA = {"name": "ERP, second wave", "language": "en", "starts_on": "2026-03-02", "go_live_on": "", "summary": ""}


@pytest.fixture
def project(client):
    made = ProjectFactory()
    client.force_login(member(made, Role.PROJECT_MANAGER))
    return made


def test_settings_saves_with_its_trail(client, project):
    client.post(reverse("projects:settings", args=[project.key]), DATA)

    assert trail.entries_for(project).get().changes == {"name": [project.name, "ERP, second wave"]}


def test_settings_refuses_a_go_live_before_the_start(client, project):
    response = client.post(reverse("projects:settings", args=[project.key]), DATA | {"go_live_on": "2026-03-01"})

    assert list(response.context["form"].errors) == ["go_live_on"]


def test_settings_offers_the_moves_of_the_state(client, project):
    text = client.get(reverse("projects:settings", args=[project.key])).text

    assert "The system is live" in text
    assert "Reopen the project" not in text


def test_project_move_closes(client, project):
    client.post(reverse("projects:project_move", args=[project.key, "close"]))

    project.refresh_from_db()
    assert project.state == ProjectState.CLOSED


def test_project_move_says_why_not(client, project):
    response = client.post(reverse("projects:project_move", args=[project.key, "reopen"]), follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        f"“{project.name}” is “In delivery” now, so this is not possible."
    ]


def test_project_move_knows_its_moves_only(client, project):
    assert client.post(reverse("projects:project_move", args=[project.key, "explode"])).status_code == 404
