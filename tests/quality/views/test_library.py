"""The pages around the test cases: versions, suggestions, and a case begun from a requirement."""

import pytest
from django.urls import reverse

from projects.enums import Role
from quality.domain import cases
from quality.domain.cases import Step
from quality.enums import Scenario
from quality.models import TestCase
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory(language="en")


@pytest.fixture
def tester(client, project):
    person = member(project, Role.TESTER)
    client.force_login(person)
    return person


def url(name, project, *args):
    return reverse(f"quality:{name}", args=[project.key, *args])


def test_case_versions_shows_what_each_changed(client, project, tester):
    case = cases.create_case(project, by=tester, title="Book", steps=[Step("Save", "It has a number")])
    cases.edit_case(case.pk, by=tester, version=1, steps=[Step("Save", "It has a number of its own")])
    content = client.get(url("case_versions", project, case.number)).content.decode()
    assert "<ins> of its own</ins>" in content
    assert "The case as it was first written." in content


def test_case_version_shows_the_content_of_then(client, project, tester):
    case = cases.create_case(project, by=tester, title="Book", steps=[Step("Save", "It has a number")])
    cases.edit_case(case.pk, by=tester, version=1, title="Post", steps=[Step("Post", "It is posted")])
    content = client.get(url("case_version", project, case.number, 1)).content.decode()
    assert ("It has a number" in content, "It is posted" in content) == (True, False)


@pytest.mark.parametrize("count", [1, 100])
def test_case_versions_queries(client, project, tester, count, django_assert_max_num_queries):
    case = cases.create_case(project, by=tester, title="Book 1")
    for number in range(1, count):
        cases.edit_case(case.pk, by=tester, version=number, title=f"Book {number + 1}")
    with django_assert_max_num_queries(10):
        response = client.get(url("case_versions", project, case.number))
    assert f"Version {count}" in response.content.decode()


def test_case_create_begins_from_a_requirement(client, project, tester):
    requirement = RequirementFactory(project=project, title="Number orders", acceptance="When saved, it has a number")
    response = client.get(url("case_create", project), {"requirement": requirement.number})
    content = response.content.decode()
    assert 'value="Number orders"' in content
    assert [form.initial for form in response.context["steps"]][:2] == [
        {"action": "saved", "expected": "it has a number", "test_data": ""},
        {},
    ]
    assert response.context["form"].initial["requirements"] == [requirement.pk]


def test_case_create_begins_an_abnormal_situation_in_the_language_of_the_project(client, project, tester):
    project.language = "zh-hans"
    project.save()
    requirement = RequirementFactory(project=project, title="订单编号")
    query = {"requirement": requirement.number, "scenario": "network_cut"}
    form = client.get(url("case_create", project), query).context["form"]
    assert (form.initial["title"], form.initial["scenario"]) == ("订单编号——断网", Scenario.NETWORK_CUT)


@pytest.mark.parametrize("query", [{"requirement": "99"}, {"requirement": "x"}, {"scenario": "no_rights"}])
def test_case_create_passes_over_an_address_that_names_nothing(client, project, tester, query):
    RequirementFactory()
    response = client.get(url("case_create", project), query)
    assert (response.status_code, response.context["begun_from"]) == (200, None)


def test_case_create_never_begins_from_another_projects_requirement(client, project, tester):
    foreign = RequirementFactory(number=77, title="Secret")
    content = client.get(url("case_create", project), {"requirement": foreign.number}).content.decode()
    assert "Secret" not in content


def test_case_detail_asks_for_the_situations_that_no_case_tries(client, project, tester):
    requirement = RequirementFactory(project=project)
    case = CaseFactory(project=project, requirements=[requirement], scenario=Scenario.NETWORK_CUT)
    content = client.get(case.get_absolute_url()).content.decode()
    begin = f"{url('case_create', project)}?requirement={requirement.number}&amp;scenario="
    assert [f"{begin}{scenario}" in content for scenario in ("network_cut", "wrong_data", "no_rights")] == [
        False,
        True,
        True,
    ]


def test_a_customer_is_not_told_of_situations_whose_cases_may_be_hidden(client, project):
    requirement = RequirementFactory(project=project, audience="customer")
    case = CaseFactory(project=project, requirements=[requirement], shared=True)
    client.force_login(member(project, Role.KEY_USER))
    for address in (case.get_absolute_url(), url("requirement_cases", project, requirement.number)):
        content = client.get(address).content.decode()
        assert (case.title in content, "Network cut" in content) == (True, False)


def test_suggestion_list_shows_only_what_no_active_case_proves(client, project, tester):
    covered, retired, bare = (RequirementFactory(project=project, title=title) for title in ("Aaa", "Bbb", "Ccc"))
    CaseFactory(project=project, requirements=[covered])
    CaseFactory(project=project, requirements=[retired], retired=True)
    response = client.get(url("suggestion_list", project))
    assert list(response.context["page"].rows) == [retired, bare]


@pytest.mark.parametrize("count", [1, 100])
def test_suggestion_list_queries(client, project, tester, count, django_assert_max_num_queries):
    RequirementFactory.create_batch(count, project=project, objectives=[])
    with django_assert_max_num_queries(10):
        assert client.get(url("suggestion_list", project)).status_code == 200


def test_saving_a_begun_case_ties_it(client, project, tester):
    requirement = RequirementFactory(project=project)
    data = {"title": "Cut", "kind": "functional", "scenario": "network_cut", "priority": 1, "audience": "team"}
    data |= {"requirements": [requirement.pk], "steps-TOTAL_FORMS": 0, "steps-INITIAL_FORMS": 0}
    client.post(f"{url('case_create', project)}?requirement={requirement.number}&scenario=network_cut", data)
    case = TestCase.objects.get()
    assert (case.scenario, list(case.requirements.all())) == (Scenario.NETWORK_CUT, [requirement])


def test_playbook_cases_offers_and_copies(client, project, tester):
    address = f"{url('playbook_cases', project)}?playbook=pos_rollout"
    offered = client.get(address).context["offered"]
    client.post(address, {"codes": [offered[0].code, offered[1].code]})
    assert [case.title for case in TestCase.objects.order_by("number")] == [offered[0].title, offered[1].title]
    content = client.get(address).content.decode()
    assert content.count("In this project already") == 2


def test_playbook_cases_asks_for_a_tick_and_ignores_an_unknown_playbook(client, project, tester):
    content = client.post(f"{url('playbook_cases', project)}?playbook=../etc").content.decode()
    assert "Tick at least one test case." in content
    assert not TestCase.objects.exists()


@pytest.mark.parametrize("count", [1, 100])
def test_playbook_cases_queries(client, project, tester, count, django_assert_max_num_queries):
    CaseFactory.create_batch(count, project=project)
    RequirementFactory.create_batch(count, project=project, objectives=[])
    with django_assert_max_num_queries(10):
        assert client.get(url("playbook_cases", project)).status_code == 200
