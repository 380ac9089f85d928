import pytest

from quality.domain import facts
from quality.enums import Outcome, RequirementStatus
from quality.models import Execution
from tests.projects.factories import PhaseFactory, ProjectFactory
from tests.quality.factories import CaseFactory, DefectFactory, ExecutionFactory, ResultFactory, RunFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


def test_of_every_case_its_execution_in_the_latest_run_of_the_scope_counts(project):
    phase = PhaseFactory(project=project)
    first = ExecutionFactory(run=RunFactory(project=project, number=1, phase=phase, finished=True))
    again = ExecutionFactory(run=RunFactory(project=project, number=2, phase=phase), case=first.case)
    other = ExecutionFactory(run=first.run)
    elsewhere = ExecutionFactory(run=RunFactory(project=project, number=3), case=first.case)

    def counted(scope):
        return {(execution.run_id, execution.case_id) for execution in scope.executions}

    read = facts.ProjectFacts(project)
    assert counted(read.of_scope(phase)) == {(row.run_id, row.case_id) for row in (again, other)}
    assert counted(read.of_scope(None)) == {(row.run_id, row.case_id) for row in (elsewhere, other)}
    assert {row.pk for row in Execution.objects.counting(project)} == {elsewhere.pk, other.pk}


def test_the_latest_result_of_an_execution_tells_what_was_run(project):
    requirement = RequirementFactory(project=project, version=2)
    case = CaseFactory(project=project, requirements=[requirement])
    execution = ExecutionFactory(run=RunFactory(project=project, running=True), case=case)
    ResultFactory(execution=execution, outcome=Outcome.FAILED)
    ResultFactory(execution=execution, requirement_versions={str(requirement.number): 1})
    (read,) = facts.of_scope(project, None).executions
    assert (read.outcome, read.ran_version, read.ran_requirements) == ("passed", 1, {str(requirement.number): 1})
    assert facts.status_of(requirement) == RequirementStatus.STALE
    assert facts.of_scope(project, None).statuses == {requirement.number: RequirementStatus.STALE}


def test_retired_cases_and_withdrawn_requirements_are_out_of_scope(project):
    requirement = RequirementFactory(project=project)
    CaseFactory(project=project, requirements=[requirement], retired=True)
    RequirementFactory(project=project, withdrawn=True)
    assert facts.of_scope(project, None).statuses == {requirement.number: RequirementStatus.UNCOVERED}


def test_defects_count_until_they_are_closed_in_their_own_phase(project):
    phase = PhaseFactory(project=project)
    fixed = DefectFactory(project=project, phase=phase, state="fixed", severity="critical")
    DefectFactory(project=project, phase=phase, state="closed", severity="critical")
    unplaced = DefectFactory(project=project, severity="critical")
    read = facts.ProjectFacts(project)
    assert [row.number for row in read.of_scope(phase).open_defects("critical")] == [fixed.number]
    assert {row.number for row in read.of_scope(None).open_defects("critical")} == {fixed.number, unplaced.number}
