"""What must hold for every row, whoever writes it: each constraint by its name, and who sees which row."""

import pytest
from django.db import IntegrityError

from quality.enums import AcceptanceState, CriteriaState, DefectState, Outcome, RunState
from quality.models import Acceptance, Defect, Result, TestCase, TestRun
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory
from tests.quality.factories import (
    MOMENT,
    CaseFactory,
    CriteriaSetFactory,
    CriterionFactory,
    DefectFactory,
    ExecutionFactory,
    ResultFactory,
    RunFactory,
)

pytestmark = pytest.mark.django_db

UPDATES = [
    (CaseFactory, {"priority": 4}, "quality_testcase_priority_is_known"),
    (CaseFactory, {"state": "lost"}, "quality_testcase_state_is_known"),
    (CaseFactory, {"scenario": "odd"}, "quality_testcase_scenario_is_known"),
    (CaseFactory, {"version": 0}, "quality_testcase_version_is_positive"),
    (RunFactory, {"state": RunState.RUNNING}, "quality_testrun_times_match_state"),
    (RunFactory, {"started_at": MOMENT}, "quality_testrun_times_match_state"),
    (ExecutionFactory, {"outcome": Outcome.PASSED}, "quality_execution_outcome_has_time"),
    (ExecutionFactory, {"executed_at": MOMENT}, "quality_execution_outcome_has_time"),
    (DefectFactory, {"severity": "huge"}, "quality_defect_severity_is_known"),
    (DefectFactory, {"state": DefectState.FIXED}, "quality_defect_fixing_matches_state"),
    (DefectFactory, {"fixed_in": "1.4.1"}, "quality_defect_fixing_matches_state"),
    (DefectFactory, {"state": "lost"}, "quality_defect_state_is_known"),
    (DefectFactory, {"deferred_until": MOMENT}, "quality_defect_deferral_matches_state"),
    (DefectFactory, {"state": DefectState.DEFERRED}, "quality_defect_deferral_matches_state"),
    (DefectFactory, {"told_reporter_at": MOMENT}, "quality_defect_reporter_told_of_closing"),
    (DefectFactory, {"closed_at": MOMENT}, "quality_defect_closing_matches_state"),
    (CriteriaSetFactory, {"state": CriteriaState.AGREED}, "quality_criteriaset_agreeing_matches_state"),
    (CriteriaSetFactory, {"reopened_reason": "Why not"}, "quality_criteriaset_reopening_matches_state"),
    (CriterionFactory, {"operator": "ne"}, "quality_criterion_operator_is_known"),
]


@pytest.mark.parametrize(("make", "change", "constraint"), UPDATES)
def test_constraint_refuses(make, change, constraint):
    row = make()
    with pytest.raises(IntegrityError, match=constraint):
        type(row).objects.filter(pk=row.pk).update(**change)


def test_defect_closing_matches_state():
    defect = DefectFactory(state=DefectState.FIXED)
    with pytest.raises(IntegrityError, match="quality_defect_closing_matches_state"):
        Defect.objects.filter(pk=defect.pk).update(state=DefectState.CLOSED)


def test_result_outcome_is_recorded():
    with pytest.raises(IntegrityError, match="quality_result_outcome_is_recorded"):
        ResultFactory(outcome=Outcome.NOT_RUN)


@pytest.mark.parametrize("make", [CaseFactory, RunFactory, DefectFactory])
def test_number_is_unique_in_a_project(make):
    row = make()
    with pytest.raises(IntegrityError):
        make(project=row.project, number=row.number)


def test_case_is_once_in_a_run():
    execution = ExecutionFactory()
    with pytest.raises(IntegrityError):
        ExecutionFactory(run=execution.run, case=execution.case)


@pytest.mark.parametrize("with_phase", [True, False])
def test_criteria_set_has_one_current_version_per_scope(with_phase):
    project = ProjectFactory()
    phase = PhaseFactory(project=project) if with_phase else None
    CriteriaSetFactory(project=project, phase=phase, reopened=True)
    CriteriaSetFactory(project=project, phase=phase, version=2)
    with pytest.raises(IntegrityError):
        CriteriaSetFactory(project=project, phase=phase, version=3)


@pytest.mark.parametrize("with_phase", [True, False])
def test_acceptance_stands_once_per_scope(with_phase):
    project = ProjectFactory()
    phase = PhaseFactory(project=project) if with_phase else None
    criteria = CriteriaSetFactory(project=project, phase=phase, agreed=True)
    facts = {
        "project": project,
        "phase": phase,
        "criteria_set": criteria,
        "requested_by": UserFactory(),
        "requested_at": MOMENT,
    }
    Acceptance.objects.create(**facts, state=AcceptanceState.VOIDED, ended_at=MOMENT)
    Acceptance.objects.create(**facts, state=AcceptanceState.ACCEPTED, ended_at=MOMENT)
    with pytest.raises(IntegrityError):
        Acceptance.objects.create(**facts)


def test_acceptance_constraints():
    criteria = CriteriaSetFactory(agreed=True)
    facts = {
        "project": criteria.project,
        "criteria_set": criteria,
        "requested_by": UserFactory(),
        "requested_at": MOMENT,
    }
    row = Acceptance.objects.create(**facts)
    with pytest.raises(IntegrityError, match="quality_acceptance_end_matches_state"):
        Acceptance.objects.filter(pk=row.pk).update(ended_at=MOMENT)


def test_acceptance_declined_has_reason():
    criteria = CriteriaSetFactory(agreed=True)
    with pytest.raises(IntegrityError, match="quality_acceptance_declined_has_reason"):
        Acceptance.objects.create(
            project=criteria.project,
            criteria_set=criteria,
            requested_by=UserFactory(),
            requested_at=MOMENT,
            state=AcceptanceState.DECLINED,
            ended_at=MOMENT,
        )


def test_with_counts_counts_executions_by_outcome():
    run = RunFactory(running=True)
    ResultFactory(execution=ExecutionFactory(run=run), outcome="passed")
    ResultFactory(execution=ExecutionFactory(run=run), outcome="failed")
    ResultFactory(execution=ExecutionFactory(run=run), outcome="blocked")
    ExecutionFactory(run=run)
    counted = TestRun.objects.with_counts().get()
    assert (counted.planned_count, counted.final_count, counted.open_count) == (4, 2, 1)
    assert (counted.passed_count, counted.failed_count, counted.blocked_count) == (1, 1, 1)


def test_active_leaves_out_the_retired():
    active, _retired = CaseFactory(), CaseFactory(retired=True)
    assert list(TestCase.objects.active()) == [active]


def test_latest_of_gives_each_case_its_own_latest_result():
    execution, other = ExecutionFactory(), ExecutionFactory()
    ResultFactory(execution=execution, outcome=Outcome.FAILED)
    latest = [ResultFactory(execution=execution), ResultFactory(execution=other)]
    cases = [execution.case, other.case]
    assert list(Result.objects.latest_of(cases).order_by("pk")) == latest
