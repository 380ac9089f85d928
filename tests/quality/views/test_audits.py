import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.enums import Role
from projects.models import SharedItem
from quality.domain import audits
from quality.enums import ActionState, AuditState, FindingState
from quality.models import Audit, AuditFinding, CorrectiveAction
from tests.projects.factories import AttachmentFactory, ProjectFactory, member
from tests.quality.factories import ActionFactory, AuditFactory, DefectFactory, FindingFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(name, audit, *args):
    return reverse(f"quality:{name}", args=[audit.project.key, audit.number, *args])


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


@pytest.mark.parametrize("count", [1, 100])
def test_audit_list_costs_the_same_queries(client, django_assert_max_num_queries, count):
    project = ProjectFactory()
    auditor = member(project, Role.AUDITOR)
    for _ in range(count):
        FindingFactory(audit=AuditFactory(project=project, people=[auditor]), recorded_by=auditor)
    client.force_login(member(project, Role.PROJECT_MANAGER))
    address = reverse("quality:audit_list", args=[project.key])
    client.get(address)
    with django_assert_max_num_queries(10):
        response = client.get(address)
    assert len(response.context["page"].rows) == min(count, 50)


@pytest.mark.parametrize("count", [1, 100])
def test_audit_and_finding_cost_the_same_queries(client, django_assert_max_num_queries, manager, audit, count):
    first = FindingFactory(audit=audit)
    for _ in range(count):
        ActionFactory(finding=FindingFactory(audit=audit), owner=manager)
        ActionFactory(finding=first, owner=manager)
    for address in (audit.get_absolute_url(), first.get_absolute_url()):
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("name", ["audit_shared", "audit_sharing"])
def test_what_is_shared_costs_the_same_queries(client, django_assert_max_num_queries, manager, audit, name, count):
    for _ in range(count):
        audits.share(audit.pk, DefectFactory(project=audit.project), by=manager)
    client.get(url(name, audit))
    with django_assert_max_num_queries(10):
        response = client.get(url(name, audit), {"kind": "quality.defect"})
    assert len(response.context["page"].rows) == min(count, 50)


def test_audit_list_answers_htmx_with_the_table_alone(client, manager, audit):
    response = client.get(reverse("quality:audit_list", args=[audit.project.key]), headers=HTMX)
    assert response.content.decode().startswith('<div id="audit-table">')


def test_the_manager_plans_an_audit_and_is_led_to_what_is_shared(client, manager, audit):
    data = {
        "title": "Testing",
        "standard": "ISO 9001:2015 8.3.4",
        "scope": "UAT",
        "people": [audit.auditor.pk],
        "starts_on": "2026-07-01",
        "ends_on": "2026-07-03",
        "audience": "team",
    }
    response = client.post(reverse("quality:audit_create", args=[audit.project.key]), data)
    planned = Audit.objects.get(title="Testing")
    assert response.url == url("audit_sharing", planned)
    assert list(planned.access.people.all()) == [audit.auditor]


def test_audit_form_refuses_an_end_before_the_start(client, manager, audit):
    data = {"title": "T", "standard": "S", "scope": "S", "people": [audit.auditor.pk], "audience": "team"}
    response = client.post(url("audit_edit", audit), data | {"starts_on": "2026-07-02", "ends_on": "2026-07-01"})
    assert response.context["form"].errors == {"ends_on": ["It cannot end before it starts."]}


def test_sharing_answers_htmx_with_the_row_and_what_the_auditors_see(client, manager, audit):
    defect = DefectFactory(project=audit.project)
    address = url("audit_share", audit, "quality.defect", defect.pk)
    content = client.post(address, {"shared": "1"}, headers=HTMX).content.decode()
    assert content.startswith(f'<li id="thing-{defect.pk}">')
    assert "Shared for this audit" in content
    assert 'hx-swap-oob="true"' in content
    client.post(address, {"shared": "0"}, headers=HTMX)
    assert not SharedItem.objects.exists()


def test_sharing_finds_things_by_words_and_number(client, manager, audit):
    wanted = DefectFactory(project=audit.project, title="Rounding of tax")
    DefectFactory(project=audit.project, title="Colour of a button")
    for words in ("rounding", wanted.code):
        response = client.get(url("audit_sharing", audit), {"kind": "quality.defect", "q": words})
        assert response.context["page"].rows == [wanted]


def test_sharing_refuses_a_thing_of_another_project(client, manager, audit):
    foreign = DefectFactory()
    assert client.post(url("audit_share", audit, "quality.defect", foreign.pk), {"shared": "1"}).status_code == 404


def test_sharing_leaves_the_files_of_audits_out(client, manager, audit):
    AttachmentFactory(project=audit.project, target=FindingFactory(audit=audit))
    response = client.get(url("audit_sharing", audit), {"kind": "projects.attachment"})
    assert response.context["page"].rows == []


