import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from projects.enums import Role
from quality.domain import suites
from quality.models import TestRun, TestSuite
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, RunFactory, SuiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def tester(client, project):
    person = member(project, Role.TESTER)
    client.force_login(person)
    return person


def url(name, project, *args):
    return reverse(f"quality:{name}", args=[project.key, *args])


def test_suite_create_leads_to_its_cases(client, project, tester):
    response = client.post(url("suite_create", project), {"name": "Smoke", "purpose": "Every build"})
    suite = TestSuite.objects.get()
    assert response.url == url("suite_add", project, suite.number)


def test_suite_create_says_that_a_name_is_taken(client, project, tester):
    SuiteFactory(project=project, name="Smoke")
    content = client.post(url("suite_create", project), {"name": "Smoke"}).content.decode()
    assert "There is a suite called “Smoke” already." in content


def test_suite_add_offers_what_is_not_in_it_and_adds_what_is_ticked(client, project, tester):
    inside, outside, _other = CaseFactory.create_batch(3, project=project)
    retired = CaseFactory(project=project, retired=True)
    suite = SuiteFactory(project=project, cases=[inside])
    page = client.get(url("suite_add", project, suite.number)).context["page"]
    assert (inside in page.rows, outside in page.rows, retired in page.rows) == (False, True, False)
    response = client.post(url("suite_add", project, suite.number), {"cases": [outside.number]})
    assert (response.url, suites.case_ids_of(suite)) == (suite.get_absolute_url(), [inside.pk, outside.pk])


def test_suite_add_asks_for_a_tick(client, project, tester):
    CaseFactory(project=project)
    content = client.post(url("suite_add", project, SuiteFactory(project=project).number)).content.decode()
    assert "Tick at least one test case." in content


@pytest.mark.parametrize(
    ("data", "expected"),
    [({"step": "1"}, [1, 0, 2]), ({"step": "-1"}, [0, 1, 2]), ({"position": "3"}, [1, 2, 0]), ({}, [0, 1, 2])],
)
def test_suite_move(client, project, tester, data, expected):
    cases = CaseFactory.create_batch(3, project=project)
    suite = SuiteFactory(project=project, cases=cases)
    address = url("suite_move", project, suite.number, cases[0].number)
    fragment = client.post(address, data, headers={"HX-Request": "true"})
    assert fragment.content.decode().startswith('<div id="suite-cases">')
    assert suites.case_ids_of(suite) == [cases[index].pk for index in expected]


def test_suite_remove_without_script_leads_back(client, project, tester):
    case = CaseFactory(project=project)
    suite = SuiteFactory(project=project, cases=[case])
    response = client.post(url("suite_remove", project, suite.number, case.number))
    assert (response.url, suites.case_ids_of(suite)) == (suite.get_absolute_url(), [])


def test_a_run_is_planned_from_a_suite(client, project, tester):
    inside, outside = CaseFactory.create_batch(2, project=project)
    suite = SuiteFactory(project=project, cases=[inside])
    address = f"{url('run_create', project)}?suite={suite.number}"
    response = client.post(address, {"name": "Round 1", "build": "1", "environment": "UAT"})
    run = TestRun.objects.get()
    assert response.url == f"{url('run_plan', project, run.number)}?suite={suite.number}"
    form = client.get(response.url).context["form"]
    assert [form.fields[f"case_{case.pk}"].initial for case in (inside, outside)] == [True, False]


def test_another_projects_suite_ticks_nothing(client, project, tester):
    case = CaseFactory(project=project)
    foreign = SuiteFactory(number=44, cases=[CaseFactory()])
    run = RunFactory(project=project)
    form = client.get(f"{url('run_plan', project, run.number)}?suite={foreign.number}").context["form"]
    assert form.fields[f"case_{case.pk}"].initial is False


@pytest.mark.parametrize("count", [1, 100])
def test_suite_list_queries(client, project, tester, count, django_assert_max_num_queries):
    SuiteFactory.create_batch(count, project=project)
    with django_assert_max_num_queries(10):
        assert client.get(url("suite_list", project)).status_code == 200


@pytest.mark.parametrize("count", [1, 100])
def test_suite_pages_queries(client, project, tester, count, django_assert_max_num_queries):
    cases = CaseFactory.create_batch(count, project=project)
    suite, empty = SuiteFactory(project=project, cases=cases), SuiteFactory(project=project)
    ContentType.objects.get_for_model(TestSuite)  # asked once per process
    with django_assert_max_num_queries(12):
        assert client.get(suite.get_absolute_url()).status_code == 200
    with django_assert_max_num_queries(10):
        assert client.get(url("suite_add", project, empty.number)).status_code == 200
