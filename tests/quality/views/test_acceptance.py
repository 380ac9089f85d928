import json

import pytest
from django.urls import reverse

from projects.enums import Role
from quality import tasks
from quality.domain import defects, punch_items, records
from quality.enums import AcceptanceState, CriteriaState
from quality.models import Acceptance, Check, CriteriaSet, Defect, ImportedTimes, PunchItem, Result
from signing.domain import links
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import (
    CaseFactory,
    CriteriaSetFactory,
    CriterionFactory,
    DefectFactory,
    ExecutionFactory,
    ResultFactory,
    ResultImportFactory,
    RunFactory,
)
from tests.quality.signing import CLAUSE, PASS_RATE, accepted_scope, conditional, declined, in_part, requested, silent
from tests.requirements.factories import RequirementFactory
from tests.signing.factories import sign_next

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
    assert "Acceptance can be requested when every criterion is met" in page
    assert "Request acceptance with conditions" in page


def test_acceptance_is_requested_from_the_page(client, project, manager):
    accepted_scope(project=project)
    sponsor = member(project, Role.SPONSOR)
    assert url("acceptance_request", project, "_project") in text_of(client.get(url("acceptance", project)))
    client.post(url("acceptance_request", project, "_project"), send_data(manager, sponsor))
    assert Acceptance.objects.get().state == AcceptanceState.REQUESTED
    assert "it waits for signature" in text_of(client.get(url("acceptance", project)))


def item_data(owner, **fields):
    rows = {
        "items-TOTAL_FORMS": 1,
        "items-INITIAL_FORMS": 0,
        "items-0-text": "Correct the balances",
        "items-0-owner": owner.pk,
        "items-0-due_on": "2030-01-15",
        "items-0-retest": "Li Na compares them",
        "items-0-criterion": "1",
    }
    return rows | fields


def test_unmet_criteria_are_accepted_with_a_punch_list_only(client, project, manager):
    CriterionFactory(criteria_set=CriteriaSetFactory(project=project, agreed=True), position=1, statement="All trained")
    sponsor, address = member(project, Role.SPONSOR), url("acceptance_request", project, "_project")
    page = text_of(client.get(address))
    assert "only an acceptance with conditions can be requested" in page
    assert 'value="All trained"' in page
    signers = send_data(manager, sponsor)
    assert "needs an owner" in text_of(client.post(address, signers | item_data(manager, **{"items-0-due_on": ""})))
    assert "This day has passed" in text_of(
        client.post(address, signers | item_data(manager, **{"items-0-due_on": "2020-01-15"}))
    )
    assert "at least one item" in text_of(client.post(address, signers | item_data(manager, **{"items-0-text": ""})))
    assert "criterion 1" in text_of(client.post(address, signers | item_data(manager, **{"items-0-criterion": ""})))
    assert not Acceptance.objects.exists()
    client.post(address, signers | item_data(manager))
    assert Acceptance.objects.get().punch_items.get().text == "Correct the balances"


def test_one_more_row_is_given_and_nothing_sent(client, project, manager):
    CriterionFactory(criteria_set=CriteriaSetFactory(project=project, agreed=True), position=1)
    response = client.post(
        url("acceptance_request", project, "_project"),
        item_data(manager) | {"add_row": "1"},
        headers={"HX-Request": "true"},
    )
    assert "items-1-text" in text_of(response)
    assert "<html" not in text_of(response)
    assert not Acceptance.objects.exists()


def test_conditions_are_offered_where_every_criterion_is_met(client, project, manager):
    accepted_scope(project=project)
    address = url("acceptance_request", project, "_project")
    assert "items-0-text" not in text_of(client.get(address))
    assert "items-0-text" in text_of(client.get(f"{address}?conditions=1"))


