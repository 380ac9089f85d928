import json

import pytest
from django.urls import reverse

from projects.enums import Role
from quality.enums import AcceptanceState, CriteriaState
from quality.models import Acceptance, Check, CriteriaSet, Defect, Result
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import (
    CaseFactory,
    CriteriaSetFactory,
    CriterionFactory,
    DefectFactory,
    ExecutionFactory,
    ResultFactory,
    RunFactory,
)
from tests.quality.signing import PASS_RATE, accepted_scope, requested
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


def url(name, project, *args):
    return reverse(f"quality:{name}", args=[project.key, *args])


def text_of(response):
    return response.content.decode()


def send_data(manager, sponsor):
    return {
        f"signer_vendor_{manager.pk}": "1",
        f"signer_customer_{sponsor.pk}": "2",
        "remind_after_days": 2,
        "expires_in_days": 14,
    }


def test_criteria_are_drafted_edited_and_sent(client, project, manager):
    sponsor = member(project, Role.SPONSOR)
    client.post(url("criteria_create", project), {"phase": ""})
    data = {"criteria-TOTAL_FORMS": 3, "criteria-INITIAL_FORMS": 0}
    data |= {"criteria-0-statement": "All pass", "criteria-0-source": "pass_rate", "criteria-0-threshold": "99.5"}
    data |= {"criteria-0-operator": "ge", "criteria-0-unit": "%"}
    data |= {"criteria-2-statement": "Trained", "criteria-2-source": "manual", "criteria-2-kind": "training"}
    client.post(url("criteria_edit", project, "_project", 1), data)
    client.post(url("criteria_send", project, "_project", 1), send_data(manager, sponsor))

    criteria_set = CriteriaSet.objects.get()
    found = [(row.statement, row.source, str(row.threshold), row.kind) for row in criteria_set.criteria.all()]
    assert found == [("All pass", "pass_rate", "199/2", "functional"), ("Trained", "manual", "1", "training")]
    assert criteria_set.state == CriteriaState.SENT


def test_a_criterion_without_a_threshold_is_refused(client, project, manager):
    CriteriaSetFactory(project=project)
    data = {"criteria-TOTAL_FORMS": 1, "criteria-INITIAL_FORMS": 0}
    data |= {"criteria-0-statement": "All pass", "criteria-0-source": "pass_rate"}
    response = client.post(url("criteria_edit", project, "_project", 1), data)
    assert "Give the value that must be reached." in text_of(response)


def test_add_criterion_answers_htmx_with_the_rows_alone(client, project, manager):
    CriteriaSetFactory(project=project)
    data = {"criteria-TOTAL_FORMS": 1, "criteria-INITIAL_FORMS": 0, "add_row": "1"}
    response = client.post(url("criteria_edit", project, "_project", 1), data, headers={"HX-Request": "true"})
    assert text_of(response).startswith('<div class="card-body" id="criteria-rows">')
    assert 'name="criteria-1-statement"' in text_of(response)


def test_locked_criteria_are_not_edited(client, project, manager):
    CriteriaSetFactory(project=project, sent=True)
    response = client.get(url("criteria_edit", project, "_project", 1), follow=True)
    assert "These criteria are locked" in text_of(response)


def test_acceptance_page_says_what_is_met_and_what_is_not(client, project, manager):
    criteria_set = accepted_scope(project=project)
    CriterionFactory(criteria_set=criteria_set, statement="Operators are trained", position=99)
    page = text_of(client.get(url("acceptance", project)))
    assert "1 / 1, 100" in page
    assert "no data" in page
    assert url("acceptance_request", project, "_project") not in page
    assert "Acceptance can be requested when every criterion is met" in page


def test_acceptance_is_requested_from_the_page(client, project, manager):
    accepted_scope(project=project)
    sponsor = member(project, Role.SPONSOR)
    assert url("acceptance_request", project, "_project") in text_of(client.get(url("acceptance", project)))
    client.post(url("acceptance_request", project, "_project"), send_data(manager, sponsor))
    assert Acceptance.objects.get().state == AcceptanceState.REQUESTED
    assert "it waits for signature" in text_of(client.get(url("acceptance", project)))


def test_the_request_page_of_unmet_criteria_has_no_button(client, project, manager):
    CriterionFactory(criteria_set=CriteriaSetFactory(project=project, agreed=True))
    page = text_of(client.get(url("acceptance_request", project, "_project")))
    assert "Not every criterion is met" in page
    assert "Send for signature" not in page


