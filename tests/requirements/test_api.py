import pytest

from projects.enums import Audience, Role
from requirements.enums import BaselineState
from requirements.models import Baseline, Requirement
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.requirements.factories import ObjectiveFactory, RequirementFactory, frozen_baseline

pytestmark = pytest.mark.django_db
NEW = {"title": "Print labels", "statement": "On receipt."}


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def address(project, path):
    return f"/api/v1/projects/{project.key}/{path}"


def send(client, method, url, **data):
    return getattr(client, method)(url, data, content_type="application/json")


def test_list_shows_a_customer_only_what_is_shared(client, project):
    RequirementFactory(project=project, audience=Audience.TEAM)
    RequirementFactory(project=project)
    client.force_login(member(project, Role.KEY_USER))
    rows = client.get(address(project, "requirements/")).json()["results"]
    assert [row["code"] for row in rows] == ["R-002"]


@pytest.mark.parametrize("path", ["objectives/", "requirements/", "baselines/"])
def test_another_projects_people_find_nothing(client, project, path):
    client.force_login(member(ProjectFactory(), Role.PROJECT_MANAGER))
    assert client.get(address(project, path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "objectives/"),
        ("patch", "objectives/1/"),
        ("post", "requirements/"),
        ("patch", "requirements/1/"),
        ("delete", "requirements/1/"),
        ("post", "requirements/1/withdraw/"),
        ("post", "requirements/1/restore/"),
        ("post", "baselines/freeze/"),
        ("post", "baselines/1/send/"),
        ("post", "baselines/1/discard/"),
        ("post", "baselines/1/reopen/"),
        ("post", "baselines/1/audit/"),
    ],
)
def test_a_tester_may_only_read(client, project, method, path):
    frozen_baseline(project)
    client.force_login(member(project, Role.TESTER))
    assert send(client, method, address(project, path)).status_code == 403


@pytest.mark.parametrize("count", [1, 100])
def test_list_takes_few_queries(client, project, manager, count, django_assert_max_num_queries):
    objective, phase = ObjectiveFactory(project=project), PhaseFactory(project=project)
    RequirementFactory.create_batch(count, project=project, objectives=[objective], phase=phase)
    with django_assert_max_num_queries(10):
        assert client.get(address(project, "requirements/?page_size=100")).json()["count"] == count


def test_objective_is_added_and_edited(client, project, manager):
    values = {"title": "Fewer returns", "measure": "Of all sent", "target_value": "2 %", "due_on": "2026-12-31"}
    assert send(client, "post", address(project, "objectives/"), **values).json()["code"] == "O-1"
    answer = send(client, "patch", address(project, "objectives/1/"), target_value="1 %", version=1)
    assert (answer.json()["target_value"], answer.json()["version"]) == ("1 %", 2)
    assert send(client, "patch", address(project, "objectives/1/"), target_value="3 %", version=1).status_code == 409


def test_requirement_is_added_with_numbers_of_the_project(client, project, manager):
    objective, phase = ObjectiveFactory(project=project), PhaseFactory(project=project, number=2)
    answer = send(client, "post", address(project, "requirements/"), **NEW, objectives=[1], phase=2)
    assert answer.status_code == 201
    assert (answer.json()["objectives"], answer.json()["phase"], answer.json()["version"]) == ([1], 2, 1)
    requirement = Requirement.objects.get()
    assert (list(requirement.objectives.all()), requirement.phase) == ([objective], phase)


def test_requirement_cannot_be_tied_to_another_projects_objective(client, project, manager):
    ObjectiveFactory(number=7)
    answer = send(client, "post", address(project, "requirements/"), **NEW, objectives=[7])
    assert (answer.status_code, list(answer.json())) == (400, ["objectives"])


def test_requirement_edit_keeps_its_objectives_and_guards_the_version(client, project, manager):
    RequirementFactory(project=project)
    url = address(project, "requirements/1/")
    answer = send(client, "patch", url, title="Print labels", version=1).json()
    assert (answer["title"], answer["version"], answer["objectives"]) == ("Print labels", 2, [1])
    assert send(client, "patch", url, title="Something else", version=1).status_code == 409


def test_requirement_edit_discards_an_open_baseline_only_when_told_to(client, project, manager):
    frozen_baseline(project)
    url = address(project, "requirements/1/")
    answer = send(client, "patch", url, title="Print labels")
    assert (answer.status_code, "SRS-001 is frozen" in answer.json()["detail"]) == (409, True)
    answer = send(client, "patch", url, title="Print labels", discard=True).json()
    assert (answer["state"], Baseline.objects.get().state) == ("draft", BaselineState.DISCARDED)


def test_requirement_is_withdrawn_restored_and_deleted(client, project, manager):
    RequirementFactory(project=project)
    url = address(project, "requirements/1/")
    assert send(client, "post", f"{url}withdraw/").status_code == 400
    assert send(client, "post", f"{url}withdraw/", reason="Budget").json()["state"] == "withdrawn"
    assert send(client, "post", f"{url}restore/").json()["state"] == "draft"
    assert client.delete(url).status_code == 204
    assert not Requirement.objects.exists()


def test_baseline_is_frozen_and_discarded(client, project, manager):
    RequirementFactory(project=project, audience=Audience.TEAM)
    url = address(project, "baselines/")
    assert send(client, "post", f"{url}freeze/").status_code == 409
    answer = send(client, "post", f"{url}freeze/", share=True)
    assert (answer.status_code, answer.json()["code"]) == (201, "SRS-001")
    assert [item["code"] for item in answer.json()["items"]] == ["R-001"]
    assert send(client, "post", f"{url}1/discard/", reason="Too early").json()["state"] == "discarded"


def test_baseline_is_reopened_and_compared(client, project, manager):
    frozen_baseline(project, state=BaselineState.SIGNED)
    url = address(project, "baselines/")
    assert send(client, "post", f"{url}1/reopen/", reason="New plant").json()["reopened_reason"] == "New plant"
    send(client, "patch", address(project, "requirements/1/"), priority="must")
    frozen_baseline(project)
    (change,) = client.get(f"{url}1/difference/2/").json()["changed"]
    assert (change["item"]["code"], change["changes"][0]["label"]) == ("R-001", "Priority")


def test_baseline_is_sent_to_members_of_the_project(client, project, manager):
    frozen_baseline(project)
    sponsor = member(project, Role.SPONSOR)
    url = address(project, "baselines/1/send/")
    signers = [
        {"user": manager.email, "side": "vendor", "order": 1},
        {"user": sponsor.email, "side": "customer", "order": 2},
    ]
    stranger = [{"user": member(ProjectFactory(), Role.SPONSOR).email, "side": "customer", "order": 1}]
    assert send(client, "post", url, signers=stranger).status_code == 400
    assert send(client, "post", url, signers=signers[:1]).status_code == 409
    assert send(client, "post", url, signers=signers).json()["state"] == "sent"
    assert project.signature_requests.get().number == f"{project.key}-SRS-001"


def test_baseline_is_shown_to_auditors(client, project, manager):
    frozen_baseline(project)
    assert send(client, "post", address(project, "baselines/1/audit/"), shared=True).json()["shared_for_audit"] is True
