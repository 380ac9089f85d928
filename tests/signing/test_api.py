from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projects.enums import Audience, Role
from signing.domain import authority, documents
from signing.models import Authority
from tests.projects.factories import ProjectFactory, member
from tests.signing.factories import PHASE_KIND, row, sealed, send

pytestmark = pytest.mark.django_db


def address(project, path):
    return f"/api/v1/projects/{project.key}/{path}"


def test_documents_show_a_customer_only_what_is_shared(client):
    project = ProjectFactory()
    row(project, audience=Audience.TEAM)
    shared = row(project)
    client.force_login(member(project, Role.KEY_USER))
    assert [found["number"] for found in client.get(address(project, "documents/")).json()["results"]] == [
        shared.number
    ]


def test_documents_never_hold_a_token_or_a_drawing(client):
    request = sealed()
    client.force_login(request.sent_by)
    answer = client.get(address(request.project, f"documents/{request.pk}/")).json()
    assert answer["sealed_file"]["sha256"] == request.sealed_file.sha256
    assert {"strokes", "links", "codes", "address"} & set(answer["signers"][0]) == set()


@pytest.mark.parametrize("path", ["documents/", "authorities/"])
def test_another_projects_people_find_nothing(client, path):
    client.force_login(member(ProjectFactory(), Role.PROJECT_MANAGER))
    assert client.get(address(ProjectFactory(), path)).status_code == 404


def test_sealed_hands_out_the_file_once_it_is_there(client):
    request = sealed()
    waiting = row(request.project)
    client.force_login(request.sent_by)
    answer = client.get(address(request.project, f"documents/{request.pk}/sealed/"))
    assert answer.content == documents.read(request.sealed_file.file)
    assert client.get(address(request.project, f"documents/{waiting.pk}/sealed/")).status_code == 404
    assert client.get(address(request.project, f"documents/{waiting.pk}/body/")).content.startswith(b"%PDF-")


def test_void_withdraws_and_refuses_a_second_time(client):
    request = send()
    client.force_login(request.sent_by)
    url = address(request.project, f"documents/{request.pk}/void/")
    assert client.post(url, {}).status_code == 400
    assert client.post(url, {"reason": "Wrong annex"}).json()["state"] == "voided"
    answer = client.post(url, {"reason": "Again"})
    assert (answer.status_code, "Withdrawn" in answer.json()["detail"]) == (409, True)


def test_void_is_not_for_a_customer(client):
    request = send()
    client.force_login(request.signers.get(order=2).user)
    url = address(request.project, f"documents/{request.pk}/void/")
    assert client.post(url, {"reason": "x"}).status_code == 403


def test_remind_reminds_a_signer_of_this_document_only(client):
    request, other = send(), send()
    client.force_login(request.sent_by)
    url = address(request.project, f"documents/{request.pk}/remind/")
    assert client.post(url, {"signer": other.signers.first().pk}).status_code == 404
    assert client.post(url, {"signer": request.signers.get(order=1).pk}).status_code == 200
    assert request.signers.get(order=1).reminded_at


def test_authorities_are_granted_and_revoked_by_the_sponsor(client):
    project = ProjectFactory()
    named, stranger = member(project, Role.REPRESENTATIVE), member(project, Role.KEY_USER)
    today = authority.contract_day(project, timezone.now())
    data = {"user": named.email, "kind": PHASE_KIND.code, "valid_until": (today + timedelta(days=9)).isoformat()}
    client.force_login(member(project, Role.PROJECT_MANAGER))
    assert client.post(address(project, "authorities/"), data).status_code == 403

    client.force_login(member(project, Role.SPONSOR))
    assert client.post(address(project, "authorities/"), data | {"user": stranger.email}).status_code == 400
    past = (today - timedelta(days=1)).isoformat()
    assert client.post(address(project, "authorities/"), data | {"valid_until": past}).status_code == 400
    made = client.post(address(project, "authorities/"), data)
    assert (made.status_code, client.post(address(project, "authorities/"), data).status_code) == (201, 409)
    assert client.post(address(project, f"authorities/{made.json()['id']}/revoke/")).json()["revoked_at"]
    assert Authority.objects.get().revoked_at


def test_verifications_answer_the_four_questions(client):
    request = sealed()
    client.force_login(request.sent_by)
    file = SimpleUploadedFile("x.pdf", documents.read(request.sealed_file.file))
    answer = client.post("/api/v1/verifications/", {"file": file}).json()
    assert (answer["unchanged"], answer["document"]) == (True, request.label)
    assert [who["name"] for who in answer["who"]] == ["Petra Manager", "Sam Sponsor"]
    assert answer["assurance"]["time_source"] == "server clock"
    answer = client.post("/api/v1/verifications/", {"file": SimpleUploadedFile("x.pdf", b"")}).json()
    assert (answer["unchanged"], answer["finding"], answer["who"]) == (False, "unreadable", [])


def test_document_is_shared_for_the_audit_by_the_project_manager_alone(client):
    document = sealed()
    url = address(document.project, f"documents/{document.pk}/audit/")
    client.force_login(member(document.project, Role.CONSULTANT))
    assert client.post(url, {"shared": True}, "application/json").status_code == 403
    client.force_login(document.sent_by)
    assert client.post(url, {"shared": True}, "application/json").json()["shared_for_audit"] is True
    unsigned = row(document.project)
    answer = client.post(
        address(document.project, f"documents/{unsigned.pk}/audit/"), {"shared": True}, "application/json"
    )
    assert answer.status_code == 409


def test_kit_is_handed_out_once_the_seal_is_there(client):
    document = sealed()
    waiting = row(document.project)
    client.force_login(document.sent_by)
    assert client.get(address(document.project, f"documents/{document.pk}/kit/")).content.startswith(b"PK")
    assert client.get(address(document.project, f"documents/{waiting.pk}/kit/")).status_code == 404


def test_fingerprint_is_compared_with_the_record(client):
    record = sealed().sealed_file
    client.force_login(record.request.sent_by)
    url = "/api/v1/verifications/fingerprint/"
    asked = {"number": record.request.number, "sha256": record.sha256}
    assert client.post(url, asked, "application/json").json() == {"on_record": True, "document": record.request.label}
    answer = client.post(url, asked | {"sha256": "0" * 64}, "application/json").json()
    assert answer == {"on_record": False, "document": None}
