import pytest
from django.urls import reverse

from delivery.enums import Raci
from delivery.models import RaciEntry
from projects.enums import Role
from tests.delivery.factories import DeliverableFactory, RaciFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


@pytest.fixture
def deliverable(project):
    return DeliverableFactory(project=project)


def edit_url(deliverable):
    return reverse("delivery:raci_edit", args=[deliverable.project.key, deliverable.phase.number])


def matrix_url(project):
    return reverse("delivery:raci_matrix", args=[project.key])


def post(client, deliverable, **cells):
    token = client.get(edit_url(deliverable)).context["token"]
    return client.post(edit_url(deliverable), {"token": token, **cells})


@pytest.mark.parametrize("rows", [1, 100])
def test_matrix_costs_the_same_with_one_row_and_with_a_hundred(
    client, project, manager, django_assert_max_num_queries, rows
):
    people = [member(project, Role.CONSULTANT) for _ in range(10)]
    for row in DeliverableFactory.create_batch(rows, project=project, phase=PhaseFactory(project=project)):
        for person in people[:3]:
            RaciFactory(deliverable=row, person=person, letter=Raci.CONSULTED)
    with django_assert_max_num_queries(10):
        assert client.get(matrix_url(project)).status_code == 200


def test_matrix_shows_people_without_a_part_to_who_edits_it_only(client, project, manager, deliverable):
    entry = RaciFactory(deliverable=deliverable, person=member(project, Role.CONSULTANT))
    assert client.get(matrix_url(project)).context["people"] == [manager, entry.person]
    client.force_login(member(project, Role.ENGINEER))
    assert client.get(matrix_url(project)).context["people"] == [entry.person]


def test_matrix_shows_the_customer_what_is_shared(client, project, deliverable):
    RaciFactory(deliverable=deliverable)
    shared = RaciFactory(deliverable__project=project, deliverable__shared=True)
    client.force_login(member(project, Role.SPONSOR))
    context = client.get(matrix_url(project)).context
    assert context["phases"] == [(shared.deliverable.phase, [shared.deliverable])]
    assert context["people"] == [shared.person]


def test_edit_saves_the_cells_that_were_changed(client, project, manager, deliverable):
    consultant = member(project, Role.CONSULTANT)
    RaciFactory(deliverable=deliverable, person=manager, letter=Raci.ACCOUNTABLE)
    cells = {
        f"cell_{deliverable.pk}_{manager.pk}": "I",
        f"cell_{deliverable.pk}_{consultant.pk}": "A",
    }
    assert post(client, deliverable, **cells).url == matrix_url(project)
    assert set(RaciEntry.objects.values_list("person", "letter")) == {(manager.pk, "I"), (consultant.pk, "A")}


def test_edit_with_two_accountable_people_says_so_and_keeps_what_was_chosen(client, project, manager, deliverable):
    consultant = member(project, Role.CONSULTANT)
    cells = {f"cell_{deliverable.pk}_{person.pk}": "A" for person in (manager, consultant)}
    response = post(client, deliverable, **cells)
    assert "two accountable people" in str(response.context["form"].non_field_errors())
    assert response.context["form"][f"cell_{deliverable.pk}_{consultant.pk}"].value() == "A"
    assert not RaciEntry.objects.exists()


def test_edit_of_an_old_matrix_is_refused_and_then_saved_with_the_new_token(client, project, manager, deliverable):
    cell = {f"cell_{deliverable.pk}_{manager.pk}": "A"}
    old = client.get(edit_url(deliverable)).context["token"]
    RaciFactory(deliverable=deliverable, letter=Raci.INFORMED, person=member(project, Role.TESTER))
    response = client.post(edit_url(deliverable), {"token": old, **cell})
    assert "Somebody else changed the matrix" in str(response.context["form"].non_field_errors())
    assert response.context["token"] != old
    assert f'value="{response.context["token"]}"' in response.content.decode()


def test_edit_offers_customers_no_cell_of_what_they_do_not_see(client, project, manager, deliverable):
    sponsor = member(project, Role.SPONSOR)
    fields = client.get(edit_url(deliverable)).context["form"].fields
    assert f"cell_{deliverable.pk}_{sponsor.pk}" not in fields
    response = post(client, deliverable, **{f"cell_{deliverable.pk}_{sponsor.pk}": "A"})
    assert response.status_code == 302
    assert not RaciEntry.objects.exists()


def test_edit_lets_go_of_who_has_left_the_project(client, project, manager, deliverable):
    left = RaciFactory(deliverable=deliverable).person
    response = client.get(edit_url(deliverable))
    assert "No longer in the project" in response.content.decode()
    post(client, deliverable, **{f"cell_{deliverable.pk}_{left.pk}": "", f"cell_{deliverable.pk}_{manager.pk}": "A"})
    assert RaciEntry.objects.get().person == manager


def test_fill_gives_the_roles_of_the_playbook_to_people(client, project, manager, deliverable):
    deliverable.planned_roles = {"A": ["project_manager"]}
    deliverable.save()
    assert client.get(matrix_url(project)).context["can_fill"] is True
    client.post(reverse("delivery:raci_fill", args=[project.key]))
    assert RaciEntry.objects.get().person == manager
    assert client.get(matrix_url(project)).context["can_fill"] is False
