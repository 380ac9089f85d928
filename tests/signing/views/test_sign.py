import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from notices.domain import sealing as outbox_sealing
from notices.models import Message
from signing.domain import links, requests, sealing
from signing.enums import RequestState
from signing.models import SignatureRequest, Signer, SigningCode, SigningLink
from tests.accounts.factories import UserFactory
from tests.signing.factories import BY_CODE, ZIGZAG, send, sign_next, signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_sent():
    return send()


@pytest.fixture
def signer(request_sent):
    return request_sent.signers.select_related("user").get(order=1)


@pytest.fixture
def token(signer):
    return links.make_link(signer).strip("/").split("/")[-1]


def url(name, token):
    return reverse(f"signing:{name}", args=[token])


def typed(**fields):
    return {"decision": "accept", "method": "typed", "name": "Petra Manager", "consent": "on"} | fields


def mailed_code(client, token, signer):
    client.post(url("sign_code", token))
    message = Message.objects.filter(address=signer.user.email).latest("pk")
    return re.search(r"\b\d{6}\b", outbox_sealing.unseal(message.sealed_body)).group()


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (SignatureRequest, Signer, SigningLink, SigningCode, Entry, Message)
    ]


@pytest.mark.parametrize("name", ["sign", "sign_state", "sign_body", "sign_sealed"])
def test_get_changes_nothing(client, token, name):
    before = everything()
    client.get(url(name, token))
    client.head(url(name, token))
    assert everything() == before


@pytest.mark.parametrize("name", ["sign_open", "sign_code", "sign_decide", "sign_renew"])
def test_what_changes_something_is_a_post(client, token, name):
    assert client.get(url(name, token)).status_code == 405


def test_the_text_is_shown_once_the_person_opened_it(client, signer, token):
    assert b"Answers within 2 seconds" not in client.get(url("sign", token)).content
    answer = client.post(url("sign_open", token), follow=True)
    assert b"Answers within 2 seconds" in answer.content
    signer.refresh_from_db()
    assert signer.opened_at


def test_pages_of_a_link_are_not_kept_by_the_browser(client, token):
    assert "no-store" in client.get(url("sign", token))["Cache-Control"]


def test_typed_signature_with_a_code_works_without_scripts(client, signer, token):
    client.post(url("sign_open", token))
    code = mailed_code(client, token, signer)

    answer = client.post(url("sign_decide", token), typed(code=code), follow=True)

    signer.refresh_from_db()
    assert (signer.method, signer.identification, signer.name) == ("typed", "code", "Petra Manager")
    assert b"You have signed" in answer.content


def test_drawn_signature_of_a_signed_in_person_needs_no_code(client, signer, token):
    client.force_login(signer.user)
    strokes = json.dumps({"width": 600, "height": 200, **ZIGZAG})
    client.post(url("sign_decide", token), typed(method="drawn", strokes=strokes))
    signer.refresh_from_db()
    assert (signer.method, signer.identification, signer.strokes) == ("drawn", "account", ZIGZAG)


def test_another_persons_account_does_not_stand_for_the_signer(client, signer, token):
    client.force_login(UserFactory())
    answer = client.post(url("sign_decide", token), typed())
    signer.refresh_from_db()
    assert signer.signed_at is None
    assert "code" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"decision": ""}, "decision"),
        (typed(name=""), "name"),
        (typed(consent=""), "consent"),
        (typed(method="drawn"), "strokes"),
        (typed(method="drawn", strokes='{"width":600,"height":200,"strokes":[[[1,1],[300,1]]]}'), "strokes"),
        (typed(code="12"), "code"),
        ({"decision": "decline", "reason": " "}, "reason"),
    ],
)
def test_an_incomplete_decision_is_answered_with_its_errors_and_burns_no_code(client, signer, token, data, field):
    client.post(url("sign_open", token))
    data = {"code": mailed_code(client, token, signer)} | data
    answer = client.post(url("sign_decide", token), data)
    assert (answer.status_code, field in answer.context["form"].errors) == (200, True)
    signer.refresh_from_db()
    assert signer.signed_at is None
    assert SigningCode.objects.get().used_at is None


def test_a_wrong_code_is_counted_and_said(client, signer, token):
    client.post(url("sign_open", token))
    code = mailed_code(client, token, signer)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        answer = client.post(url("sign_decide", token), typed(code=wrong))
    assert b"this code is locked" in answer.content
    answer = client.post(url("sign_decide", token), typed(code=code))
    assert b"this code is locked" in answer.content
    assert SigningCode.objects.get().failures == 5


def test_asking_for_a_code_keeps_what_was_typed(client, signer, token):
    client.post(url("sign_open", token))
    answer = client.post(url("sign_code", token), typed(name="Petra M."))
    assert answer.context["form"]["name"].value() == "Petra M."
    answer = client.post(url("sign_code", token), headers={"HX-Request": "true"})
    assert answer.content.strip().startswith(b'<div id="code"')


def test_decline_asks_once_more_and_then_closes(client, request_sent, signer, token):
    client.force_login(signer.user)
    data = {"decision": "decline", "reason": "Data is not complete"}
    assert b"Declining is final" in client.post(url("sign_decide", token), data).content
    request_sent.refresh_from_db()
    assert request_sent.state == RequestState.SENT

    answer = client.post(url("sign_decide", token), data | {"confirmed": "1"}, follow=True)

    request_sent.refresh_from_db()
    assert (request_sent.state, request_sent.closing_reason) == (RequestState.DECLINED, "Data is not complete")
    assert b"Nothing was signed" in answer.content


