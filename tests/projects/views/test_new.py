import pytest
from django.urls import reverse

from accounts.models import Organisation
from projects.enums import Role
from projects.models import Project
from tests.accounts.factories import OrganisationFactory, UserFactory
from tests.projects.factories import ProjectFactory, member

pytestmark = pytest.mark.django_db
URL = reverse("projects:project_new")


@pytest.fixture
def manager(client):
    user = member(ProjectFactory(), Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def data(manager, **changes):
    fields = {
        "key": "HX-ERP",
        "name": "ERP for Hengxin",
        "customer": OrganisationFactory().pk,
        "new_customer": "",
        "time_zone": "",
        "manager": manager.pk,
        "language": "zh-hans",
        "playbook": "erp_rollout",
        "starts_on": "2026-03-02",
        "go_live_on": "2026-09-14",
        "summary": "",
    }
    return fields | changes


def test_project_new_shows_phases_and_stores_nothing(client, manager):
    response = client.post(URL, data(manager))

    assert [phase.name for phase in response.context["phases"]][:2] == ["项目启动与业务调研", "业务蓝图设计"]
    assert 'name="key" value="HX-ERP"' in response.text
    assert not Project.objects.filter(key="HX-ERP").exists()


def test_project_new_goes_back_with_what_was_typed(client, manager):
    response = client.post(URL, data(manager, step="edit"))

    assert response.context["form"]["name"].value() == "ERP for Hengxin"
    assert not Project.objects.filter(key="HX-ERP").exists()


def test_project_new_starts_the_project(client, manager):
    response = client.post(URL, data(manager, step="create"))

    assert response["Location"] == reverse("projects:team", args=["HX-ERP"])
    project = Project.objects.get(key="HX-ERP")
    assert (project.phases.count(), project.memberships.get().user) == (7, manager)


def test_project_new_makes_a_new_customer_with_the_project(client, manager):
    changes = {"customer": "", "new_customer": "恒信机械", "time_zone": "Asia/Shanghai"}

    client.post(URL, data(manager, **changes))
    assert not Organisation.objects.filter(name="恒信机械").exists()

    client.post(URL, data(manager, step="create", **changes))
    assert Project.objects.get(key="HX-ERP").customer.name == "恒信机械"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "no key"}, "key"),
        ({"customer": ""}, "customer"),
        ({"go_live_on": "2026-03-20"}, "go_live_on"),
        ({"go_live_on": "2026-02-20"}, "go_live_on"),
        ({"playbook": "none"}, "playbook"),
        ({"starts_on": ""}, "starts_on"),
    ],
)
def test_project_new_says_what_is_wrong(client, manager, changes, field):
    response = client.post(URL, data(manager, step="create", **changes))

    assert list(response.context["form"].errors) == [field]
    assert not Project.objects.filter(key="HX-ERP").exists()


def test_project_new_refuses_a_taken_key(client, manager):
    ProjectFactory(key="HX-ERP")

    assert list(client.post(URL, data(manager)).context["form"].errors) == ["key"]


def test_project_new_refuses_a_taken_customer_name(client, manager):
    OrganisationFactory(name="恒信机械")

    response = client.post(URL, data(manager, customer="", new_customer="恒信机械"))

    assert list(response.context["form"].errors) == ["new_customer"]


def test_project_new_is_for_managers_and_administrators(client):
    client.force_login(member(ProjectFactory(), Role.CONSULTANT))
    assert client.get(URL).status_code == 403

    client.force_login(UserFactory(administrator=True))
    assert client.get(URL).status_code == 200
