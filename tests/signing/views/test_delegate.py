import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from notices.domain import sealing as outbox_sealing
from notices.models import Message
from projects.enums import Role
from signing.domain import links
from signing.models import Delegation
from tests.projects.factories import member
from tests.signing.factories import send, sign_next

pytestmark = pytest.mark.django_db


@pytest.fixture
def sponsor():
    request = send()
    sign_next(request)
    return request.signers.select_related("user", "request__project").get(order=2)


@pytest.fixture
def token(sponsor):
    return links.make_link(sponsor).strip("/").split("/")[-1]


@pytest.fixture
def deputy(sponsor):
    return member(sponsor.request.project, Role.KEY_USER, name="Dora Deputy")


def url(name, token):
    return reverse(f"signing:{name}", args=[token])


def data(user, **fields):
    until = timezone.localdate() + timedelta(days=3)
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7\nWe authorise")
    return {"user": user.pk, "reason": "On holiday", "valid_until": until.isoformat(), "letter": letter} | fields


def mailed_code(client, token, signer):
    client.post(url("delegate_code", token))
    message = Message.objects.filter(address=signer.user.email).latest("pk")
    return re.search(r"\b\d{6}\b", outbox_sealing.unseal(message.sealed_body)).group()


def test_delegate_with_a_code_ends_the_link_and_says_who_signs_now(client, sponsor, token, deputy):
    assert b"Dora Deputy" in client.get(url("delegate", token)).content
    code = mailed_code(client, token, sponsor)

    answer = client.post(url("delegate", token), data(deputy, code=code))

    assert b"Dora Deputy signs in your place" in answer.content
    assert Delegation.objects.get().letter.name == "letter.pdf"
    assert client.get(url("sign", token)).status_code == 410
    client.force_login(sponsor.request.sent_by)
    shown = client.get(sponsor.request.get_absolute_url()).content
    assert b"in place of Sam Sponsor" in shown
    assert b"letter.pdf" in shown


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "000000"}, "code"),
        ({"reason": " "}, "reason"),
        ({"letter": ""}, "letter"),
        ({"letter": SimpleUploadedFile("a.pdf", b"<script>")}, "letter"),
        ({"user": 999_999}, "user"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"valid_until": "2999-01-01"}, "valid_until"),
    ],
)
def test_delegate_refuses_what_is_incomplete(client, sponsor, token, deputy, fields, field):
    code = mailed_code(client, token, sponsor)
    fields = {"code": f"{(int(code) + 1) % 1_000_000:06d}"} if fields == {"code": "000000"} else fields
    answer = client.post(url("delegate", token), data(deputy, code=code) | fields)
    assert (answer.status_code, field in answer.context["form"].errors) == (200, True)
    assert not Delegation.objects.exists()


def test_delegate_takes_nobody_of_another_company(client, sponsor, token):
    client.force_login(sponsor.user)
    answer = client.post(url("delegate", token), data(sponsor.request.sent_by))
    assert "user" in answer.context["form"].errors


def test_asking_for_a_code_answers_with_its_field_alone(client, token):
    answer = client.post(url("delegate_code", token), headers={"HX-Request": "true"})
    assert answer.content.strip().startswith(b'<div id="code"')


def test_get_changes_nothing(client, sponsor, token):
    client.get(url("delegate", token))
    assert not Delegation.objects.exists()
    assert client.get(url("delegate_code", token)).status_code == 405


def test_the_delegate_is_told_for_whom_they_sign_and_cannot_pass_it_on(client, sponsor, token, deputy):
    client.force_login(sponsor.user)
    client.post(url("delegate", token), data(deputy))
    given = Delegation.objects.get()
    client.logout()
    theirs = links.make_link(given.delegate).strip("/").split("/")[-1]
    client.post(url("sign_open", theirs))
    shown = client.get(url("sign", theirs)).content
    assert b"Sam Sponsor has named you to sign in their place" in shown
    assert b"Somebody else shall sign" not in shown
    assert client.get(url("delegate", theirs)).status_code == 302
