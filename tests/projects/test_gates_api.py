import pytest

from projects.enums import PhaseState, Role
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


def url(phase, rest=""):
    return f"/api/v1/projects/{phase.project.key}/gate-reviews/{rest}"


def test_a_review_is_recorded_and_its_action_finished(client, phase, manager):
    finding = {"statement": "No fallback", "action": "Rehearse it", "owner": manager.pk, "due_on": "2026-04-08"}
    review = {"phase": 1, "held_on": "2026-04-01", "verdict": "pass_with_actions", "participants": [manager.pk]}

    made = client.post(url(phase), review | {"findings": [finding]}, content_type="application/json")

    assert made.status_code == 201
    assert made.json()["findings"][0]["action"] == "Rehearse it"
    done = client.post(url(phase, "1/actions/1/finish/"), {"outcome": "Rehearsed"}, content_type="application/json")
    assert done.json()["done_by"] == manager.name
    again = client.post(url(phase, "1/actions/1/finish/"), {"outcome": "Rehearsed"}, content_type="application/json")
    assert again.status_code == 409


def test_a_review_that_contradicts_itself_is_refused(client, phase, manager):
    review = {"phase": 1, "held_on": "2026-04-01", "verdict": "fail", "participants": [manager.pk]}

    assert client.post(url(phase), review, content_type="application/json").status_code == 409
    assert not GateReview.objects.exists()


def test_people_and_phases_of_other_projects_are_refused(client, phase, manager):
    stranger = member(ProjectFactory(), Role.TESTER)
    review = {"phase": 99, "held_on": "2026-04-01", "verdict": "pass", "participants": [stranger.pk]}

    answer = client.post(url(phase), review, content_type="application/json")

    assert set(answer.json()) == {"phase", "participants"}


def test_a_customer_reads_what_is_shared_without_the_figures_of_the_team(client, phase):
    GateReviewFactory(project=phase.project)
    shared = GateReviewFactory(project=phase.project, for_customer=True)
    client.force_login(member(phase.project, Role.SPONSOR))

    rows = client.get(url(phase)).json()["results"]

    assert [row["number"] for row in rows] == [shared.number]
    assert "facts" not in rows[0]


def test_override_is_for_the_executive(client, phase, manager):
    PhaseFactory(project=phase.project, number=2)
    path = f"/api/v1/projects/{phase.project.key}/phases/2/override/"
    assert client.post(path, {"reason": "Hurry"}).status_code == 403
    client.force_login(member(phase.project, Role.EXECUTIVE))

    assert client.post(path, {"reason": "Agreed with the customer"}).json()["state"] == PhaseState.ACTIVE
