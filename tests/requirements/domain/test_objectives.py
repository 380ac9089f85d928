from datetime import date

import pytest
from django.db import IntegrityError

from audit.domain import trail
from projects.enums import Audience
from requirements.domain import objectives
from requirements.domain.errors import BaselineIsOpen, EditedMeanwhile, ScopeIsSigned
from requirements.enums import BaselineState
from requirements.models import Objective
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.requirements.factories import ObjectiveFactory, frozen_baseline

DUE = date(2026, 12, 31)
pytestmark = pytest.mark.django_db


def objective_of(baseline):
    return baseline.objectives.get().objective


def test_add_objective_gives_the_next_number_and_records_it():
    project, by = ProjectFactory(), UserFactory()
    ObjectiveFactory(project=project)
    row = Objective(project=project, title="Fewer returns", measure="Returns", target_value="2 %", due_on=DUE)
    objective = objectives.add_objective(row, by=by)
    assert (objective.code, objective.created_by) == ("O-2", by)
    assert trail.entries_for(objective).get().action == "create"


def test_edit_objective_records_the_difference():
    objective = ObjectiveFactory()
    objective.target_value = "3 days"
    objectives.edit_objective(objective, by=UserFactory())
    assert trail.entries_for(objective).get().changes == {"target_value": ["5 days", "3 days"], "version": [1, 2]}


def test_edit_objective_that_changes_nothing_is_no_new_version():
    assert objectives.edit_objective(ObjectiveFactory(), by=UserFactory()).version == 1


def test_edit_objective_refuses_what_someone_else_changed_meanwhile():
    objective = ObjectiveFactory(version=2)
    objective.title = "Typed"
    with pytest.raises(EditedMeanwhile):
        objectives.edit_objective(objective, by=UserFactory(), seen_version=1)
    assert not Objective.objects.filter(title="Typed").exists()


def test_edit_objective_refuses_once_signed():
    objective = objective_of(frozen_baseline(state=BaselineState.SIGNED))
    objective.target_value = "3 days"
    with pytest.raises(ScopeIsSigned):
        objectives.edit_objective(objective, by=UserFactory(), discard=True)


def test_edit_objective_asks_and_then_discards_a_frozen_baseline():
    baseline = frozen_baseline()
    objective = objective_of(baseline)
    objective.target_value = "3 days"
    with pytest.raises(BaselineIsOpen):
        objectives.edit_objective(objective, by=UserFactory())
    objectives.edit_objective(objective, by=UserFactory(), discard=True)
    baseline.refresh_from_db()
    assert baseline.discarded_reason == "O-1 is changed: target “5 days” → “3 days”"


def test_edit_objective_lets_the_audience_change_under_a_signed_baseline():
    objective = objective_of(frozen_baseline(state=BaselineState.SIGNED))
    objective.audience = Audience.TEAM
    objectives.edit_objective(objective, by=UserFactory())
    objective.refresh_from_db()
    assert objective.audience == Audience.TEAM


def test_database_gives_a_number_once_per_project():
    objective = ObjectiveFactory()
    with pytest.raises(IntegrityError):
        ObjectiveFactory(project=objective.project, number=objective.number)
