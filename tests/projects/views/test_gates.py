import pytest
from django.urls import reverse

from projects.enums import Audience, GateVerdict, PhaseState, Role
from projects.models import GateReview
from tests.projects.factories import GateReviewFactory, PhaseFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def phase():
    return PhaseFactory(project=ProjectFactory(), number=1, state=PhaseState.ACTIVE)


@pytest.fixture
def manager(client, phase):
    user = member(phase.project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def page(name, phase, *args):
    return reverse(f"projects:{name}", args=[phase.project.key, *args])


def typed(manager, **changes):
    rows = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "0-statement": "", "0-action": "", "0-owner": "", "0-due_on": ""}
    return (
        {
            "held_on": "2026-04-01",
            "participants": [manager.pk],
            "verdict": "pass",
            "summary": "",
            "audience": "team",
        }
        | {f"findings-{name}": value for name, value in rows.items()}
        | changes
    )


def test_gate_review_create_records_findings_in_their_order(client, phase, manager):
    rows = {"findings-0-statement": "No fallback", "findings-0-action": "Rehearse", "findings-0-owner": manager.pk}

    response = client.post(
        page("gate_review_create", phase, 1),
        typed(manager, verdict="pass_with_actions", **rows, **{"findings-0-due_on": "2026-04-08"}),
    )

    review = GateReview.objects.get()
    assert response["Location"] == review.get_absolute_url()
    assert [(row.statement, row.owner) for row in review.findings.all()] == [("No fallback", manager)]
    assert "Rehearse" in client.get(review.get_absolute_url()).text


def test_gate_review_create_says_what_is_wrong_and_keeps_what_was_typed(client, phase, manager):
    response = client.post(
        page("gate_review_create", phase, 1), typed(manager, verdict="fail", summary="Half of it is missing")
    )

    assert response.status_code == 200
    assert "names at least one finding" in response.text
    assert "Half of it is missing" in response.text


def test_gate_review_create_refuses_an_action_without_owner(client, phase, manager):
    wrong = {"findings-0-statement": "No fallback", "findings-0-action": "Rehearse it"}

    response = client.post(page("gate_review_create", phase, 1), typed(manager, **wrong))

    assert list(response.context["findings"].forms[0].errors) == ["owner", "due_on"]


def test_gate_review_create_adds_a_row_by_htmx(client, phase, manager):
    response = client.post(
        page("gate_review_create", phase, 1),
        typed(manager, add_finding="1", **{"findings-0-statement": "No fallback"}),
        headers={"HX-Request": "true"},
    )

    assert response.text.startswith("<fieldset")
    assert "No fallback" in response.text
    assert "findings-1-statement" in response.text
    assert not GateReview.objects.exists()


def test_gate_review_create_offers_people_of_the_project_only(client, phase, manager):
    stranger = member(ProjectFactory(), Role.TESTER)

    response = client.post(page("gate_review_create", phase, 1), typed(manager, participants=[stranger.pk]))

    assert list(response.context["form"].errors) == ["participants"]


def test_phase_detail_says_why_it_cannot_start_and_who_may_override(client, phase, manager):
    following = PhaseFactory(project=phase.project, number=2)
    client.post(page("phase_move", phase, 2, "start"))
    following.refresh_from_db()
    assert following.state == PhaseState.PLANNED

    text = client.get(page("phase_detail", phase, 2)).text
    assert "opens once the gate of “Phase 1” is passed" in text
    assert "Open without the gate" not in text

    client.force_login(member(phase.project, Role.EXECUTIVE))
    client.post(page("gate_override", phase, 2), {"reason": "Agreed with the customer"})
    following.refresh_from_db()
    assert following.state == PhaseState.ACTIVE
    assert (
        "opened this phase without the gate before it: Agreed with" in client.get(page("phase_detail", phase, 2)).text
    )


def test_gate_override_needs_a_reason_and_a_gate(client, phase):
    client.force_login(member(phase.project, Role.EXECUTIVE))
    following = PhaseFactory(project=phase.project, number=2)

    assert list(client.post(page("gate_override", phase, 2), {"reason": " "}).context["form"].errors) == ["reason"]
    assert client.get(page("gate_override", phase, 1)).status_code == 404
    following.refresh_from_db()
    assert following.state == PhaseState.PLANNED


@pytest.mark.parametrize("audience", Audience)
def test_a_customer_sees_a_review_that_is_shared(client, phase, audience):
    review = GateReviewFactory(project=phase.project, phase=phase, audience=audience, facts=[["Open defects", "3"]])
    client.force_login(member(phase.project, Role.SPONSOR))

    response = client.get(review.get_absolute_url())

    assert response.status_code == (200 if audience == Audience.CUSTOMER else 404)
    assert "Open defects" not in response.text
    shown = review.code in client.get(page("gate_list", phase)).text
    assert shown == (audience == Audience.CUSTOMER)


def test_the_owner_marks_an_action_as_done(client, phase):
    review = GateReviewFactory(project=phase.project, with_action=True, verdict=GateVerdict.PASS_WITH_ACTIONS)
    finding = review.findings.get()
    client.force_login(finding.owner)
    url = page("gate_action_finish", phase, review.number, 1)
    assert url in client.get(review.get_absolute_url()).text

    client.post(url, {"outcome": "Rehearsed on 3 April"})

    finding.refresh_from_db()
    assert (finding.done_by, finding.outcome) == (finding.owner, "Rehearsed on 3 April")
    response = client.post(url, {"outcome": "Again"}, follow=True)
    assert "has said already that this is done" in response.text


def test_another_person_does_not_mark_it(client, phase):
    review = GateReviewFactory(project=phase.project, with_action=True)
    client.force_login(member(phase.project, Role.CONSULTANT))

    assert client.post(page("gate_action_finish", phase, review.number, 1), {"outcome": "Done"}).status_code == 403


@pytest.mark.parametrize("size", [1, 100])
def test_gate_pages_cost_the_same_for_many(client, phase, manager, size, django_assert_max_num_queries):
    for _each in range(size):
        review = GateReviewFactory(project=phase.project, phase=phase, with_action=True)

    with django_assert_max_num_queries(10):
        client.get(page("gate_list", phase))
    with django_assert_max_num_queries(12):
        client.get(review.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(page("phase_detail", phase, 1))
