import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from projects.enums import Role
from quality.models import TestCase
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, DefectFactory, ExecutionFactory, ResultFactory
from tests.requirements.factories import RequirementFactory

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


def rows(*steps, **fields):
    data = {"title": "Book an invoice", "kind": "uat", "scenario": "normal", "priority": 1, "audience": "team"}
    data |= {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": 0}
    for index, step in enumerate(steps):
        data |= {f"steps-{index}-{name}": value for name, value in step.items()}
    return data | fields


BOOK = {"action": "Book it", "test_data": "4711", "expected": "It has a number"}


def test_case_create_saves_case_and_steps_and_passes_over_empty_rows(client, project, tester):
    requirement = RequirementFactory(project=project)
    response = client.post(url("case_create", project), rows({}, BOOK, {}, requirements=[requirement.pk]))
    case = TestCase.objects.get()
    assert response.url == case.get_absolute_url()
    assert [step.action for step in case.steps.all()] == ["Book it"]
    assert list(case.requirements.all()) == [requirement]


def test_case_create_refuses_half_a_step(client, project, tester):
    response = client.post(url("case_create", project), rows({"action": "Book it"}))
    assert "Say what must be seen after this step." in response.content.decode()
    assert not TestCase.objects.exists()


def test_add_step_gives_one_more_row_and_saves_nothing(client, project, tester):
    data = rows(BOOK, add_step="1")
    page = client.post(url("case_create", project), data)
    fragment = client.post(url("case_create", project), data, headers={"HX-Request": "true"})
    for response in (page, fragment):
        assert 'name="steps-1-action"' in response.content.decode()
        assert 'value="Book it"' in response.content.decode()
    assert fragment.content.decode().strip().startswith('<div class="card-body" id="case-steps">')
    assert not TestCase.objects.exists()


def test_case_edit_makes_a_new_version(client, project, tester):
    case = CaseFactory(project=project)
    client.post(url("case_edit", project, case.number), rows(BOOK, version=1, title=case.title))
    case.refresh_from_db()
    assert (case.version, case.steps.count()) == (2, 1)


def test_case_edit_of_an_older_version_is_refused(client, project, tester):
    case = CaseFactory(project=project, version=2)
    response = client.post(url("case_edit", project, case.number), rows(BOOK, version=1))
    assert "was changed while you had it open" in response.content.decode()


def test_case_list_answers_htmx_with_the_table_alone(client, project, tester):
    CaseFactory(project=project)
    response = client.get(url("case_list", project), headers={"HX-Request": "true"})
    assert response.content.decode().startswith('<div id="case-table">')
    assert "HX-Request" in response["Vary"]


def test_case_list_shows_a_customer_what_is_shared(client, project):
    CaseFactory(project=project, title="Hidden"), CaseFactory(project=project, title="Shared", shared=True)
    client.force_login(member(project, Role.KEY_USER))
    content = client.get(url("case_list", project)).content.decode()
    assert ("Shared" in content, "Hidden" in content) == (True, False)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("invoice", [1, 2]),
        ("INVOICE tax", [2]),
        ("发票", [3]),
        ("发票 采购", [3]),
        ("supplier", [1]),
        ("TC-002", [2]),
        ("100%", []),
        ("_", []),
        (" ", [1, 2, 3]),
    ],
)
def test_case_list_finds_by_words_and_number(client, project, tester, words, found):
    CaseFactory(project=project, title="Book an invoice", preconditions="A supplier exists", process="Buying")
    CaseFactory(project=project, title="Invoice with tax", process="Buying")
    CaseFactory(project=project, title="登记供应商发票", process="采购到付款")
    rows = client.get(url("case_list", project), {"q": words}).context["page"].rows
    assert [case.number for case in rows] == found


@pytest.mark.parametrize("count", [1, 100])
def test_case_list_search_queries(client, project, tester, count, django_assert_max_num_queries):
    CaseFactory.create_batch(count, project=project)
    with django_assert_max_num_queries(10):
        response = client.get(url("case_list", project), {"q": "invoice book"})
    assert response.context["page"].total == count


@pytest.mark.parametrize("count", [1, 100])
def test_case_list_queries(client, project, tester, count, django_assert_max_num_queries):
    for case in CaseFactory.create_batch(count, project=project):
        ResultFactory(execution=ExecutionFactory(case=case, run__project=project))
    with django_assert_max_num_queries(10):
        assert client.get(url("case_list", project)).status_code == 200


@pytest.mark.parametrize("count", [1, 100])
def test_case_detail_queries(client, project, tester, count, django_assert_max_num_queries):
    case = CaseFactory(project=project, steps=count)
    case.requirements.set(RequirementFactory.create_batch(count, project=project, objectives=[]))
    for _ in range(count):
        ResultFactory(execution=ExecutionFactory(case=case, run__project=project))
        DefectFactory(project=project, case=case)
    ContentType.objects.get_for_model(TestCase)  # asked once per process
    with django_assert_max_num_queries(12):
        assert client.get(case.get_absolute_url()).status_code == 200
