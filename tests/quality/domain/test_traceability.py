import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from common.pdf import extract_text
from projects.enums import Role
from quality.domain import traceability_files
from quality.domain.traceability import Scope, read_matrix, scopes_in, shown
from quality.enums import RequirementStatus
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import (
    CaseFactory,
    CriteriaSetFactory,
    DefectFactory,
    ExecutionFactory,
    ResultFactory,
    RunFactory,
)
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(project):
    return member(project, Role.PROJECT_MANAGER)


def ran(requirement, outcome, *, run=None, case=None, **facts):
    """A result of a case that is tied to the requirement."""
    case = case or CaseFactory(project=requirement.project, shared=True, requirements=[requirement])
    run = run or RunFactory(project=requirement.project, running=True)
    execution = ExecutionFactory(run=run, case=case)
    versions = {str(requirement.number): requirement.version}
    return ResultFactory(execution=execution, outcome=outcome, requirement_versions=versions, **facts)


def statuses(matrix):
    return {row.number: row.status for row in matrix.rows}


def test_read_matrix_shows_gaps_first_and_counts_every_status(project, manager):
    proven, failing, uncovered, stale, unrun = (RequirementFactory(project=project) for _ in range(5))
    ran(proven, "passed")
    ran(failing, "failed")
    ran(stale, "passed", case_version=7)
    CaseFactory(project=project, requirements=[unrun])
    matrix = read_matrix(project, manager, Scope())
    assert [row.number for row in matrix.rows] == [row.number for row in (failing, unrun, stale, uncovered, proven)]
    assert [matrix.counts[status] for status in RequirementStatus] == [1, 0, 1, 1, 1, 0, 1]
    assert (matrix.coverage.counts, matrix.verified.counts) == ((4, 5), (1, 5))
    assert (matrix.executed.counts, matrix.passed.counts) == ((3, 3), (2, 3))


def test_read_matrix_takes_a_signed_waiver_and_counts_it_nowhere(project, manager):
    requirement = RequirementFactory(project=project)
    ran(requirement, "failed")
    matrix = read_matrix(project, manager, Scope(), waived={requirement.number})
    assert statuses(matrix) == {requirement.number: RequirementStatus.WAIVED}
    assert (matrix.coverage.counts, matrix.verified.counts) == ((0, 1), (0, 1))


def test_read_matrix_leaves_out_withdrawn_requirements_and_retired_cases(project, manager):
    RequirementFactory(project=project, withdrawn=True)
    requirement = RequirementFactory(project=project)
    CaseFactory(project=project, requirements=[requirement], retired=True)
    assert statuses(read_matrix(project, manager, Scope())) == {requirement.number: RequirementStatus.UNCOVERED}


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        (Scope(), RequirementStatus.NOK),
        (Scope(build="1.4.0"), RequirementStatus.OK),
        (Scope(build="1.5.0"), RequirementStatus.NOK),
        (Scope(build="1.5.0", environment="UAT server"), RequirementStatus.NOT_RUN),
        (Scope(until=date(2026, 6, 1)), RequirementStatus.OK),
        (Scope(since=date(2026, 6, 2)), RequirementStatus.NOK),
        (Scope(since=date(2026, 7, 1)), RequirementStatus.NOT_RUN),
    ],
)
def test_read_matrix_counts_the_results_of_its_scope(project, manager, scope, status):
    requirement = RequirementFactory(project=project)
    first = ran(requirement, "passed", executed_at=datetime(2026, 6, 1, 23, tzinfo=UTC))
    later = RunFactory(project=project, running=True, build="1.5.0", environment="Staging")
    ran(requirement, "failed", run=later, case=first.execution.case, executed_at=datetime(2026, 6, 2, tzinfo=UTC))
    assert statuses(read_matrix(project, manager, scope)) == {requirement.number: status}


def test_read_matrix_counts_what_is_planned_again_as_not_run(project, manager):
    requirement = RequirementFactory(project=project)
    result = ran(requirement, "passed")
    ExecutionFactory(run=RunFactory(project=project, running=True), case=result.execution.case)
    assert statuses(read_matrix(project, manager, Scope())) == {requirement.number: RequirementStatus.NOT_RUN}


def test_read_matrix_names_to_a_customer_only_what_they_see(project):
    customer = member(project, Role.SPONSOR)
    RequirementFactory(project=project, audience="team")
    shared = RequirementFactory(project=project, audience="customer")
    hidden_case = CaseFactory(project=project, title="Secret", requirements=[shared])
    hidden_run = RunFactory(project=project, running=True, audience="team", build="secret build")
    ran(shared, "failed", case=hidden_case, run=hidden_run)
    DefectFactory(project=project, case=hidden_case)
    matrix = read_matrix(project, customer, Scope())
    (row,) = shown(matrix.rows, matrix, project, customer)
    (case,) = row.cases
    assert (row.number, row.status, row.defects) == (shared.number, RequirementStatus.NOK, ())
    assert (case.number, case.title, case.run_number) == (None, "", None)
    assert scopes_in(project, customer) == ([], [])


def test_shown_ties_open_defects_and_the_criteria_of_phase_runs_and_project(project, manager):
    phase = PhaseFactory(project=project)
    requirement = RequirementFactory(project=project, phase=phase)
    case = CaseFactory(project=project, requirements=[requirement])
    defect = DefectFactory(project=project, case=case)
    DefectFactory(project=project, case=case, state="closed")
    ran_for = PhaseFactory(project=project)
    ExecutionFactory(case=case, run=RunFactory(project=project, phase=ran_for))
    phases = (phase, ran_for, None)
    sets = [CriteriaSetFactory(project=project, phase=each) for each in phases]
    CriteriaSetFactory(project=project, phase=PhaseFactory(project=project))
    matrix = read_matrix(project, manager, Scope())
    (row,) = shown(matrix.rows, matrix, project, manager)
    assert [link.number for link in row.defects] == [defect.number]
    assert list(row.criteria) == sets


def test_workbook_writes_what_people_typed_as_text(project, manager):
    requirement = RequirementFactory(project=project, title="=1+1\x07")
    ran(requirement, "passed")
    matrix = read_matrix(project, manager, Scope())
    rows = shown(matrix.rows, matrix, project, manager)
    sheet = load_workbook(io.BytesIO(traceability_files.workbook(rows, zone="UTC"))).active
    cells = next(sheet.iter_rows(min_row=2))
    assert (cells[1].value, cells[1].data_type) == ("=1+1", "s")
    assert [cell.value for cell in cells][2:8] == [
        "Proven",
        "TC-001",
        rows[0].cases[0].title,
        "Passed",
        "TR-001",
        "2026-06-01 09:00",
    ]


def test_print_matrix_says_what_it_left_out_and_is_the_same_every_time(project, manager):
    for _ in range(2):
        ran(RequirementFactory(project=project), "passed")
    matrix = read_matrix(project, manager, Scope(build="1.4.0"))
    facts = traceability_files.facts_of(
        project,
        matrix,
        shown(matrix.rows[:1], matrix, project, manager),
        of=2,
        scope=Scope(build="1.4.0"),
        phase=None,
        at=datetime(2026, 6, 9, tzinfo=UTC),
    )
    printed = traceability_files.print_matrix(facts, language="en")
    text = extract_text(printed)
    assert ("1 requirement more is not printed" in text, "Build: 1.4.0" in text, "2 / 2" in text) == (True,) * 3
    assert printed == traceability_files.print_matrix(facts, language="en")
