import pytest
from django.db import IntegrityError

from audit.domain import trail
from projects.enums import Audience
from requirements.domain import requirements
from requirements.domain.errors import (
    BaselineIsOpen,
    EditedMeanwhile,
    MoveNotAllowed,
    ReasonMissing,
    ScopeIsSigned,
    WasBaselined,
)
from requirements.enums import BaselineState, RequirementState
from requirements.models import Requirement
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.requirements.factories import ObjectiveFactory, RequirementFactory, frozen_baseline

pytestmark = pytest.mark.django_db


def new(project, **fields):
    return Requirement(project=project, title="Print labels", statement="Labels are printed on receipt.", **fields)


def edit(requirement, *, objectives=None, discard=False, by=None, **fields):
    for name, value in fields.items():
        setattr(requirement, name, value)
    tied = list(requirement.objectives.all()) if objectives is None else objectives
    return requirements.edit_requirement(requirement, tied, by=by or UserFactory(), discard=discard)


def test_add_requirement_gives_the_next_number_and_records_it():
    project, by = ProjectFactory(), UserFactory()
    objective = ObjectiveFactory(project=project)
    first = requirements.add_requirement(new(project), [objective], by=by)
    second = requirements.add_requirement(new(project), [], by=by)
    assert [first.code, second.code] == ["R-001", "R-002"]
    assert (list(first.objectives.all()), first.created_by) == ([objective], by)
    entry = trail.entries_for(first).get()
    assert (entry.action, entry.actor, entry.facts) == ("create", by, {"objectives": ["O-1"]})


def test_delete_requirement_does_not_free_its_number():
    project, by = ProjectFactory(), UserFactory()
    requirement = requirements.add_requirement(new(project), [], by=by)
    requirements.delete_requirement(requirement.pk, by=by)
    assert requirements.add_requirement(new(project), [], by=by).code == "R-002"


@pytest.mark.parametrize("state", BaselineState)
def test_delete_requirement_refuses_what_a_baseline_held(state):
    item = frozen_baseline(state=state).items.get()
    with pytest.raises(WasBaselined):
        requirements.delete_requirement(item.requirement_id, by=UserFactory())


def test_edit_requirement_makes_the_next_version_and_records_the_difference():
    requirement = edit(RequirementFactory(), title="Match three documents", priority="must")
    requirement.refresh_from_db()
    assert (requirement.title, requirement.priority, requirement.version) == ("Match three documents", "must", 2)
    changes = trail.entries_for(requirement).get().changes
    assert (changes["priority"], changes["version"]) == (["should", "must"], [1, 2])


def test_edit_requirement_counts_its_objectives_as_content():
    requirement = RequirementFactory()
    edit(requirement, objectives=[ObjectiveFactory(project=requirement.project)])
    requirement.refresh_from_db()
    assert requirement.version == 2
    assert trail.entries_for(requirement).get().facts == {"objectives": [["O-1"], ["O-2"]]}


def test_edit_requirement_without_a_change_leaves_no_trace():
    requirement = edit(RequirementFactory())
    requirement.refresh_from_db()
    assert (requirement.version, trail.entries_for(requirement).count()) == (1, 0)


def test_edit_requirement_keeps_its_version_when_only_its_audience_changes():
    requirement = frozen_baseline(state=BaselineState.SIGNED).items.get().requirement
    edit(requirement, shared_for_audit=True)
    requirement.refresh_from_db()
    assert (requirement.shared_for_audit, requirement.version) == (True, 1)
    assert requirement.state == RequirementState.SIGNED


def test_edit_requirement_refuses_over_a_newer_version():
    requirement = RequirementFactory(version=2)
    with pytest.raises(EditedMeanwhile):
        requirements.edit_requirement(requirement, [], by=UserFactory(), seen_version=1)


def test_edit_requirement_refuses_a_withdrawn_one():
    with pytest.raises(MoveNotAllowed):
        edit(RequirementFactory(withdrawn=True), title="Something else")


def test_edit_requirement_refuses_once_signed():
    requirement = frozen_baseline(state=BaselineState.SIGNED).items.get().requirement
    with pytest.raises(ScopeIsSigned):
        edit(requirement, title="Something else", discard=True)
    assert Requirement.objects.get(pk=requirement.pk).title != "Something else"


