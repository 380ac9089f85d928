import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from projects.enums import Audience, Role
from quality.enums import DefectState
from quality.models import Defect
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import DefectFactory, ExecutionFactory, ResultFactory

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


def test_a_customers_report_is_visible_to_the_customer(client, project):
    key_user = member(project, Role.KEY_USER)
    client.force_login(key_user)
    client.post(url("defect_create", project), {"title": "Tax", "severity": "major", "seen": "Wrong"})
    defect = Defect.objects.get()
    assert (defect.audience, defect.reported_by) == (Audience.CUSTOMER, key_user)


def test_the_team_plans_a_defect(client, project, manager):
    defect = DefectFactory(project=project)
    engineer = member(project, Role.ENGINEER)
    data = {"title": "Tax", "severity": "minor", "priority": 3, "seen": "Wrong", "audience": "team"}
    client.post(
        url("defect_edit", project, defect.number), data | {"owner": engineer.pk, "fix_planned_on": "2026-06-09"}
    )
    defect.refresh_from_db()
    assert (defect.owner, str(defect.fix_planned_on), defect.severity) == (engineer, "2026-06-09", "minor")


def test_a_move_answers_htmx_with_the_row_alone(client, project, manager):
    defect = DefectFactory(project=project)
    response = client.post(url("defect_fix", project, defect.number), headers={"HX-Request": "true"})
    assert response.content.decode().startswith("<tr>")
    assert "Fixed, to be retested" in response.content.decode()


def test_a_refused_move_shows_the_row_as_it_is_and_says_why(client, project, manager):
    defect = DefectFactory(project=project, state=DefectState.CLOSED)
    response = client.post(url("defect_close", project, defect.number), headers={"HX-Request": "true"})
    assert "Closed" in response.content.decode()
    assert json.loads(response["HX-Trigger"])["app:toast"]["level"] == "error"
    page = client.post(url("defect_close", project, defect.number), follow=True).content.decode()
    assert "that step is not open to it" in page


def test_reopen_needs_a_reason(client, project, manager):
    defect = DefectFactory(project=project, state=DefectState.FIXED)
    response = client.post(url("defect_reopen", project, defect.number), {"reason": ""})
    defect.refresh_from_db()
    assert (response.status_code, defect.state) == (200, DefectState.FIXED)


def test_a_fix_without_htmx_leads_to_the_page(client, project, manager):
    defect = DefectFactory(project=project)
    response = client.post(url("defect_fix", project, defect.number), {"fixed_in": "1.4.1"})
    defect.refresh_from_db()
    assert (response.url, defect.fixed_in) == (defect.get_absolute_url(), "1.4.1")


def test_defect_list_sorts_the_worst_first_and_filters(client, project, manager):
    DefectFactory(project=project, title="Blemish", severity="minor")
    DefectFactory(project=project, title="Stop", severity="blocker")
    DefectFactory(project=project, title="Gone", severity="blocker", state=DefectState.CLOSED)
    content = client.get(url("defect_list", project), {"state": "unclosed"}).content.decode()
    assert content.index("Stop") < content.index("Blemish")
    assert "Gone" not in content


@pytest.mark.parametrize("count", [1, 100])
def test_defect_list_queries(client, project, manager, count, django_assert_max_num_queries):
    for _ in range(count):
        DefectFactory(project=project, owner=manager)
    with django_assert_max_num_queries(10):
        assert client.get(url("defect_list", project)).status_code == 200


@pytest.mark.parametrize("state", DefectState)
def test_defect_detail_queries(client, project, manager, state, django_assert_max_num_queries):
    result = ResultFactory(execution=ExecutionFactory(run__project=project), outcome="failed")
    defect = DefectFactory(project=project, case=result.execution.case, result=result, state=state)
    ContentType.objects.get_for_model(Defect)  # asked once per process
    with django_assert_max_num_queries(12):
        assert client.get(defect.get_absolute_url()).status_code == 200