def test_a_double_click_gives_one_signature_and_the_receipt(client, signer, token):
    client.force_login(signer.user)
    client.post(url("sign_decide", token), typed())
    answer = client.post(url("sign_decide", token), typed(name="Other"), follow=True)
    assert b"You have already signed" in answer.content
    signer.refresh_from_db()
    assert signer.name == "Petra Manager"


def test_a_signature_after_a_decline_is_refused_with_a_clear_message(client, token):
    parallel = send(parallel=True)
    one, other = parallel.signers.select_related("user").order_by("side")
    links_of = {s.pk: links.make_link(s).strip("/").split("/")[-1] for s in (one, other)}
    client.force_login(one.user)
    decline = {"decision": "decline", "reason": "No", "confirmed": "1"}
    client.post(url("sign_decide", links_of[one.pk]), decline)
    client.force_login(other.user)
    answer = client.post(url("sign_decide", links_of[other.pk]), typed(), follow=True)
    assert b"can no longer be done" in answer.content
    assert parallel.signers.unsigned().count() == 2


def test_the_next_signer_is_told_to_wait_by_an_early_link(client, request_sent):
    second = request_sent.signers.get(order=2)
    early = links.make_link(second).strip("/").split("/")[-1]
    assert b"Not your turn yet" in client.get(url("sign", early)).content


def test_the_receipt_polls_from_signed_to_sealed(client, request_sent, signer, token):
    sign_next(request_sent)
    assert b"Waiting for the others" in client.get(url("sign", token)).content
    sign_next(request_sent)
    answer = client.get(url("sign_state", token))
    assert b"hx-trigger" in answer.content
    assert client.get(url("sign_sealed", token)).status_code == 302

    sealing.seal_and_deliver(request_sent.pk)

    answer = client.get(url("sign_state", token))
    assert b"hx-trigger" not in answer.content
    assert request_sent.sealed_file.sha256.encode() in answer.content
    assert client.get(url("sign_sealed", token)).content.startswith(b"%PDF-")


def test_an_expired_link_offers_a_new_one_to_the_signers_own_address(client, signer, token):
    SigningLink.objects.update(expires_at=timezone.now(), created_at=timezone.now() - timedelta(days=7))
    answer = client.get(url("sign", token))
    assert (answer.status_code, b"Send me a new link" in answer.content) == (410, True)
    assert client.post(url("sign_decide", token), typed()).status_code == 410

    answer = client.post(url("sign_renew", token))

    assert signer.user.email.encode() not in answer.content
    mail = Message.objects.filter(channel="email").latest("pk")
    assert (mail.address, "/sign/" in outbox_sealing.unseal(mail.sealed_body)) == (signer.user.email, True)


def test_a_link_to_what_is_closed_says_what_became_of_it(client, request_sent, token):
    requests.void(request_sent.pk, by=None, reason="Wrong annex")
    answer = client.get(url("sign", token))
    assert b"was withdrawn" in answer.content
    assert b"Wrong annex" in answer.content
    SigningLink.objects.update(expires_at=timezone.now())
    count = Message.objects.count()
    assert b"Nothing waits" in client.get(url("sign", token)).content
    client.post(url("sign_renew", token))
    assert Message.objects.count() == count


def test_a_foreign_link_asks_for_the_address_and_tells_nobody_whether_it_is_known(client, signer):
    answer = client.get(url("sign", "x" * 43))
    assert (answer.status_code, b"We do not know this link" in answer.content) == (404, True)
    SigningLink.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    answers = []
    for email in (signer.user.email, "nobody@example.com"):
        answer = client.post(reverse("signing:link_request"), {"email": email}).content.decode()
        answers.append(re.sub(r"[A-Za-z0-9]{64}", "", answer.replace(email, "")))  # but for the page's own token
    assert answers[0] == answers[1]
    assert Message.objects.filter(subject__startswith="Your new link", channel="email").count() == 1


def test_the_page_speaks_the_signers_language(client, signer, token):
    signer.user.language = "zh-hans"
    signer.user.save()
    assert client.get(url("sign", token)).context["LANGUAGE_CODE"] == "zh-hans"


def test_signing_costs_the_same_queries_with_one_signer_or_ten(client, token, django_assert_max_num_queries):
    client.post(url("sign_open", token))
    with django_assert_max_num_queries(12):
        client.get(url("sign", token))


def test_signature_of_the_last_signer_is_the_last_word(request_sent):
    """Two people at once: the second finds the state that the first has left."""
    from signing.domain import signatures
    from signing.domain.errors import SigningRefusal

    one, two = request_sent.signers.order_by("order")
    signatures.sign(one.pk, signature(), BY_CODE)
    signatures.sign(two.pk, signature(), BY_CODE)
    for late in (one, two):
        with pytest.raises(SigningRefusal):
            signatures.decline(late.pk, "too late", BY_CODE)
    request_sent.refresh_from_db()
    assert request_sent.state == RequestState.SIGNED
