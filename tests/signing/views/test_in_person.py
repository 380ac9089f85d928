import re

import pytest
from django.urls import reverse

from common import pdf
from notices.domain import sealing as outbox_sealing
from notices.models import Message
from projects.enums import Role
from signing.domain import documents, sealing
from signing.enums import RequestState
from tests.projects.factories import member
from tests.signing.factories import send, sign_next

pytestmark = pytest.mark.django_db


@pytest.fixture
def sponsor():
    request = send()
    sign_next(request)
    return request.signers.select_related("user", "request__project").get(order=2)


@pytest.fixture
def host(client, sponsor):
    user = member(sponsor.request.project, Role.CONSULTANT, name="Hana Host")
    client.force_login(user)
    return user


def url(signer, name="in_person"):
    document = signer.request
    return reverse(f"signing:{name}", args=[document.project.key, document.number, document.version, signer.pk])


def accept(**fields):
    return {"decision": "accept", "method": "typed", "name": "Sam Sponsor", "consent": "on"} | fields


def mailed_code(client, signer):
    answer = client.post(url(signer, "in_person_code"))
    message = Message.objects.filter(address=signer.user.email).latest("pk")
    code = re.search(r"\b\d{6}\b", outbox_sealing.unseal(message.sealed_body)).group()
    assert code.encode() not in answer.content
    return code


def test_a_signer_signs_on_the_hosts_device_by_a_code_sent_to_themselves(client, sponsor, host):
    client.post(url(sponsor, "in_person_open"))
    assert b"This is a device of Hana Host" in client.get(url(sponsor)).content
    code = mailed_code(client, sponsor)

    answer = client.post(url(sponsor, "in_person_decide"), accept(code=code), follow=True)

    sponsor.refresh_from_db()
    assert (sponsor.identification, sponsor.host, sponsor.name) == ("code", host, "Sam Sponsor")
    assert b"in person, on the device of Hana Host" in answer.content
    sealing.seal_and_deliver(sponsor.request_id)
    text = pdf.extract_text(documents.read(sponsor.request.sealed_file.file))
    assert "Signedinperson,onthedeviceofHanaHost" in "".join(text.split())


def test_the_hosts_own_account_is_not_the_signers(client, sponsor, host):
    client.post(url(sponsor, "in_person_open"))
    answer = client.post(url(sponsor, "in_person_decide"), accept())
    assert "code" in answer.context["form"].errors
    answer = client.post(url(sponsor, "in_person_decide"), accept(code="000000"))
    assert "code" in answer.context["form"].errors
    sponsor.refresh_from_db()
    assert sponsor.signed_at is None


def test_a_signer_declines_in_person_after_being_asked_once_more(client, sponsor, host):
    data = {"decision": "decline", "reason": "Not complete", "code": mailed_code(client, sponsor)}
    assert b"Declining is final" in client.post(url(sponsor, "in_person_decide"), data).content
    client.post(url(sponsor, "in_person_decide"), data | {"confirmed": "1"})
    sponsor.request.refresh_from_db()
    assert sponsor.request.state == RequestState.DECLINED


def test_nobody_hosts_their_own_signature(client):
    request = send()
    manager = request.signers.select_related("user", "request__project").get(order=1)
    client.force_login(manager.user)
    assert client.get(url(manager)).status_code == 404


def test_nobody_hosts_before_the_turn_or_after_the_end(client, sponsor, host):
    early = send(project=sponsor.request.project, manager=sponsor.request.sent_by, sponsor=sponsor.user)
    assert client.get(url(early.signers.get(order=2))).status_code == 404
    sign_next(sponsor.request)
    assert client.get(url(sponsor)).status_code == 404


def test_asking_for_a_code_answers_with_its_field_alone(client, sponsor, host):
    answer = client.post(url(sponsor, "in_person_code"), headers={"HX-Request": "true"})
    assert answer.content.strip().startswith(b'<div id="code"')
