"""What an attacker tries on a signature request, one test each."""

import re
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from common.errors import Refusal
from notices.domain import sealing as outbox_sealing
from notices.models import Message
from projects.domain import attachments
from projects.enums import Role
from signing.domain import codes, links, requests
from signing.domain.errors import CodeExpired, CodeLocked, CodeWrong, SigningRefusal
from signing.enums import RequestState
from signing.models import Authority, SignatureRequest, Signer, SigningCode, SigningLink
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.signing.factories import PHASE_KIND, make_project, row, send

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"
ACCEPT = {"decision": "accept", "method": "typed", "name": "Mallory", "consent": "on"}


def token_of(signer):
    return links.make_link(signer).strip("/").split("/")[-1]


def page(name, token):
    return reverse(f"signing:{name}", args=[token])


def mailed_code(signer):
    codes.send_code(signer.pk)
    message = Message.objects.filter(address=signer.user.email).latest("pk")
    return re.search(r"\b\d{6}\b", outbox_sealing.unseal(message.sealed_body)).group()


def two_signers():
    request = send(parallel=True)
    return request.signers.select_related("user", "request__project").order_by("side")


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (SignatureRequest, Signer, SigningLink, SigningCode, Entry, Message)
    ]


def unsigned(request):
    return request.signers.unsigned().count()


def test_the_code_of_another_person_does_not_sign(client):
    mine, other = two_signers()
    code = mailed_code(other)
    mailed_code(mine)

    client.post(page("sign_decide", token_of(mine)), ACCEPT | {"code": code})

    assert unsigned(mine.request) == 2
    assert other.codes.get().failures == 0  # and their own code is still good


def test_the_token_of_another_person_does_not_sign_with_ones_own_account(client):
    mine, other = two_signers()
    client.force_login(mine.user)
    answer = client.post(page("sign_decide", token_of(other)), ACCEPT)
    assert (unsigned(mine.request), "code" in answer.context["form"].errors) == (2, True)


def test_the_code_of_another_document_of_the_same_person_does_not_sign(client):
    project, manager, sponsor = make_project()
    one, two = (send(project, manager, sponsor, phase=PhaseFactory(project=project, number=n)) for n in (1, 2))
    code = mailed_code(one.signers.get(order=1))
    signer = two.signers.get(order=1)
    mailed_code(signer)
    client.post(page("sign_decide", token_of(signer)), ACCEPT | {"code": code})
    assert unsigned(two) == 2


def test_a_token_is_nowhere_kept_shown_or_logged(client, caplog):
    request = send()
    signer = request.signers.select_related("user").get(order=1)
    token = token_of(signer)
    client.get(page("sign", token))
    client.force_login(request.sent_by)
    shown = client.get(request.get_absolute_url()).content.decode()
    kept = str(everything())
    assert [token in where for where in (shown, kept, caplog.text)] == [False, False, False]


@pytest.mark.django_db(transaction=True)
def test_a_code_guessed_in_parallel_is_locked_after_five(transactional_db):
    signer = row(ProjectFactory()).signers.select_related("request__project", "user").get()
    code = mailed_code(signer)
    guesses = [f"{(int(code) + n) % 1_000_000:06d}" for n in range(1, 13)]
    barrier, answers = Barrier(len(guesses)), []

    def guess(number, guessed):
        barrier.wait()
        try:
            codes.use_code(signer, guessed, address=f"198.51.100.{number}")  # each from another address
        except SigningRefusal as refusal:
            answers.append(type(refusal))
        finally:
            connections.close_all()

    run_all([Thread(target=guess, args=pair) for pair in enumerate(guesses)])

    assert (answers.count(CodeWrong), answers.count(CodeLocked)) == (4, 8)
    assert SigningCode.objects.get().failures == 5
    with pytest.raises(CodeLocked):
        codes.use_code(signer, code, address=HERE)


@pytest.mark.django_db(transaction=True)
def test_a_right_code_used_in_parallel_is_used_once(transactional_db):
    signer = row(ProjectFactory()).signers.select_related("request__project", "user").get()
    code, barrier, answers = mailed_code(signer), Barrier(6), []

    def use():
        barrier.wait()
        try:
            codes.use_code(signer, code, address=HERE)
            answers.append("used")
        except CodeExpired:
            answers.append("refused")
        finally:
            connections.close_all()

    run_all([Thread(target=use) for _ in range(6)])

    assert sorted(answers) == ["refused"] * 5 + ["used"]


