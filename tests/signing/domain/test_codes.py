import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notices.domain import sealing
from notices.models import Message
from signing.domain import codes
from signing.domain.errors import CodeExpired, CodeLocked, CodeWrong, TooManyAttempts, TooManyCodes
from signing.models import FailedAttempt, SigningCode
from tests.projects.factories import ProjectFactory
from tests.signing.factories import row

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"


@pytest.fixture
def signer():
    return row(ProjectFactory()).signers.select_related("request__project", "user").get()


def mailed_code(signer):
    codes.send_code(signer.pk)
    message = Message.objects.filter(address=signer.user.email).latest("pk")
    return re.search(r"\b\d{6}\b", sealing.unseal(message.sealed_body)).group()


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_use_code_works_once(signer):
    code = mailed_code(signer)
    codes.use_code(signer, f" {code[:3]} {code[3:]} ", address=HERE)
    with pytest.raises(CodeExpired):
        codes.use_code(signer, code, address=HERE)


def test_a_code_is_kept_as_a_keyed_hash(signer):
    code = mailed_code(signer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code_hash FROM signing_signingcode")
        (kept,) = cursor.fetchone()
    assert kept == codes.code_hash(signer.pk, code) != code
    assert not Message.objects.filter(body__contains=code).exists()


def test_a_code_is_locked_by_five_wrong_attempts(signer):
    code = mailed_code(signer)
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong, match=f"left: {left}"):
            codes.use_code(signer, wrong(code), address=HERE)
    with pytest.raises(CodeLocked):
        codes.use_code(signer, wrong(code), address=HERE)
    with pytest.raises(CodeLocked):
        codes.use_code(signer, code, address=HERE)  # right, and too late
    assert SigningCode.objects.get().failures == 5


def test_a_new_code_works_after_a_locked_one(signer):
    code = mailed_code(signer)
    for _ in range(5):
        with pytest.raises((CodeWrong, CodeLocked)):
            codes.use_code(signer, wrong(code), address=HERE)
    codes.use_code(signer, mailed_code(signer), address=HERE)


def test_a_code_ends_after_ten_minutes_and_with_the_next_code(signer):
    first = mailed_code(signer)
    second = mailed_code(signer)
    if first != second:
        with pytest.raises(CodeWrong):
            codes.use_code(signer, first, address=HERE)
    SigningCode.objects.update(expires_at=timezone.now())
    with pytest.raises(CodeExpired):
        codes.use_code(signer, second, address=HERE)


def test_an_address_is_refused_after_twenty_wrong_codes_whoever_they_were_for(signer):
    other = row(ProjectFactory()).signers.get()
    now = timezone.now()
    FailedAttempt.objects.bulk_create(FailedAttempt(signer=other, address=HERE, at=now) for _ in range(20))
    code = mailed_code(signer)
    with pytest.raises(TooManyAttempts):
        codes.use_code(signer, code, address=HERE)
    codes.use_code(signer, code, address="198.51.100.1")


def test_send_code_stops_after_six_within_the_hour(signer):
    for _ in range(6):
        codes.send_code(signer.pk)
    with pytest.raises(TooManyCodes):
        codes.send_code(signer.pk)
    SigningCode.objects.update(created_at=timezone.now() - timedelta(hours=1))
    codes.send_code(signer.pk)
