import pytest
from django.urls import reverse

from projects.enums import Role
from quality.enums import Outcome, RunState
from quality.models import TestRun
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, CriteriaSetFactory, ExecutionFactory, ResultFactory, RunFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    person = member(project, Role.PROJECT_MANAGER)
    client.force_login(person)
    return person


def url(name, project, *args):
    return reverse(f"quality:{name}", args=[project.key, *args])


def test_plan_and_start_a_run(client, project, manager):
    case, tester = CaseFactory(project=project), member(project, Role.KEY_USER)
    CriteriaSetFactory(project=project, agreed=True)

    client.post(url("run_create", project), {"name": "Round 1", "build": "1.4.0", "environment": "UAT"})
    run = TestRun.objects.get()
    client.post(url("run_plan", project, run.number), {f"case_{case.pk}": "on", f"person_{case.pk}": tester.pk})
    client.post(url("run_start", project, run.number))

    run.refresh_from_db()
    assert (run.state, run.executions.get().assigned_to) == (RunState.RUNNING, tester)


def test_start_before_the_criteria_are_agreed_says_how(client, project, manager):
    run = ExecutionFactory(run=RunFactory(project=project)).run
    page = client.post(url("run_start", project, run.number), follow=True).content.decode()
    assert "Send them for signature on the Acceptance page" in page
    run.refresh_from_db()
    assert run.state == RunState.PLANNED


def test_run_detail_leads_a_tester_to_the_open_cases(client, project):
    run = RunFactory(project=project, running=True)
    ResultFactory(execution=ExecutionFactory(run=run))
    ExecutionFactory(run=run)
    client.force_login(member(project, Role.KEY_USER))
    page = client.get(run.get_absolute_url()).content.decode()
    assert "1 of 2 done" in page
    assert f'<a class="btn btn-primary" href="{run.get_work_url()}">' in page


def test_the_cases_of_a_run_are_filtered_and_come_alone_to_htmx(client, project, manager):
    run = RunFactory(project=project, running=True)
    failed = ResultFactory(execution=ExecutionFactory(run=run), outcome=Outcome.FAILED).execution
    ExecutionFactory(run=run)
    response = client.get(run.get_absolute_url(), {"outcome": "failed"}, headers={"HX-Request": "true"})
    assert [row.pk for row in response.context["page"].rows] == [failed.pk]
    assert "<html" not in response.content.decode()


def test_finish_run(client, project, manager):
    run = RunFactory(project=project, running=True)
    client.post(url("run_finish", project, run.number))
    run.refresh_from_db()
    assert run.state == RunState.FINISHED


@pytest.mark.parametrize("count", [1, 100])
def test_run_list_queries(client, project, manager, count, django_assert_max_num_queries):
    for run in RunFactory.create_batch(count, project=project):
        ExecutionFactory(run=run)
    with django_assert_max_num_queries(10):
        assert client.get(url("run_list", project)).status_code == 200


@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.KEY_USER])
@pytest.mark.parametrize("count", [1, 100])
def test_run_detail_queries(client, project, role, count, django_assert_max_num_queries):
    run = RunFactory(project=project, running=True)
    person = member(project, role)
    ExecutionFactory.create_batch(count, run=run, assigned_to=person)
    client.force_login(person)
    with django_assert_max_num_queries(12):
        assert client.get(run.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 100])
def test_run_plan_queries(client, project, manager, count, django_assert_max_num_queries):
    run = RunFactory(project=project)
    for _ in range(count):
        ExecutionFactory(run=run, case=CaseFactory(project=project))
    with django_assert_max_num_queries(12):
        assert client.get(url("run_plan", project, run.number)).status_code == 200
