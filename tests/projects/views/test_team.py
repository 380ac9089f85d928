import pytest
from django.urls import reverse

from accounts.models import User
from projects.enums import Role
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def messages(response):
    return [str(message) for message in response.context["messages"]]


def test_team_shows_both_sides_and_the_rights(client, project, manager):
    sponsor = member(project, Role.SPONSOR, Role.KEY_USER)
    gone = member(project, Role.TESTER, is_active=False, deactivated_at=manager.created_at)

    response = client.get(reverse("projects:team", args=[project.key]))

    vendor, customer = response.context["sides"]
    assert [(row.user, row.roles) for row in customer.members] == [(sponsor, [Role.SPONSOR, Role.KEY_USER])]
    assert [row.user for row in vendor.members] == [manager, gone]
    assert response.text.count("Deactivated") == 1
    assert "Invite people and give them roles" in response.text


def test_team_gives_a_customer_no_buttons(client, project):
    client.force_login(member(project, Role.SPONSOR))

    assert "Change roles" not in client.get(reverse("projects:team", args=[project.key])).text


@pytest.mark.parametrize("size", [1, 100])
def test_team_costs_the_same_for_many(client, project, manager, size, django_assert_max_num_queries):
    for _ in range(size):
        member(project, Role.CONSULTANT)

    with django_assert_max_num_queries(10):
        client.get(reverse("projects:team", args=[project.key]))


def test_member_add_invites_and_says_so(client, project, manager):
    url = reverse("projects:member_add", args=[project.key])
    data = {
        "email": "wang.lei@example.com",
        "name": "王磊",
        "job_title": "财务总监",
        "organisation": project.customer.pk,
        "language": "zh-hans",
        "roles": ["sponsor"],
    }

    response = client.post(url, data, follow=True)
    assert messages(response) == ["王磊 is in the team; an invitation to wang.lei@example.com is on its way."]
    assert User.objects.get(email="wang.lei@example.com").job_title == "财务总监"

    again = client.post(url, data, follow=True)
    assert messages(again) == ["王磊 had these roles already; nothing changed."]


def test_member_add_names_the_role_that_does_not_fit(client, project, manager):
    data = {
        "email": "wang.lei@example.com",
        "name": "王磊",
        "organisation": project.customer.pk,
        "language": "zh-hans",
        "roles": ["sponsor", "tester"],
    }

    response = client.post(reverse("projects:member_add", args=[project.key]), data)

    assert response.context["form"].errors["roles"] == [
        f"“Tester” is no role for people of {project.customer.name} in this project."
    ]


def test_member_edit_offers_the_roles_of_the_side_alone(client, project, manager):
    key_user = member(project, Role.KEY_USER)
    url = reverse("projects:member_edit", args=[project.key, key_user.pk])

    form = client.get(url).context["form"]
    assert [value for value, _label in form.fields["roles"].choices] == ["sponsor", "representative", "key_user"]

    client.post(url, {"roles": ["sponsor"]})
    assert list(project.memberships.filter(user=key_user).values_list("role", flat=True)) == ["sponsor"]


def test_member_edit_keeps_the_last_manager(client, project, manager):
    url = reverse("projects:member_edit", args=[project.key, manager.pk])

    response = client.post(url, {"roles": ["consultant"]})

    assert response.context["form"].errors["roles"] == [
        f"{manager.name} is the last project manager. Name another one first."
    ]


def test_member_edit_knows_no_strangers(client, project, manager):
    assert client.get(reverse("projects:member_edit", args=[project.key, UserFactory().pk])).status_code == 404


def test_member_remove_says_it_is_done(client, project, manager):
    tester = member(project, Role.TESTER)

    response = client.post(reverse("projects:member_remove", args=[project.key, tester.pk]), follow=True)

    assert messages(response) == [f"{tester.name} is no longer in the project."]
    assert not project.memberships.filter(user=tester).exists()


def test_member_remove_refuses_the_last_manager(client, project, manager):
    response = client.post(reverse("projects:member_remove", args=[project.key, manager.pk]), follow=True)

    assert messages(response) == [f"{manager.name} is the last project manager. Name another one first."]
