import pytest

from projects.enums import Role
from quality.domain import playbook
from quality.enums import CriteriaState
from quality.models import CriteriaSet
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


def test_make_test_cases_writes_steps_and_ties_requirements():
    project = ProjectFactory()
    manager, requirement = member(project, Role.PROJECT_MANAGER), RequirementFactory(project=project)
    row = {
        "code": "p2p-01",
        "title": "Buy a stock item",
        "process": "Procure to pay",
        "precondition": "A supplier exists",
        "kind": "uat",
        "priority": 1,
        "phase": None,
        "steps": [{"action": "Raise a request", "expected": "It is with the approver"}],
        "requirements": [requirement],
    }
    case = playbook.make_test_cases(project, {}, [row], manager)["p2p-01"]
    assert (case.code, case.preconditions, case.priority) == ("TC-001", "A supplier exists", 1)
    assert (case.steps.get().expected, case.requirements.get()) == ("It is with the approver", requirement)


def test_make_criteria_drafts_a_set_per_scope():
    project = ProjectFactory()
    phase, manager = PhaseFactory(project=project), member(project, Role.PROJECT_MANAGER)
    measured = {
        "code": "pass-rate",
        "title": "At least 90 % pass",
        "kind": "functional",
        "measure": "pass_rate",
        "operator": ">=",
        "threshold": 90,
        "unit": "%",
        "how": "",
        "phase": phase,
    }
    by_hand = measured | {"title": "Trained", "kind": "training", "measure": "manual", "phase": None}
    by_hand |= {"operator": None, "threshold": None, "unit": "", "how": "Training records"}

    playbook.make_criteria(project, {}, [measured, by_hand], manager)

    of_phase, of_project = CriteriaSet.objects.get(phase=phase), CriteriaSet.objects.get(phase=None)
    assert (of_phase.state, of_phase.criteria.get().threshold) == (CriteriaState.DRAFT, 90)
    assert (of_project.criteria.get().source, of_project.criteria.get().how) == ("manual", "Training records")


def test_copy_cases_writes_the_chosen_ones_and_ties_requirements_of_the_same_title():
    project = ProjectFactory(language="en")
    manager = member(project, Role.PROJECT_MANAGER)
    tied = RequirementFactory(project=project, title="Purchase request with approval by amount")
    wanted = next(row for row in playbook.offer(project, "erp_rollout") if row.code == "p2p-01")
    assert (wanted.requirements, wanted.is_here) == ([tied], False)

    [case] = playbook.copy_cases(project, "erp_rollout", ["p2p-01", "unknown"], by=manager)

    assert (case.title, list(case.requirements.all())) == (wanted.title, [tied])
    assert case.steps.count() == len(wanted.steps)


def test_copy_cases_twice_changes_nothing():
    project = ProjectFactory(language="zh-hans")
    manager = member(project, Role.PROJECT_MANAGER)
    copied = [playbook.copy_cases(project, "erp_rollout", ["p2p-01"], by=manager) for _again in range(2)]
    assert [len(cases) for cases in copied] == [1, 0]
    assert next(row.is_here for row in playbook.offer(project, "erp_rollout") if row.code == "p2p-01")