def test_an_item_is_done_sent_back_and_confirmed_on_the_page(client):
    acceptance = conditional()
    item, project = acceptance.punch_items.get(), acceptance.project
    sponsor = acceptance.document.signers.get(order=2).user
    address = acceptance.get_absolute_url()

    client.force_login(item.owner)
    assert "What was done" in text_of(client.get(address))
    assert "This field is required" in text_of(
        client.post(url("punch_item_finish", project, acceptance.pk, 1), {"comment": ""})
    )
    client.post(url("punch_item_finish", project, acceptance.pk, 1), {"comment": "Corrected"})

    client.force_login(sponsor)
    assert "Corrected" in text_of(client.get(address))
    assert "This field is required" in text_of(client.post(url("punch_item_return", project, acceptance.pk, 1)))
    client.post(url("punch_item_return", project, acceptance.pk, 1), {"reason": "Not all"})
    assert "Not all" in text_of(client.get(address))

    client.force_login(item.owner)
    client.post(url("punch_item_finish", project, acceptance.pk, 1), {"comment": "Now all"})
    client.force_login(sponsor)
    client.post(url("punch_item_confirm", project, acceptance.pk, 1))
    page = text_of(client.get(address))
    assert "Accepted, conditions fulfilled" in page
    assert "1 / 1 confirmed" in page


def test_an_overdue_item_says_so(client, monkeypatch):
    acceptance = conditional()
    monkeypatch.setattr(PunchItem, "days_late", lambda item, on: 3)
    client.force_login(acceptance.requested_by)
    assert "overdue 3 days" in text_of(client.get(acceptance.get_absolute_url()))


def test_a_declined_acceptance_shows_why_what_remains_and_its_record(client):
    acceptance = declined(reason="The invoices are late")
    DefectFactory(project=acceptance.project, severity="critical", title="Invoices are not printed")
    record = records.make_record(acceptance.pk)
    client.force_login(acceptance.requested_by)
    page = text_of(client.get(acceptance.get_absolute_url()))
    for words in ("The invoices are late", "Invoices are not printed", record.number, record.sha256):
        assert words in page
    assert url("acceptance_request", acceptance.project, "_project") in page
    assert "was declined" in text_of(client.get(url("acceptance_request", acceptance.project, "_project")))
    client.force_login(acceptance.document.closed_by)
    page = text_of(client.get(acceptance.get_absolute_url()))
    assert "Invoices are not printed" not in page
    pdf = client.get(url("acceptance_record", acceptance.project, acceptance.pk))
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.parametrize("count", [1, 40])
def test_acceptance_detail_queries(client, count, django_assert_max_num_queries):
    acceptance = conditional(items=count)
    for item in acceptance.punch_items.all()[:5]:
        punch_items.finish_item(item.pk, comment="Done", by=item.owner)
    client.force_login(acceptance.requested_by)
    address = acceptance.get_absolute_url()
    with django_assert_max_num_queries(16):
        assert client.get(address).status_code == 200


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
    assert "open defects · DF-001: added" in page
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


def test_a_part_is_requested_from_the_page(client, project, manager):
    first, second = PhaseFactory(project=project), PhaseFactory(project=project)
    CriterionFactory(criteria_set=CriteriaSetFactory(project=project, agreed=True), position=1)
    sponsor, address = member(project, Role.SPONSOR), url("acceptance_request", project, "_project")
    assert "Or request acceptance of a part" in text_of(client.get(address))
    page = text_of(client.get(f"{address}?partial=1"))
    assert "take out what remains" in page
    assert "items-0-text" not in page
    signers = send_data(manager, sponsor)
    assert "Choose at least one line" in text_of(client.post(f"{address}?partial=1", signers))
    client.post(f"{address}?partial=1", signers | {"lines": [f"phase:{first.code}"]})
    acceptance = Acceptance.objects.get()
    assert acceptance.is_partial
    page = text_of(client.get(acceptance.get_absolute_url()))
    assert "Remaining scope" in page
    assert str(second) in page


def test_a_scope_accepted_in_part_offers_the_rest(client):
    acceptance = in_part()
    client.force_login(acceptance.requested_by)
    page = text_of(client.get(url("acceptance", acceptance.project)))
    assert "Accepted in part on" in page
    assert url("acceptance_request", acceptance.project, "_project") in page