def test_a_check_is_recorded_by_a_representative(client, project):
    criterion = CriterionFactory(criteria_set=CriteriaSetFactory(project=project, agreed=True))
    client.force_login(member(project, Role.REPRESENTATIVE))
    client.post(criterion.get_absolute_url(), {"met": "1", "comment": "All twelve were there"})
    assert Check.objects.get().value == 1
    client.force_login(member(project, Role.KEY_USER))
    assert client.post(criterion.get_absolute_url(), {"met": "0", "comment": "No"}).status_code == 403


def test_a_customer_does_not_see_a_draft(client, project):
    draft = CriteriaSetFactory(project=project)
    client.force_login(member(project, Role.SPONSOR))
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "shared with you yet" in text_of(client.get(url("acceptance", project)))


def test_reopening_asks_for_a_reason(client, project, manager):
    CriteriaSetFactory(project=project, agreed=True)
    client.post(url("criteria_reopen", project, "_project", 1), {"reason": ""})
    assert CriteriaSet.objects.get().state == CriteriaState.AGREED
    client.post(url("criteria_reopen", project, "_project", 1), {"reason": "More is wanted"})
    assert CriteriaSet.objects.current().get().version == 2


@pytest.fixture
def waiting(client):
    acceptance = requested()
    client.force_login(member(acceptance.project, Role.PROJECT_MANAGER, Role.TESTER))
    return acceptance


def test_a_change_that_voids_is_asked_about_first_and_keeps_what_was_typed(client, waiting):
    data = {"title": "Typo", "severity": "minor", "priority": 3, "seen": "Wrogn", "audience": "team"}
    page = text_of(client.post(url("defect_create", waiting.project), data))
    assert "An acceptance is waiting for signature" in page
    assert '<input type="hidden" name="title" value="Typo">' in page
    assert not Defect.objects.exists()

    client.post(url("defect_create", waiting.project), data | {"confirmed": "yes"})
    waiting.refresh_from_db()
    assert (Defect.objects.count(), waiting.state) == (1, AcceptanceState.VOIDED)


def test_a_row_that_voids_is_asked_about_in_the_dialog(client, waiting):
    defect = DefectFactory(project=ProjectFactory())
    defect.project = waiting.project
    defect.save()
    response = client.post(url("defect_fix", waiting.project, defect.number), headers={"HX-Request": "true"})
    assert response["HX-Retarget"] == "#dialog"
    assert json.loads(response.headers.get("HX-Trigger", "{}")) == {}
    defect.refresh_from_db()
    assert defect.state == "open"


def test_the_tester_ticks_a_box_before_a_result_voids(client, waiting):
    execution = Result.objects.get().execution
    client.force_login(member(waiting.project, Role.KEY_USER))
    assert 'name="confirmed"' in text_of(client.get(execution.get_absolute_url()))


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.SPONSOR])
def test_acceptance_page_queries(client, project, role, count, django_assert_max_num_queries):
    for _ in range(min(count, 8)):
        criteria_set = CriteriaSetFactory(project=project, phase=PhaseFactory(project=project), agreed=True)
        CriterionFactory(criteria_set=criteria_set, **PASS_RATE)
        CriterionFactory(criteria_set=criteria_set)
    run = RunFactory(project=project, running=True)
    for _ in range(count):
        case = CaseFactory(project=project, shared=True)
        case.requirements.set([RequirementFactory(project=project, objectives=[])])
        ResultFactory(execution=ExecutionFactory(run=run, case=case))
        DefectFactory(project=project)
    client.force_login(member(project, role))
    with django_assert_max_num_queries(12):
        assert client.get(url("acceptance", project)).status_code == 200


@pytest.mark.parametrize("name", ["criteria_detail", "criterion"])
def test_criteria_page_queries(client, project, manager, name, django_assert_max_num_queries):
    criteria_set = CriteriaSetFactory(project=project, agreed=True)
    for _ in range(20):
        criterion = CriterionFactory(criteria_set=criteria_set)
    args = ["_project", 1] + ([criterion.position] if name == "criterion" else [])
    with django_assert_max_num_queries(12):
        assert client.get(url(name, project, *args)).status_code == 200


@pytest.mark.parametrize("count", [1, 100])
def test_requirement_cases_queries(client, project, manager, count, django_assert_max_num_queries):
    requirement = RequirementFactory(project=project)
    run = RunFactory(project=project, running=True)
    for _ in range(count):
        case = CaseFactory(project=project, requirements=[requirement])
        ResultFactory(execution=ExecutionFactory(run=run, case=case), requirement_versions={str(requirement.number): 1})
        DefectFactory(project=project, severity="critical")
    with django_assert_max_num_queries(12):
        fragment = text_of(client.get(url("requirement_cases", project, requirement.number)))
    assert "Proven" in fragment
