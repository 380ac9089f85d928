from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notices.models import Message
from signing.domain import links, requests
from signing.models import SigningLink
from tests.projects.factories import ProjectFactory
from tests.signing.factories import row, send

pytestmark = pytest.mark.django_db


def token_of(address):
    return address.strip("/").split("/")[-1]


def test_make_link_keeps_only_a_hash():
    signer = row(ProjectFactory()).signers.get()
    token = token_of(links.make_link(signer))

    assert len(token) >= 43  # 256 bits in base64
    assert links.find(token).signer == signer
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM signing_signinglink")
        assert token not in str(cursor.fetchall())


def test_token_is_nowhere_in_the_database_while_its_mail_waits():
    """Not in the trail, not in a notice, and in the outbox only encrypted."""
    request = send()
    link = SigningLink.objects.get(signer__request=request)
    assert Message.objects.filter(body__contains="/sign/").count() == 0
    assert Message.objects.filter(url__contains="/sign/").count() == 0
    assert len(link.token_hash) == 64


def test_find_knows_no_foreign_token():
    assert links.find("x" * 43) is None


def test_is_usable_ends_with_time_and_with_a_newer_link():
    request = send()
    signer = request.signers.get(order=1)
    signer.links.update(created_at=timezone.now() - timedelta(minutes=5))
    link = links.find(token_of(links.make_link(signer)))
    assert links.is_usable(link)

    SigningLink.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert links.renew(signer.pk)
    link.refresh_from_db()
    assert not links.is_usable(link)

    fresh = signer.links.order_by("-pk").first()
    assert links.is_usable(links.SigningLink.objects.get(pk=fresh.pk))
    fresh.expires_at = timezone.now()
    assert not links.is_usable(fresh)


def test_renew_goes_to_the_signers_own_address_and_not_twice_in_a_minute():
    request = send()
    signer = request.signers.get(order=1)
    SigningLink.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert links.renew(signer.pk)
    assert not links.renew(signer.pk)
    mails = Message.objects.filter(channel="email", address=signer.user.email).order_by("pk")
    subjects = mails.values_list("subject", flat=True)
    assert [subject.split(":")[0] for subject in subjects] == ["Please sign", "Your new link"]


def test_renew_for_address_mails_only_what_waits():
    request = send()
    first, second = request.signers.order_by("order")
    SigningLink.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    count = Message.objects.count()
    links.renew_for_address("nobody@example.com")
    links.renew_for_address(second.user.email)  # not asked yet
    assert Message.objects.count() == count
    links.renew_for_address(f" {first.user.email.upper()} ")
    assert Message.objects.count() == count + 2
    requests.void(request.pk, by=None, reason="x")
    count = Message.objects.count()
    links.renew_for_address(first.user.email)
    assert Message.objects.count() == count
