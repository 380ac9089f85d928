import pytest
from django.urls import reverse

from notices.models import Message
from projects.enums import Audience, Role
from signing.domain import documents, evidence
from signing.enums import RequestState
from tests.projects.factories import ProjectFactory, member
from tests.signing.factories import row, sealed, send

pytestmark = pytest.mark.django_db


def page(name, document, **args):
    kwargs = {"project_key": document.project.key, "number": document.number, "version": document.version}
    return reverse(f"signing:{name}", kwargs=kwargs | args)


@pytest.mark.parametrize("count", [1, 100])
def test_document_list_costs_the_same_queries(client, django_assert_max_num_queries, count):
    project = ProjectFactory()
    for _ in range(count):
        row(project)
    client.force_login(member(project, Role.PROJECT_MANAGER))
    client.get(reverse("signing:document_list", args=[project.key]))
    with django_assert_max_num_queries(10):
        answer = client.get(reverse("signing:document_list", args=[project.key]))
    assert len(answer.context["page"].rows) == min(count, 50)


def test_document_list_answers_htmx_with_the_table_alone(client):
    project = ProjectFactory()
    client.force_login(member(project, Role.PROJECT_MANAGER))
    answer = client.get(reverse("signing:document_list", args=[project.key]), headers={"HX-Request": "true"})
    assert answer.content.strip().startswith(b'<div id="documents"')


def test_document_list_filters_by_words_and_state(client):
    project = ProjectFactory()
    row(project, title="Scope of phase one")
    row(project, title="Another")
    client.force_login(member(project, Role.PROJECT_MANAGER))
    url = reverse("signing:document_list", args=[project.key])
    assert [d.title for d in client.get(url, {"q": "phase"}).context["page"].rows] == ["Scope of phase one"]
    assert client.get(url, {"state": "declined"}).context["page"].rows == []


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.CONSULTANT, 3), (Role.SPONSOR, 2), (Role.KEY_USER, 2), (Role.AUDITOR, 1)]
)
def test_document_list_shows_what_exists_for_the_role(client, role, shown):
    project = ProjectFactory()
    row(project, audience=Audience.TEAM)
    row(project)
    row(project, shared_for_audit=True)
    client.force_login(member(project, role))
    answer = client.get(reverse("signing:document_list", args=[project.key]))
    assert len(answer.context["page"].rows) == shown


def test_document_detail_shows_signers_trail_and_verification(client, django_assert_max_num_queries):
    document = sealed()
    client.force_login(document.sent_by)
    client.get(page("document_detail", document))
    with django_assert_max_num_queries(12):
        answer = client.get(page("document_detail", document))
    text = answer.content.decode()
    for shown in ("Petra Manager", "Sam Sponsor", "Signed by all", document.sealed_file.sha256, "/verify/"):
        assert shown in text


def test_document_detail_is_hidden_from_a_customer_while_it_is_for_the_team(client):
    document = row(ProjectFactory(), audience=Audience.TEAM)
    client.force_login(member(document.project, Role.SPONSOR))
    for name in ("document_detail", "document_body"):
        assert client.get(page(name, document)).status_code == 404


def test_document_sealed_is_a_download(client):
    document = sealed()
    client.force_login(document.signers.get(order=2).user)
    answer = client.get(page("document_sealed", document))
    assert answer.content == documents.read(document.sealed_file.file)
    assert answer["Content-Disposition"] == f'attachment; filename="{document.number}-v1.pdf"'
    assert "no-store" in answer["Cache-Control"]


def test_document_sign_leads_the_signer_to_their_own_page(client):
    document = send()
    first, second = document.signers.select_related("user").order_by("order")
    client.force_login(first.user)
    answer = client.post(page("document_sign", document))
    assert answer.url.startswith("/sign/")
    client.force_login(second.user)
    assert client.post(page("document_sign", document)).url == document.get_absolute_url()
    client.force_login(member(document.project, Role.CONSULTANT))
    assert client.post(page("document_sign", document)).status_code == 404


def test_document_void_asks_for_a_reason_and_withdraws(client):
    document = send()
    client.force_login(document.sent_by)
    answer = client.post(page("document_void", document), {"reason": " "})
    assert "reason" in answer.context["void_form"].errors
    client.post(page("document_void", document), {"reason": "Wrong annex"})
    document.refresh_from_db()
    assert (document.state, document.closed_by) == (RequestState.VOIDED, document.sent_by)
    answer = client.post(page("document_void", document), {"reason": "Again"}, follow=True)
    assert b"can no longer be done" in answer.content


def test_signer_remind_mails_once_and_says_when_nothing_waits(client):
    document = send()
    first, second = document.signers.select_related("user").order_by("order")
    client.force_login(document.sent_by)
    client.post(page("signer_remind", document, signer_id=first.pk))
    assert Message.objects.filter(subject__startswith="Reminder", channel="email").count() == 1
    answer = client.post(page("signer_remind", document, signer_id=second.pk), follow=True)
    assert b"Nothing waits for" in answer.content


def test_document_audit_shows_a_signed_document_to_auditors_and_nothing_else_until_taken_back(client):
    document = sealed()
    row(document.project)
    manager, auditor = document.sent_by, member(document.project, Role.AUDITOR)
    listing = reverse("signing:document_list", args=[document.project.key])
    for data, answers, listed in (({"share": "1"}, 200, [document.pk]), ({}, 404, [])):
        client.force_login(manager)
        client.post(page("document_audit", document), data)
        client.force_login(auditor)
        for name in ("document_detail", "document_body", "document_sealed"):
            assert client.get(page(name, document)).status_code == answers
        assert [found.pk for found in client.get(listing).context["page"].rows] == listed
    assert [event.action for event in evidence.events(document)][-2:] == ["Shown to auditors", "Hidden from auditors"]


def test_document_audit_refuses_what_is_not_signed_by_everyone(client):
    document = row(ProjectFactory())
    client.force_login(member(document.project, Role.PROJECT_MANAGER))
    answer = client.post(page("document_audit", document), {"share": "1"}, follow=True)
    assert b"not signed by everyone yet" in answer.content
    document.refresh_from_db()
    assert not document.shared_for_audit
