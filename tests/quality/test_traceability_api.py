import pytest

from projects.enums import Role
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, CriteriaSetFactory, DefectFactory, ExecutionFactory, ResultFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client):
    project = ProjectFactory()
    client.force_login(member(project, Role.PROJECT_MANAGER))
    return project


def read(client, project, path="", **query):
    return client.get(f"/api/v1/projects/{project.key}/traceability/{path}", query)


def test_traceability_api_gives_rows_with_gaps_first(client, project):
    uncovered, proven = RequirementFactory(project=project), RequirementFactory(project=project)
    case = CaseFactory(project=project, requirements=[proven])
    ResultFactory(execution=ExecutionFactory(case=case, run__project=project), requirement_versions={"2": 1})
    defect, criteria = DefectFactory(project=project, case=case), CriteriaSetFactory(project=project)
    first, second = read(client, project).json()["results"]
    assert (first["number"], first["status"], first["cases"]) == (uncovered.number, "uncovered", [])
    assert (second["status"], second["defects"]) == ("ok", [defect.number])
    assert second["criteria"] == [criteria.get_absolute_url()]
    assert (second["cases"][0]["number"], second["cases"][0]["run"]) == (case.number, 1)
    assert read(client, project, status="ok").json()["count"] == 1


def test_traceability_api_sums_up_with_counts(client, project):
    RequirementFactory(project=project)
    summary = read(client, project, "summary/").json()
    assert summary["counts"]["uncovered"] == 1
    assert (summary["coverage"], summary["passed"]) == ({"count": 0, "total": 1}, {"count": 0, "total": 0})


def test_traceability_api_refuses_a_scope_that_makes_no_sense(client, project):
    assert read(client, project, since="yesterday").status_code == 400


def test_traceability_api_does_not_exist_for_strangers(client, project):
    client.force_login(member(ProjectFactory(), Role.PROJECT_MANAGER))
    assert read(client, project).status_code == 404
