import pytest
from django.db import IntegrityError, transaction

from audit.domain import trail
from quality.domain import cases
from quality.domain.cases import Step
from quality.domain.errors import CaseAlreadyInState, CaseChangedMeanwhile, CaseIsPlanned, ForeignRows
from quality.enums import CaseState
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.quality.factories import CaseFactory, CaseVersionFactory, ExecutionFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db

BOOK = Step("Book the invoice", "It has a number", "Invoice 4711")


def test_create_case_numbers_steps_and_ties_requirements():
    project, author = ProjectFactory(), UserFactory()
    requirement = RequirementFactory(project=project)

    case = cases.create_case(project, by=author, title="Book", steps=[BOOK, BOOK], requirements=[requirement])

    assert (case.code, case.version) == ("TC-001", 1)
    assert [step.position for step in case.steps.all()] == [1, 2]
    assert list(case.requirements.all()) == [requirement]
    assert trail.entries_for(case).get().action == "create"


def test_create_case_refuses_another_projects_requirement():
    with pytest.raises(ForeignRows):
        cases.create_case(ProjectFactory(), by=UserFactory(), title="Book", requirements=[RequirementFactory()])


@pytest.mark.parametrize(
    ("change", "version"),
    [
        ({"title": "Another"}, 2),
        ({"preconditions": "A supplier exists"}, 2),
        ({"steps": [BOOK]}, 2),
        ({"process": "Order to cash", "priority": 1}, 1),
        ({}, 1),
    ],
)
def test_edit_case_makes_a_new_version_when_its_content_differs(change, version):
    case = CaseFactory()
    assert cases.edit_case(case.pk, by=UserFactory(), version=1, **change).version == version


def test_edit_case_with_the_same_steps_stays_the_version():
    case = CaseFactory(steps=1)
    same = [Step("Do 1", "See 1")]
    assert cases.edit_case(case.pk, by=UserFactory(), version=1, steps=same).version == 1
    assert not trail.entries_for(case).exists()


def test_edit_case_refuses_what_was_changed_meanwhile():
    case = CaseFactory(version=2)
    with pytest.raises(CaseChangedMeanwhile):
        cases.edit_case(case.pk, by=UserFactory(), version=1, title="Mine")


def test_retire_and_restore_case():
    case, author = CaseFactory(), UserFactory()
    assert cases.retire_case(case.pk, by=author).state == CaseState.RETIRED
    assert cases.restore_case(case.pk, by=author).state == CaseState.ACTIVE
    assert [entry.action for entry in trail.entries_for(case)] == ["retire", "restore"]


def test_retire_case_refuses_one_that_is_planned():
    execution = ExecutionFactory()
    with pytest.raises(CaseIsPlanned):
        cases.retire_case(execution.case.pk, by=UserFactory())


def test_retire_case_allows_one_whose_runs_are_finished():
    execution = ExecutionFactory(run__running=False, run__finished=True)
    assert cases.retire_case(execution.case.pk, by=UserFactory()).state == CaseState.RETIRED


@pytest.mark.parametrize(("retired", "move"), [(True, cases.retire_case), (False, cases.restore_case)])
def test_case_moves_refuse_the_state_it_is_in(retired, move):
    case = CaseFactory(retired=retired)
    with pytest.raises(CaseAlreadyInState):
        move(case.pk, by=UserFactory())


def test_every_version_is_kept_with_who_wrote_it():
    author, editor = UserFactory(), UserFactory()
    case = cases.create_case(ProjectFactory(), by=author, title="Book", steps=[BOOK])
    cases.edit_case(case.pk, by=editor, version=1, priority=1)
    cases.edit_case(case.pk, by=editor, version=1, title="Post", steps=[])
    first, second = case.versions.order_by("number")
    assert (first.title, first.written_by, first.steps[0]["action"]) == ("Book", author, BOOK.action)
    assert (second.title, second.written_by, second.steps) == ("Post", editor, [])


def test_a_kept_version_cannot_be_changed():
    version = CaseVersionFactory()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        type(version).objects.filter(pk=version.pk).update(title="Another")
