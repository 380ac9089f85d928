import json
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from projects.enums import Audience, Role
from quality.domain import defects
from quality.enums import DefectState
from quality.models import Defect, Result
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


@pytest.mark.parametrize(
    ("name", "state", "data"),
    [
        ("reopen", DefectState.FIXED, {"reason": ""}),
        ("decline", DefectState.OPEN, {"reason": " "}),
        ("defer", DefectState.OPEN, {"until": "2999-01-01", "reason": ""}),
        ("defer", DefectState.OPEN, {"until": "", "reason": "Later"}),
        ("duplicate", DefectState.OPEN, {"original": "DF-999"}),
    ],
)
def test_a_move_asks_for_what_it_needs(client, project, manager, name, state, data):
    defect = DefectFactory(project=project, state=state)
    response = client.post(url(f"defect_{name}", project, defect.number), data)
    defect.refresh_from_db()
    assert (response.status_code, defect.state) == (200, state)
    assert 'aria-invalid="true"' in response.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        ("decline", {"reason": "As agreed"}, "declined"),
        ("defer", {"until": "2999-01-01", "reason": "After go-live"}, "deferred"),
        ("duplicate", {"original": "df-1", "reason": "Same field"}, "duplicate"),
    ],
)
def test_a_move_leads_back_to_where_the_person_was(client, project, manager, name, data, state):
    DefectFactory(project=project)
    defect = DefectFactory(project=project)
    board = url("defect_board", project) + "?severity=major"
    asked = client.get(url(f"defect_{name}", project, defect.number), {"next": board}, headers={"HX-Request": "true"})
    assert "<html" not in asked.content.decode()
    response = client.post(url(f"defect_{name}", project, defect.number), data | {"next": board})
    defect.refresh_from_db()
    assert (response.url, defect.state) == (board, state)


def test_a_move_leads_to_no_page_of_others(client, project, manager):
    defect = DefectFactory(project=project)
    response = client.post(url("defect_fix", project, defect.number), {"next": "https://example.org/"})
    assert response.url == defect.get_absolute_url()


def test_a_customer_does_not_learn_of_an_original_that_is_the_teams(client, project):
    client.force_login(member(project, Role.KEY_USER))
    DefectFactory(project=project, title="Of the team")
    repeated = DefectFactory(
        project=project, shared=True, state=DefectState.DUPLICATE, duplicate_of=Defect.objects.get(number=1)
    )
    for page in (repeated.get_absolute_url(), url("defect_list", project), url("defect_board", project)):
        content = client.get(page).content.decode()
        assert repeated.title in content
        assert "DF-001" not in content


def test_defect_detail_links_duplicates_both_ways(client, project, manager):
    repeated = DefectFactory(project=project, state=DefectState.DUPLICATE)
    original = repeated.duplicate_of
    assert f'href="{original.get_absolute_url()}"' in client.get(repeated.get_absolute_url()).content.decode()
    assert f'href="{repeated.get_absolute_url()}"' in client.get(original.get_absolute_url()).content.decode()


def test_defect_list_filters_by_turn_and_age(client, project, manager):
    DefectFactory(project=project, title="Nobodys")
    DefectFactory(project=project, title="Mine", owner=manager)
    old = DefectFactory(project=project, title="Old one")
    Defect.objects.filter(pk=old.pk).update(reported_at=timezone.now() - timedelta(days=31))
    by_turn = client.get(url("defect_list", project), {"turn": "owner"}).content.decode()
    assert ("Mine" in by_turn, "Nobodys" in by_turn) == (True, False)
    by_age = client.get(url("defect_list", project), {"age": "30", "sort": "-age"}).content.decode()
    assert ("Old one" in by_age, "31\xa0days" in by_age, "Mine" in by_age) == (True, True, False)


def test_defect_board_offers_only_legal_moves_and_only_who_may(client, project, manager):
    DefectFactory(project=project, shared=True)
    offered = client.get(url("defect_board", project)).content.decode()
    assert [f'data-lf-to="{state}"' in offered for state in DefectState] == [False, True, True, True, True, False]
    client.force_login(member(project, Role.SPONSOR))
    assert "data-lf-to" not in client.get(url("defect_board", project)).content.decode()


def test_defect_board_keeps_the_filters_and_counts_its_columns(client, project, manager):
    for _ in range(2):
        DefectFactory(project=project, severity="blocker")
    DefectFactory(project=project, severity="minor", title="Blemish")
    response = client.get(url("defect_board", project), {"severity": "blocker"})
    assert "Blemish" not in response.content.decode()
    assert {column["state"]: column["count"] for column in response.context["columns"] if column["count"]} == {
        "open": 2
    }


def test_defect_board_leads_to_the_table_for_what_is_too_much(client, project, manager, monkeypatch):
    monkeypatch.setattr("quality.views.defects.CARDS", 1)
    for severity in ("minor", "blocker"):
        DefectFactory(project=project, severity=severity, title=severity)
    response = client.get(url("defect_board", project))
    column = response.context["columns"][0]
    assert ([card.title for card in column["cards"]], column["count"]) == (["blocker"], 2)
    assert column["rest_url"] == "?state=open"


@pytest.mark.parametrize("count", [1, 100])
def test_defect_board_queries(client, project, manager, count, django_assert_max_num_queries):
    for _ in range(count):
        DefectFactory(project=project, owner=manager)
    with django_assert_max_num_queries(10):
        assert client.get(url("defect_board", project)).status_code == 200


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
    ContentType.objects.get_for_models(Defect, Result)  # asked once per process
    with django_assert_max_num_queries(12):
        assert client.get(defect.get_absolute_url()).status_code == 200


def test_defect_trend_shows_figures_and_data_of_what_the_person_sees(client, project):
    key_user = member(project, Role.KEY_USER)
    defect = DefectFactory(project=project, shared=True)
    DefectFactory(project=project)
    defects.fix_defect(defect.pk, by=key_user)
    defects.reopen_defect(defect.pk, by=key_user, reason="Still there")
    client.force_login(key_user)
    response = client.get(url("defect_trend", project), {"window": "nonsense"})
    trend = response.context["trend"]
    assert (len(trend.days), trend.opened, trend.reopened, trend.fixed, trend.unsettled) == (28, 1, 1, 1, 1)
    content = response.content.decode()
    assert ("lf-chart" in content, "1 / 1, 100" in content) == (True, True)


def test_defect_trend_of_nothing_says_so(client, project, manager):
    content = client.get(url("defect_trend", project)).content.decode()
    assert ("lf-chart" in content, "as soon as there is a defect" in content) == (False, True)


@pytest.mark.parametrize("count", [1, 100])
def test_defect_trend_queries(client, project, manager, count, django_assert_max_num_queries):
    for _ in range(count):
        DefectFactory(project=project, owner=manager)
    with django_assert_max_num_queries(10):
        assert client.get(url("defect_trend", project)).status_code == 200
