import pytest
from django.urls import reverse

from projects.enums import Role
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, CriteriaSetFactory, DefectFactory, ExecutionFactory, ResultFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    person = member(project, Role.PROJECT_MANAGER)
    client.force_login(person)
    return person


def url(project, name="traceability"):
    return reverse(f"quality:{name}", args=[project.key])


def make_tested(project, outcome="passed"):
    requirement = RequirementFactory(project=project)
    case = CaseFactory(project=project, shared=True, requirements=[requirement])
    execution = ExecutionFactory(case=case, run__project=project)
    versions = {str(requirement.number): requirement.version}
    return ResultFactory(execution=execution, outcome=outcome, requirement_versions=versions)


def test_traceability_links_every_thing_of_a_row(client, project, manager):
    result = make_tested(project, "failed")
    defect = DefectFactory(project=project, case=result.execution.case)
    criteria = CriteriaSetFactory(project=project)
    content = client.get(url(project)).content.decode()
    things = (result.execution.case.requirements.get(), result.execution.case, result.execution, defect, criteria)
    assert [f'href="{thing.get_absolute_url()}"' in content for thing in things] == [True] * 5
    assert "0 / 1, 0" in content


def test_traceability_shows_the_rows_of_one_status_with_the_figures_of_all(client, project, manager):
    make_tested(project, "failed")
    proven = make_tested(project).execution.case.requirements.get()
    response = client.get(url(project), {"status": "ok"})
    assert [row.number for row, _family in response.context["rows"]] == [proven.number]
    assert "1 / 2, 50" in response.content.decode()


def test_traceability_ignores_what_makes_no_sense(client, project, manager):
    make_tested(project)
    query = {"build": "none such", "since": "yesterday", "phase": "x", "status": "fine", "page": "y"}
    assert len(client.get(url(project), query).context["rows"]) == 1


def test_traceability_files_have_the_rows_of_the_page(client, project, manager):
    make_tested(project)
    for name, begins in (("traceability_xlsx", b"PK"), ("traceability_pdf", b"%PDF")):
        response = client.get(url(project, name), {"status": "ok"})
        assert response.content.startswith(begins)
        assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("count", [1, 100])
def test_traceability_queries(client, project, manager, count, django_assert_max_num_queries):
    for _ in range(count):
        DefectFactory(project=project, case=make_tested(project).execution.case)
    with django_assert_max_num_queries(13):
        assert client.get(url(project)).status_code == 200
