import pytest
from django.db import IntegrityError

from audit.domain import trail
from delivery.domain import raci
from delivery.domain.errors import (
    MatrixChangedMeanwhile,
    PersonDoesNotSee,
    PersonNotInProject,
    TwoAccountable,
)
from delivery.enums import Raci
from delivery.models import RaciEntry
from notices.models import Message
from projects.enums import Role
from tests.accounts.factories import UserFactory
from tests.delivery.factories import DeliverableFactory, RaciFactory
from tests.projects.factories import ProjectFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(project):
    return member(project, Role.PROJECT_MANAGER)


def letters_of(deliverable):
    return {entry.person: entry.letter for entry in deliverable.raci.select_related("person")}


def test_set_letters_writes_cells_records_both_sides_and_tells_who_is_accountable(project, manager):
    deliverable, consultant = DeliverableFactory(project=project), member(project, Role.CONSULTANT, name="Luo Dan")
    cells = {(deliverable.pk, consultant.pk): "A", (deliverable.pk, manager.pk): "I"}
    assert raci.set_letters(deliverable.phase, cells, by=manager) == 1
    assert letters_of(deliverable) == {consultant: "A", manager: "I"}
    facts = trail.entries_for(deliverable).get().facts
    assert (facts["raci_before"], sorted(facts["raci_after"])) == ([], ["A Luo Dan", f"I {manager.name}"])
    assert Message.objects.in_app_of(consultant).exists()
    assert not Message.objects.in_app_of(manager).exists()


def test_set_letters_leaves_cells_that_are_not_named_and_takes_empty_ones_out(project, manager):
    deliverable, consultant = DeliverableFactory(project=project), member(project, Role.CONSULTANT)
    RaciFactory(deliverable=deliverable, person=manager, letter=Raci.ACCOUNTABLE)
    RaciFactory(deliverable=deliverable, person=consultant, letter=Raci.RESPONSIBLE)
    raci.set_letters(deliverable.phase, {(deliverable.pk, consultant.pk): ""}, by=manager)
    assert letters_of(deliverable) == {manager: "A"}


def test_set_letters_hands_over_who_is_accountable_in_one_step(project, manager):
    deliverable, consultant = DeliverableFactory(project=project), member(project, Role.CONSULTANT)
    RaciFactory(deliverable=deliverable, person=manager, letter=Raci.ACCOUNTABLE)
    cells = {(deliverable.pk, consultant.pk): "A", (deliverable.pk, manager.pk): "C"}
    raci.set_letters(deliverable.phase, cells, by=manager)
    assert letters_of(deliverable) == {consultant: "A", manager: "C"}


def test_set_letters_with_the_same_letters_records_nothing(project, manager):
    entry = RaciFactory(deliverable__project=project, person=manager)
    cells = {(entry.deliverable_id, manager.pk): "A"}
    assert raci.set_letters(entry.deliverable.phase, cells, by=manager) == 0
    assert not trail.entries_for(entry.deliverable).exists()


def test_set_letters_refuses_two_accountable_people_and_writes_nothing(project, manager):
    deliverable, consultant = DeliverableFactory(project=project), member(project, Role.CONSULTANT)
    cells = {(deliverable.pk, consultant.pk): "A", (deliverable.pk, manager.pk): "A"}
    with pytest.raises(TwoAccountable):
        raci.set_letters(deliverable.phase, cells, by=manager)
    assert letters_of(deliverable) == {}


def test_set_letters_refuses_people_outside_the_project_and_auditors(project, manager):
    deliverable = DeliverableFactory(project=project, shared=True)
    for person in (UserFactory(), member(project, Role.AUDITOR)):
        with pytest.raises(PersonNotInProject):
            raci.set_letters(deliverable.phase, {(deliverable.pk, person.pk): "C"}, by=manager)


def test_set_letters_gives_the_customer_a_part_only_in_what_is_shared(project, manager):
    sponsor = member(project, Role.SPONSOR)
    hidden, shared = DeliverableFactory(project=project), DeliverableFactory(project=project, shared=True)
    with pytest.raises(PersonDoesNotSee):
        raci.set_letters(hidden.phase, {(hidden.pk, sponsor.pk): "I"}, by=manager)
    raci.set_letters(shared.phase, {(shared.pk, sponsor.pk): "I"}, by=manager)
    assert letters_of(shared) == {sponsor: "I"}


def test_set_letters_refuses_an_old_matrix(project, manager):
    entry = RaciFactory(deliverable__project=project, person=manager, letter=Raci.RESPONSIBLE)
    seen = raci.token_of(RaciEntry.objects.all())
    RaciEntry.objects.update(letter=Raci.CONSULTED)
    with pytest.raises(MatrixChangedMeanwhile):
        raci.set_letters(entry.deliverable.phase, {(entry.deliverable_id, manager.pk): ""}, by=manager, token=seen)


def test_fill_from_playbook_names_the_holders_of_the_roles_once(project, manager):
    first, second = member(project, Role.CONSULTANT), member(project, Role.CONSULTANT)
    user = member(project, Role.KEY_USER)
    roles = {"A": ["project_manager"], "R": ["consultant"], "C": ["key_user"], "I": ["project_manager"]}
    shared = DeliverableFactory(project=project, shared=True, planned_roles=roles)
    of_team = DeliverableFactory(project=project, planned_roles={"A": ["consultant"], "I": ["key_user"]})
    given = RaciFactory(deliverable__project=project, deliverable__planned_roles=roles, person=manager, letter="C")

    assert raci.fill_from_playbook(project, by=manager) == 2
    assert letters_of(shared) == {manager: "A", first: "R", second: "R", user: "C"}
    assert letters_of(of_team) == {first: "A"}
    assert letters_of(given.deliverable) == {manager: "C"}
    assert raci.fill_from_playbook(project, by=manager) == 0


def test_one_person_is_accountable_whoever_writes(project):
    entry = RaciFactory(deliverable__project=project)
    RaciFactory(deliverable=entry.deliverable, letter=Raci.RESPONSIBLE)
    with pytest.raises(IntegrityError, match=r"(?i)unique"):  # SQLite names the column, PostgreSQL the constraint
        RaciFactory(deliverable=entry.deliverable)


def test_one_letter_per_person_whoever_writes(project):
    entry = RaciFactory(deliverable__project=project)
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        RaciFactory(deliverable=entry.deliverable, person=entry.person, letter=Raci.INFORMED)
