from threading import Barrier, Thread

import pytest
from django.db import connections

from audit.domain import trail
from projects.enums import Audience
from requirements.domain import freezing
from requirements.domain.errors import AnotherBaselineStands, NotReadyToFreeze, SharingNotConfirmed
from requirements.enums import BaselineState, RequirementState
from requirements.models import Requirement
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory
from tests.requirements.factories import ObjectiveFactory, RequirementFactory, frozen_baseline

pytestmark = pytest.mark.django_db


def test_freeze_copies_every_field_of_the_scope():
    project, by = ProjectFactory(), UserFactory()
    phase = PhaseFactory(project=project, number=2, name="Design")
    objectives = [ObjectiveFactory(project=project), ObjectiveFactory(project=project)]
    requirement = RequirementFactory(
        project=project, phase=phase, objectives=objectives, version=3, process="Procure to pay"
    )
    RequirementFactory(project=project, withdrawn=True)

    baseline = freezing.freeze(project, by=by)

    assert (baseline.code, baseline.state, baseline.frozen_by) == ("SRS-001", BaselineState.FROZEN, by)
    item = baseline.items.get()
    same = ("number", "version", "process", "title", "statement", "acceptance", "priority")
    assert [getattr(item, name) for name in same] == [getattr(requirement, name) for name in same]
    assert (item.phase, item.objective_codes) == ("2 Design", ["O-1", "O-2"])
    frozen = baseline.objectives.first()
    same = ("number", "title", "measure", "baseline_value", "target_value", "due_on")
    assert [getattr(frozen, name) for name in same] == [getattr(objectives[0], name) for name in same]


def test_freeze_marks_requirements_and_records_it_for_each():
    project, by = ProjectFactory(), UserFactory()
    requirement = RequirementFactory(project=project)
    freezing.freeze(project, by=by)
    requirement.refresh_from_db()
    assert requirement.state == RequirementState.FROZEN
    entry = trail.entries_for(requirement).last()
    assert (entry.action, entry.actor, entry.facts) == ("freeze", by, {"baseline": "SRS-001"})


def test_freeze_refuses_without_requirements():
    with pytest.raises(NotReadyToFreeze) as refusal:
        freezing.freeze(ProjectFactory(), by=UserFactory())
    assert str(refusal.value) == "The requirements cannot be frozen yet: there are none"


def test_freeze_lists_what_is_missing():
    project = ProjectFactory()
    RequirementFactory(project=project, acceptance=" ")
    RequirementFactory(project=project, objectives=[])
    RequirementFactory(project=project, objectives=[], acceptance="")
    with pytest.raises(NotReadyToFreeze) as refusal:
        freezing.freeze(project, by=UserFactory())
    assert refusal.value.facts["missing"] == (
        "R-001 (no acceptance text); R-002 (no objective); R-003 (no objective, no acceptance text)"
    )
    assert not project.baselines.exists()


def test_freeze_asks_before_it_shares_what_only_the_team_sees():
    project = ProjectFactory()
    hidden = ObjectiveFactory(project=project, audience=Audience.TEAM)
    requirement = RequirementFactory(project=project, audience=Audience.TEAM, objectives=[hidden])
    with pytest.raises(SharingNotConfirmed, match="O-1, R-001"):
        freezing.freeze(project, by=UserFactory())
    assert not project.baselines.exists()

    freezing.freeze(project, by=UserFactory(), share=True)

    for row in (hidden, requirement):
        row.refresh_from_db()
        assert row.audience == Audience.CUSTOMER
        assert "share" in trail.entries_for(row).values_list("action", flat=True)


@pytest.mark.parametrize("state", [BaselineState.FROZEN, BaselineState.SENT, BaselineState.SIGNED])
def test_freeze_refuses_beside_a_standing_baseline(state):
    baseline = frozen_baseline(state=state)
    with pytest.raises(AnotherBaselineStands):
        freezing.freeze(baseline.project, by=UserFactory())


@pytest.mark.parametrize("state", [BaselineState.DISCARDED, BaselineState.REOPENED])
def test_freeze_makes_the_next_baseline_after_the_last_one_ended(state):
    baseline = frozen_baseline(state=state)
    later = freezing.freeze(baseline.project, by=UserFactory())
    assert later.code == "SRS-002"
    assert set(Requirement.objects.values_list("state", flat=True)) == {RequirementState.FROZEN}


@pytest.mark.django_db(transaction=True)
def test_freeze_at_the_same_time_makes_one_baseline():
    project, by, barrier, answers = ProjectFactory(), UserFactory(), Barrier(2), []
    RequirementFactory(project=project)

    def work():
        barrier.wait()
        try:
            answers.append(freezing.freeze(project, by=by).code)
        except AnotherBaselineStands as refusal:
            answers.append(str(refusal))
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [
        "SRS-001",
        "SRS-001 is “Frozen, not sent”: there can be no other baseline beside it.",
    ]