def test_the_term_of_silence_is_edited_with_the_criteria(client, project, manager):
    CriteriaSetFactory(project=project)
    rows = {"criteria-TOTAL_FORMS": 0, "criteria-INITIAL_FORMS": 0}
    address = url("criteria_edit", project, "_project", 1)
    assert "Name the contract" in text_of(client.post(address, rows | {"deemed_after_days": 5}))
    assert "Give the number" in text_of(client.post(address, rows | {"deemed_clause": CLAUSE}))
    client.post(address, rows | {"deemed_after_days": 5, "deemed_clause": CLAUSE})
    assert CriteriaSet.objects.get().deemed_after_days == 5
    assert CLAUSE in text_of(client.get(url("criteria_detail", project, "_project", 1)))
    assert CLAUSE in text_of(client.get(url("criteria_send", project, "_project", 1)))


def test_the_clock_is_shown_to_both_sides_from_the_first_day(client):
    acceptance = silent()
    sign_next(acceptance.document)
    sponsor = acceptance.document.signers.get(side="customer")
    for person in (acceptance.requested_by, sponsor.user):
        client.force_login(person)
        page = text_of(client.get(acceptance.get_absolute_url()))
        assert "5 working days left" in page
        assert CLAUSE in page
    assert "5 working days left" in text_of(client.get(links.make_link(sponsor)))
    tasks.tick_clock(acceptance.pk)
    assert "Delivery of the request" in text_of(client.get(acceptance.get_absolute_url()))


def test_what_changes_nothing_that_is_listed_is_saved_without_a_question(client):
    acceptance = requested(PhaseFactory())
    client.force_login(acceptance.requested_by)
    data = {"title": "Typo", "severity": "minor", "priority": 3, "seen": "Wrogn", "audience": "team"}
    assert client.post(url("defect_create", acceptance.project), data).status_code == 302
    acceptance.refresh_from_db()
    assert (Defect.objects.count(), acceptance.state) == (1, AcceptanceState.REQUESTED)


def test_a_question_leaves_no_word_of_a_success_behind(client, waiting):
    data = {"title": "Typo", "severity": "minor", "priority": 3, "seen": "Wrogn", "audience": "team"}
    client.post(url("defect_create", waiting.project), data)
    assert "was reported" not in text_of(client.get(url("defect_list", waiting.project)))


def test_the_next_request_shows_what_changed_since_the_one_that_was_voided(client, waiting):
    defects.report_defect(waiting.project, by=waiting.requested_by, title="Typo", seen="Wrogn", severity="minor")
    client.force_login(waiting.requested_by)
    words = f"Changed since {waiting.document.label}, which was voided"
    page = text_of(client.get(url("acceptance_request", waiting.project, "_project")))
    assert words in page
    assert "open defects · DF-001: added" in page
    again = requested(criteria_set=waiting.criteria_set)
    assert words in again.document.body_html
    assert "open defects · DF-001: added" in again.document.body_html


def test_the_label_is_chosen_among_those_that_were_imported(client, project, manager):
    CriterionFactory(criteria_set=CriteriaSetFactory(project=project), position=1, label="Month end")
    for owner in (project, ProjectFactory()):
        result_import = ResultImportFactory(project=owner)
        ImportedTimes.objects.create(result_import=result_import, label=f"Save {owner.key}", samples=1, errors=0)
    address = url("criteria_edit", project, "_project", 1)
    page = text_of(client.get(address))
    assert f'<option value="Save {project.key}">' in page
    assert '<option value="Month end" selected>' in page
    assert page.count('<option value="Save ') == 2  # of one criterion and of the empty row behind it
    row = {"statement": "Fast", "source": "load_test_p95", "threshold": "2", "label": "Typed by hand"}
    data = {f"criteria-0-{name}": value for name, value in row.items()}
    rows = {"criteria-TOTAL_FORMS": 1, "criteria-INITIAL_FORMS": 0}
    assert "Typed by hand is not one of the available choices" in text_of(client.post(address, rows | data))
    client.post(address, rows | data | {"criteria-0-label": f"Save {project.key}"})
    assert CriteriaSet.objects.get().criteria.get().label == f"Save {project.key}"
