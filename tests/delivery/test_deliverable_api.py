import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from delivery.models import Deliverable
from projects.enums import Role
from tests.delivery.factories import (
    DeliverableFactory,
    RaciFactory,
    VersionFactory,
    approved,
    drafted,
    in_review,
)
from tests.projects.factories import PhaseFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


@pytest.fixture
def url(project):
    return f"/api/v1/projects/{project.key}/deliverables/"


def post(client, address, data):
    return client.post(address, data, content_type="application/json")


def test_list_is_paged_filtered_and_cheap(client, project, manager, url, django_assert_max_num_queries):
    phase = PhaseFactory(project=project)
    for deliverable in DeliverableFactory.create_batch(100, project=project, phase=phase):
        RaciFactory(deliverable=deliverable, person=manager)
    with django_assert_max_num_queries(10):
        answer = client.get(url, {"phase": phase.number, "state": "unapproved", "page_size": 100}).json()
    assert (answer["count"], len(answer["results"])) == (100, 100)


def test_detail_names_versions_and_people(client, project, manager, url):
    deliverable = approved(project)
    VersionFactory(deliverable=deliverable)
    RaciFactory(deliverable=deliverable, person=manager)
    answer = client.get(f"{url}{deliverable.number}/").json()
    assert (answer["state"], answer["latest"], answer["approved_version"]) == ("approved", 2, 1)
    assert answer["raci"] == [{"person": manager.email, "letter": "A"}]


def test_create_and_edit(client, project, manager, url):
    phase = PhaseFactory(project=project)
    answer = post(client, url, {"title": "Charter", "phase": phase.number})
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (201, "DL-001", "planned")
    client.patch(f"{url}1/", {"title": "Project charter"}, content_type="application/json")
    assert Deliverable.objects.get().title == "Project charter"


def test_upload_submit_return_and_content(client, project, manager, url):
    deliverable = DeliverableFactory(project=project)
    address = f"{url}{deliverable.number}/"
    answer = client.post(f"{address}upload/", {"file": SimpleUploadedFile("a.txt", b"hello"), "note": "First"})
    assert (answer.status_code, answer.json()["number"], answer.json()["review"]) == (201, 1, None)
    assert b"".join(client.get(f"{address}versions/1/").streaming_content) == b"hello"
    assert post(client, f"{address}submit/", {}).json()["state"] == "in_review"
    assert post(client, f"{address}approve/", {"version": 1}).status_code == 409  # one's own
    client.force_login(member(project, Role.PROJECT_MANAGER))
    assert post(client, f"{address}send-back/", {"version": 1}).status_code == 400  # without a comment
    assert post(client, f"{address}send-back/", {"version": 1, "comment": "More."}).json()["state"] == "draft"
    (version,) = client.get(f"{address}versions/").json()
    assert (version["review"]["verdict"], version["review"]["comment"]) == ("returned", "More.")


def test_approve_and_reopen(client, project, manager, url):
    deliverable = in_review(project)
    address = f"{url}{deliverable.number}/"
    assert post(client, f"{address}approve/", {"version": 1}).json()["approved_version"] == 1
    assert post(client, f"{address}reopen/", {"reason": "The law changed."}).json()["state"] == "draft"


@pytest.mark.parametrize("move", ["approve", "send-back", "reopen"])
def test_moves_of_review_are_forbidden_to_who_has_no_part(client, project, url, move):
    deliverable = in_review(project)
    client.force_login(member(project, Role.ENGINEER))
    assert post(client, f"{url}{deliverable.number}/{move}/", {"version": 1}).status_code == 403


def test_customer_finds_what_is_shared_and_works_on_nothing(client, project, url):
    hidden, shared = drafted(project), drafted(project, shared=True)
    client.force_login(member(project, Role.SPONSOR))
    assert [row["number"] for row in client.get(url).json()["results"]] == [shared.number]
    assert client.get(f"{url}{hidden.number}/versions/1/").status_code == 404
    assert post(client, f"{url}{shared.number}/submit/", {}).status_code == 403