def test_the_preview_is_what_the_auditor_sees(client, manager, audit):
    defect = DefectFactory(project=audit.project)
    audits.share(audit.pk, defect, by=manager)
    seen = client.get(url("audit_shared", audit)).context["page"].rows
    client.force_login(audit.auditor)
    assert client.get(url("audit_shared", audit)).context["page"].rows == seen == [defect]


def test_an_audit_from_the_first_finding_to_its_end(client, audit):
    """Recorded by the auditor about what is shared, followed by the team, reported as a PDF, closed."""
    project, auditor = audit.project, audit.auditor
    manager, owner = member(project, Role.PROJECT_MANAGER), member(project, Role.ENGINEER)
    defect = DefectFactory(project=project, title="Tax is rounded wrongly")
    audits.share(audit.pk, defect, by=manager)

    client.force_login(auditor)
    client.post(
        url("finding_create", audit),
        {
            "grade": "major",
            "clause": "8.3.5",
            "statement": "Defects are closed without a retest",
            "evidence": "DF-001 has no result after its fix",
            "about": f"quality.defect:{defect.pk}",
            "uploads": proof(),
        },
    )
    finding = AuditFinding.objects.get()
    assert (finding.about, finding.attachments.count()) == (defect, 1)

    client.force_login(manager)
    plan = {"cause": "No rule", "action": "Write the rule", "owner": owner.pk, "due_on": "2026-07-01"}
    client.post(url("action_create", audit, 1), plan)
    client.force_login(owner)
    assert client.post(url("action_report", audit, 1, 1), {"text": "Written"}).status_code == 302
    assert CorrectiveAction.objects.get().state == ActionState.TO_DO  # no file, no proof
    client.post(url("action_report", audit, 1, 1), {"text": "Written", "uploads": proof()})

    client.force_login(auditor)
    client.post(url("audit_conclude", audit), {"conclusion": "The process conforms but for one thing."})
    client.post(url("action_verify", audit, 1, 1), {"text": ""})
    client.post(url("finding_close", audit, 1), {"remark": ""})
    client.post(url("audit_close", audit))
    audit.refresh_from_db()
    assert (audit.state, AuditFinding.objects.get().state) == (AuditState.CLOSED, FindingState.CLOSED)

    report = client.get(url("audit_report", audit))
    assert report.content.startswith(b"%PDF-")
    assert hashlib.sha256(report.content).hexdigest() == audit.report_sha256
    assert report["Content-Disposition"] == f'attachment; filename="{project.key}-AU-001.pdf"'
    assert client.get(defect.get_absolute_url()).status_code == 404


def test_finding_form_offers_only_what_is_shared(client, audit):
    shared, hidden = DefectFactory(project=audit.project), DefectFactory(project=audit.project)
    audits.share(audit.pk, shared, by=audit.created_by)
    client.force_login(audit.auditor)
    data = {"grade": "minor", "clause": "8", "statement": "s", "evidence": "e", "about": f"quality.defect:{hidden.pk}"}
    response = client.post(url("finding_create", audit), data)
    assert list(response.context["form"].errors) == ["about"]
    assert not AuditFinding.objects.exists()


def test_a_customer_sees_an_audit_that_is_shared_and_what_it_found(client):
    finding = FindingFactory(audit__shared=True)
    client.force_login(member(finding.project, Role.SPONSOR))
    assert client.get(finding.get_absolute_url()).status_code == 200
    assert client.get(url("audit_shared", finding.audit)).status_code == 403


def test_another_auditor_of_the_project_finds_no_such_audit(client):
    finding = FindingFactory(audit__state=AuditState.OPEN)
    client.force_login(AuditFactory(project=finding.project).auditor)
    for address in (finding.audit.get_absolute_url(), finding.get_absolute_url()):
        assert client.get(address).status_code == 404


def test_a_file_of_an_audit_is_served_with_its_audit_alone(client, manager):
    finding, other = FindingFactory(), FindingFactory()
    file = AttachmentFactory(project=finding.project, target=finding)
    client.force_login(finding.recorded_by)
    response = client.get(url("audit_file", finding.audit, file.pk))
    assert response.getvalue() == b"hello"
    client.force_login(other.recorded_by)
    assert client.get(url("audit_file", other.audit, file.pk)).status_code == 404


def test_a_refused_step_says_why(client):
    finding = FindingFactory(audit__state=AuditState.REPORTED)
    client.force_login(finding.recorded_by)
    response = client.post(url("audit_close", finding.audit), follow=True)
    assert "AU-001 has open findings: F-01. Close them first." in response.content.decode()