def test_edit_requirement_asks_before_it_discards_a_frozen_baseline():
    baseline = frozen_baseline()
    requirement = baseline.items.get().requirement
    with pytest.raises(BaselineIsOpen, match="SRS-001"):
        edit(requirement, title="Match three documents")
    baseline.refresh_from_db()
    assert baseline.state == BaselineState.FROZEN


def test_edit_requirement_discards_a_frozen_baseline_with_the_difference_as_its_reason():
    baseline = frozen_baseline()
    requirement = baseline.items.get().requirement
    was = requirement.title
    edit(requirement, title="Match three documents", discard=True)
    baseline.refresh_from_db()
    requirement.refresh_from_db()
    assert (baseline.state, requirement.state) == (BaselineState.DISCARDED, RequirementState.DRAFT)
    assert baseline.discarded_reason == f"R-001 is changed: title “{was}” → “Match three documents”"


def test_edit_requirement_is_possible_after_reopening():
    baseline = frozen_baseline(state=BaselineState.REOPENED)
    requirement = edit(baseline.items.get().requirement, title="Match three documents")
    assert (requirement.version, baseline.items.get().title) != (1, "Match three documents")


def test_add_requirement_is_a_change_of_the_scope():
    signed = frozen_baseline(state=BaselineState.SIGNED).project
    with pytest.raises(ScopeIsSigned):
        requirements.add_requirement(new(signed), [], by=UserFactory(), discard=True)
    baseline = frozen_baseline()
    with pytest.raises(BaselineIsOpen):
        requirements.add_requirement(new(baseline.project), [], by=UserFactory())
    requirements.add_requirement(new(baseline.project), [], by=UserFactory(), discard=True)
    baseline.refresh_from_db()
    assert (baseline.state, baseline.discarded_reason) == (BaselineState.DISCARDED, "Print labels is added")


def test_withdraw_requirement_keeps_person_and_reason():
    by = UserFactory()
    requirement = requirements.withdraw_requirement(RequirementFactory().pk, reason=" Out of budget ", by=by)
    assert (requirement.state, requirement.withdrawn_by) == (RequirementState.WITHDRAWN, by)
    assert requirement.withdrawn_reason == "Out of budget"


def test_withdraw_requirement_refuses_without_a_reason():
    with pytest.raises(ReasonMissing):
        requirements.withdraw_requirement(RequirementFactory().pk, reason=" ", by=UserFactory())


def test_withdraw_requirement_discards_the_frozen_baseline_that_holds_it():
    baseline = frozen_baseline(requirements=2)
    requirement = baseline.items.first().requirement
    requirement = requirements.withdraw_requirement(requirement.pk, reason="Budget", by=UserFactory(), discard=True)
    baseline.refresh_from_db()
    assert (baseline.state, requirement.state) == (BaselineState.DISCARDED, RequirementState.WITHDRAWN)


def test_withdraw_requirement_refuses_a_second_time():
    requirement = RequirementFactory(withdrawn=True)
    with pytest.raises(MoveNotAllowed):
        requirements.withdraw_requirement(requirement.pk, reason="Budget", by=UserFactory())


def test_restore_requirement_refuses_what_is_in_scope():
    requirement = RequirementFactory()
    with pytest.raises(MoveNotAllowed):
        requirements.restore_requirement(requirement.pk, by=UserFactory())


def test_restore_requirement_empties_what_withdrawing_wrote():
    requirement = requirements.restore_requirement(RequirementFactory(withdrawn=True).pk, by=UserFactory())
    assert (requirement.state, requirement.withdrawn_at, requirement.withdrawn_reason) == ("draft", None, "")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("requirements_requirement_priority_is_known", {"priority": "urgent"}),
        ("requirements_requirement_state_is_known", {"state": "lost"}),
        ("requirements_requirement_version_from_one", {"version": 0}),
        ("requirements_requirement_withdrawal_matches_state", {"state": "withdrawn"}),
        ("requirements_requirement_withdrawal_matches_state", {"withdrawn_reason": "Budget"}),
    ],
)
def test_database_holds_the_rules_of_a_requirement(name, fields):
    with pytest.raises(IntegrityError, match=name):
        RequirementFactory(**fields, audience=Audience.TEAM)


def test_database_gives_a_number_once_per_project():
    requirement = RequirementFactory()
    with pytest.raises(IntegrityError):
        RequirementFactory(project=requirement.project, number=requirement.number)