def run_all(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_link_scanner_changes_nothing(client):
    """It follows links, asks for headers, and some press buttons: without a code nothing is signed or declined."""
    signer, _other = two_signers()
    token = token_of(signer)
    before = everything()
    for name in ("sign", "sign_state", "sign_body", "sign_sealed", "sign_open", "sign_code", "sign_decide"):
        for method in (client.get, client.head, client.options):
            method(page(name, token))
    assert everything() == before

    decline = {"decision": "decline", "reason": "x", "confirmed": "1"}
    for data in ({}, ACCEPT, ACCEPT | {"code": ""}, ACCEPT | {"code": "000000"}, decline, decline | {"code": "000000"}):
        client.post(page("sign_decide", token), data)

    request = SignatureRequest.objects.get(pk=signer.request_id)
    assert (request.state, unsigned(request)) == (RequestState.SENT, 2)


def test_another_site_cannot_press_the_buttons():
    signer, _other = two_signers()
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(signer.user)
    statuses = {
        visitor.post(page(name, token_of(signer)), ACCEPT).status_code
        for name in ("sign_open", "sign_code", "sign_decide", "sign_renew")
    }
    assert (statuses, unsigned(signer.request)) == ({403}, 2)


SCRIPT = b"<script>fetch('/sign/')</script>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("evidence.html", b"<!doctype html>" + SCRIPT),
        ("evidence.svg", b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"),
        ("evidence.png", b"<!doctype html>" + SCRIPT),
        ("../../evidence.html", SCRIPT),
    ],
)
def test_a_script_is_not_stored_as_an_attachment(name, content):
    project = ProjectFactory()
    with pytest.raises(Refusal):
        attachments.attach(PhaseFactory(project=project), SimpleUploadedFile(name, content), by=project.created_by)


def test_a_script_hidden_in_an_attachment_is_handed_out_as_a_download_that_runs_nowhere(client):
    project = ProjectFactory()
    manager = member(project, Role.PROJECT_MANAGER)
    content = b"%PDF-1.7\n" + SCRIPT
    file = attachments.attach(PhaseFactory(project=project), SimpleUploadedFile("a.pdf", content), by=manager)
    client.force_login(manager)
    answer = client.get(reverse("projects:attachment", args=[project.key, file.pk]))
    answer.close()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_script_in_what_people_write_is_shown_as_text(client):
    project, manager, sponsor = make_project()
    phase = PhaseFactory(project=project, name="<script>alert(1)</script>")
    request = send(project, manager, sponsor, phase=phase)
    requests.void(request.pk, by=manager, reason="<script>alert(2)</script>")
    client.force_login(manager)
    shown = client.get(request.get_absolute_url()).content
    assert (b"<script>alert" in shown, shown.count(b"&lt;script&gt;alert") >= 3) == (False, True)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_page_of_signing_redirects_to_another_site(client, target):
    signer, _other = two_signers()
    token = token_of(signer)
    client.force_login(signer.user)
    asked = [
        client.post(f"{page('sign_open', token)}?next={target}", {"next": target}),
        client.post(page("sign_decide", token), ACCEPT | {"next": target}),
        client.get(page("sign_sealed", token), {"next": target}),
        client.post(reverse("accounts:language"), {"language": "en", "next": target}),
        client.get(reverse("account_login"), {"next": target}),
    ]
    assert {answer.status_code for answer in asked} == {302}
    assert all(re.match(r"/(?![/\\])", answer["Location"]) and "evil" not in answer["Location"] for answer in asked)


def test_a_signer_sets_nothing_but_their_signature(client):
    signer, other = two_signers()
    client.force_login(signer.user)
    extra = {
        "meaning": "I approve nothing",
        "order": "9",
        "side": "customer" if signer.side == "vendor" else "vendor",
        "role": "sponsor",
        "user": other.user_id,
        "signed_at": "2020-01-01",
        "identification": "code",
        "address": "192.0.2.1",
        "email": "mallory@example.com",
        "organisation_name": "Another company",
        "consent_text": "nothing",
    }
    before = Signer.objects.values("meaning", "order", "side", "role", "user").get(pk=signer.pk)

    client.post(page("sign_decide", token_of(signer)), ACCEPT | extra)

    after = Signer.objects.get(pk=signer.pk)
    assert before == Signer.objects.values("meaning", "order", "side", "role", "user").get(pk=signer.pk)
    assert (after.identification, after.email, after.signed_at.year > 2020) == ("account", signer.user.email, True)
    assert (after.address, after.organisation_name) == ("127.0.0.1", signer.user.organisation.name)
    assert after.consent_text != "nothing"


def test_the_api_sets_nothing_but_what_it_names(client):
    project, other = ProjectFactory(), ProjectFactory()
    sponsor, named = member(project, Role.SPONSOR), member(project, Role.REPRESENTATIVE)
    client.force_login(sponsor)
    data = {"user": named.email, "kind": PHASE_KIND.code, "valid_until": "2027-01-01"}
    extra = {"project": other.pk, "granted_by": named.pk, "revoked_at": "2020-01-01T00:00:00Z", "id": 99}
    client.post(f"/api/v1/projects/{project.key}/authorities/", data | extra)
    held = Authority.objects.get()
    assert (held.project, held.granted_by, held.revoked_at, held.pk != 99) == (project, sponsor, None, True)
    document = row(project)
    for method in (client.post, client.put, client.patch, client.delete):
        answer = method(f"/api/v1/projects/{project.key}/documents/{document.pk}/", {"state": "delivered"})
        assert answer.status_code in {403, 405}
