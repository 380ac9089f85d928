import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.enums import Role
from quality.enums import ActionState, AuditState, FindingState
from quality.models import Audit, AuditFinding, CorrectiveAction
from tests.projects.factories import member
from tests.quality.factories import ActionFactory, AuditFactory, DefectFactory, FindingFactory

pytestmark = pytest.mark.django_db
FOUND = {"grade": "minor", "clause": "8.3.4", "statement": "No minutes", "evidence": "None for 12 May"}


def address(audit, path=""):
    return f"/api/v1/projects/{audit.project.key}/audits/{audit.number}/{path}"


def post(client, url, data=None):
    return client.post(url, data or {}, content_type="application/json")


def proof():
    return SimpleUploadedFile("proof.txt", b"Minutes of the review", "text/plain")


@pytest.fixture
def audit():
    return AuditFactory()


@pytest.fixture
def manager(client, audit):
    person = member(audit.project, Role.PROJECT_MANAGER)
    client.force_login(person)
    return person


def test_audits_are_planned_changed_and_opened(client, manager, audit):
    data = {
        "title": "Testing",
        "standard": "ISO 9001:2015 8.3.4",
        "scope": "UAT",
        "people": [audit.auditor.email],
        "starts_on": "2026-07-01",
        "ends_on": "2026-07-03",
    }
    made = post(client, f"/api/v1/projects/{audit.project.key}/audits/", data)
    assert (made.status_code, made.json()["people"], made.json()["state"]) == (201, [audit.auditor.email], "planned")
    planned = Audit.objects.get(title="Testing")
    wrong = client.patch(address(planned), {"ends_on": "2026-06-01"}, content_type="application/json")
    assert (wrong.status_code, list(wrong.json())) == (400, ["ends_on"])
    client.patch(address(planned), {"title": "Tests"}, content_type="application/json")
    assert post(client, address(planned, "open/")).json()["title"] == "Tests"
    assert post(client, address(planned, "open/")).status_code == 409


def test_what_is_decided_by_a_step_is_not_written_by_a_field(client, manager, audit):
    client.patch(address(audit), {"state": "closed", "conclusion": "Good"}, content_type="application/json")
    audit.refresh_from_db()
    assert (audit.state, audit.conclusion) == (AuditState.OPEN, "")


def test_an_audit_names_as_its_people_only_auditors_of_the_project(client, manager, audit):
    data = {"people": [manager.email]}
    assert client.patch(address(audit), data, content_type="application/json").status_code == 400


def test_things_are_shared_and_no_longer(client, manager, audit):
    thing = {"kind": "quality.defect", "id": DefectFactory(project=audit.project).pk}
    assert post(client, address(audit, "share/"), thing | {"shared": True}).status_code == 200
    assert audit.access.items.count() == 1
    post(client, address(audit, "share/"), thing | {"shared": False})
    assert audit.access.items.count() == 0
    foreign = {"kind": "quality.defect", "id": DefectFactory().pk, "shared": True}
    assert post(client, address(audit, "share/"), foreign).status_code == 404


def test_findings_are_recorded_by_the_auditor_about_what_is_shared(client, manager, audit):
    defect = DefectFactory(project=audit.project)
    about = {"about": {"kind": "quality.defect", "id": defect.pk}}
    assert post(client, address(audit, "findings/"), FOUND).status_code == 403
    client.force_login(audit.auditor)
    assert post(client, address(audit, "findings/"), FOUND | about).status_code == 409
    assert post(client, address(audit, "findings/"), FOUND).json()["code"] == "F-01"
    [listed] = client.get(address(audit, "findings/")).json()
    assert (listed["statement"], listed["actions"]) == ("No minutes", [])
    assert post(client, address(audit, "findings/1/withdraw/"), {"reason": "Found"}).json()["state"] == "withdrawn"


def test_an_action_is_planned_done_sent_back_and_verified_and_its_finding_closed(client, manager, audit):
    finding, owner = FindingFactory(audit=audit), member(audit.project, Role.ENGINEER)
    plan = {"cause": "No rule", "action": "Write it", "owner": owner.email, "due_on": "2026-07-01"}
    assert post(client, address(audit, "findings/1/actions/"), plan).json()["state"] == "to_do"
    steps = address(audit, "findings/1/actions/1/")
    client.force_login(member(audit.project, Role.TESTER))
    assert client.post(f"{steps}report/", {"text": "Done", "files": proof()}).status_code == 403
    client.force_login(owner)
    assert client.post(f"{steps}report/", {"text": "Done", "files": proof()}).json()["state"] == "done"
    client.force_login(audit.auditor)
    assert post(client, address(audit, "findings/1/close/")).status_code == 409
    assert post(client, f"{steps}send-back/", {"reason": "Which rule?"}).json()["state"] == "to_do"
    CorrectiveAction.objects.update(state=ActionState.DONE)
    assert post(client, f"{steps}verify/").json()["state"] == "verified"
    assert post(client, address(audit, "findings/1/close/")).json()["state"] == FindingState.CLOSED
    finding.refresh_from_db()
    assert finding.settled_by == audit.auditor


def test_an_audit_is_reported_and_closed(client, audit):
    client.force_login(audit.auditor)
    reported = post(client, address(audit, "report/"), {"conclusion": "It conforms."}).json()
    assert (reported["state"], len(reported["report_sha256"])) == ("reported", 64)
    assert post(client, address(audit, "close/")).json()["state"] == "closed"


def test_audits_of_others_do_not_exist_for_an_auditor(client, audit):
    action = ActionFactory(finding__audit=AuditFactory(project=audit.project), state=ActionState.DONE)
    other = action.finding.audit
    client.force_login(audit.auditor)
    assert [
        row["number"] for row in client.get(address(audit).replace(f"/{audit.number}/", "/")).json()["results"]
    ] == [audit.number]
    for path in ("", "findings/"):
        assert client.get(address(other, path)).status_code == 404
    assert post(client, address(other, "findings/1/actions/1/verify/")).status_code == 404
    assert AuditFinding.objects.get().state == FindingState.OPEN
