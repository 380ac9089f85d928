import pytest

from accounts.domain.errors import PersonDeactivated
from accounts.models import User
from audit.domain import trail
from notices.models import Message
from projects.domain import errors, team
from projects.enums import CUSTOMER_ROLES, VENDOR_ROLES, Role
from projects.roles import roles_in
from tests.accounts.factories import OrganisationFactory, UserFactory
from tests.projects.factories import ProjectFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(project):
    return member(project, Role.PROJECT_MANAGER)


def roles_of(project, user):
    return set(project.memberships.filter(user=user).values_list("role", flat=True))


def add(project, manager, roles, **changes):
    fields = {
        "email": "li.na@example.com",
        "name": "Li Na",
        "organisation": project.customer,
        "language": "zh-hans",
    }
    return team.add_person(project, **fields | changes, roles=roles, by=manager)


def test_add_person_invites_who_is_new(project, manager):
    change = add(project, manager, [Role.KEY_USER, Role.REPRESENTATIVE])

    user = User.objects.get(email="li.na@example.com")
    assert change == team.Change(user, frozenset({Role.KEY_USER, Role.REPRESENTATIVE}))
    assert roles_of(project, user) == {Role.KEY_USER, Role.REPRESENTATIVE}
    assert user.time_zone == project.customer.time_zone


def test_add_person_twice_changes_nothing(project, manager):
    first = add(project, manager, [Role.KEY_USER])

    again = add(project, manager, [Role.KEY_USER])

    assert again == team.Change(first.user, frozenset())
    assert project.memberships.filter(user=first.user).count() == 1


def test_add_person_leaves_other_roles_as_they_are(project, manager):
    user = add(project, manager, [Role.KEY_USER]).user

    assert add(project, manager, [Role.SPONSOR]).given == {Role.SPONSOR}
    assert roles_of(project, user) == {Role.KEY_USER, Role.SPONSOR}


def test_add_person_refuses_a_deactivated_person(project, manager):
    user = add(project, manager, [Role.KEY_USER]).user
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=user.created_at)

    with pytest.raises(PersonDeactivated):
        add(project, manager, [Role.SPONSOR])


@pytest.mark.parametrize("role", sorted(set(Role) - CUSTOMER_ROLES))
def test_add_person_refuses_a_customer_other_sides_roles(project, manager, role):
    with pytest.raises(errors.RoleDoesNotFit):
        add(project, manager, [Role.SPONSOR, role])

    assert not User.objects.filter(email="li.na@example.com").exists()


@pytest.mark.parametrize("role", sorted(set(Role) - VENDOR_ROLES))
def test_add_person_refuses_the_vendor_other_sides_roles(project, manager, role):
    with pytest.raises(errors.RoleDoesNotFit):
        add(project, manager, [role], organisation=manager.organisation)


@pytest.mark.parametrize("role", sorted(Role))
def test_add_person_refuses_another_customers_people(project, manager, role):
    with pytest.raises(errors.RoleDoesNotFit):
        add(project, manager, [role], organisation=OrganisationFactory())


def test_add_person_gives_auditors_their_role_alone(project, manager):
    auditors = OrganisationFactory(auditor=True)

    assert add(project, manager, [Role.AUDITOR], organisation=auditors).given == {Role.AUDITOR}
    with pytest.raises(errors.RoleDoesNotFit):
        add(project, manager, [Role.TESTER], organisation=auditors)


def test_add_person_refuses_no_role(project, manager):
    with pytest.raises(errors.NoRole):
        add(project, manager, [])


def test_add_member_tells_a_person_who_has_signed_in_before(project, manager):
    user = UserFactory(last_login=manager.created_at)

    team.add_member(project, user, [Role.TESTER, Role.ENGINEER], by=manager)

    message = Message.objects.get(recipient=user, channel="in_app")
    assert (message.url, message.project_id) == (f"/projects/{project.key}/", project.pk)
    assert message.subject == f"You are now in the project “{project.name}”"
    assert "– Engineer\n– Tester" in message.body


def test_set_roles_gives_and_takes(project, manager):
    tester = member(project, Role.TESTER, Role.ENGINEER)

    change = team.set_roles(project, tester, [Role.ENGINEER, Role.CONSULTANT], by=manager)

    assert (change.given, change.taken) == ({Role.CONSULTANT}, {Role.TESTER})
    assert roles_of(project, tester) == {Role.ENGINEER, Role.CONSULTANT}
    assert roles_in(tester, project) == {Role.ENGINEER, Role.CONSULTANT}
    actions = trail.entries_of_project(project.pk).order_by("number").values_list("action", "object_label")
    assert list(actions) == [("create", f"{tester} – Consultant"), ("delete", f"{tester} – Tester")]


def test_set_roles_refuses_a_stranger(project, manager):
    with pytest.raises(errors.NotAMember):
        team.set_roles(project, UserFactory(), [Role.TESTER], by=manager)


def test_set_roles_keeps_the_last_project_manager(project, manager):
    with pytest.raises(errors.LastProjectManager, match=manager.name):
        team.set_roles(project, manager, [Role.CONSULTANT], by=manager)

    assert roles_of(project, manager) == {Role.PROJECT_MANAGER}


def test_remove_person_ends_all_roles(project, manager):
    tester = member(project, Role.TESTER, Role.ENGINEER)

    team.remove_person(project, tester, by=manager)

    assert roles_of(project, tester) == set()
    assert team.remove_person(project, tester, by=manager).taken == frozenset()


def test_remove_person_keeps_the_last_active_project_manager(project, manager):
    member(project, Role.PROJECT_MANAGER, is_active=False, deactivated_at=manager.created_at)

    with pytest.raises(errors.LastProjectManager):
        team.remove_person(project, manager, by=manager)


def test_remove_person_lets_one_of_two_project_managers_go(project, manager):
    member(project, Role.PROJECT_MANAGER)

    team.remove_person(project, manager, by=manager)

    assert roles_of(project, manager) == set()


def test_people_of_a_supplier_work_in_the_team(client, project, manager):
    supplier = OrganisationFactory(kind="supplier")
    engineer = UserFactory(organisation=supplier)

    assert team.roles_for(supplier, project) == {Role.CONSULTANT, Role.ENGINEER, Role.TESTER}
    team.add_member(project, engineer, [Role.ENGINEER], by=manager)

    client.force_login(engineer)
    assert "lf-staff" in client.get(f"/projects/{project.key}/tasks/").text
    assert client.get("/playbooks/").status_code == 403
    with pytest.raises(errors.RoleDoesNotFit):
        team.add_member(project, engineer, [Role.PROJECT_MANAGER], by=manager)
