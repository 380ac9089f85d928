from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from common import sessions
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

RENEW = reverse("accounts:session_renew")
AGE = settings.SESSION_COOKIE_AGE


def age_by(client, seconds):
    """Let the sign-in of `client` be `seconds` old."""
    session = client.session
    session[sessions.ENDS_AT] -= seconds
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=AGE - seconds))


def test_a_page_knows_when_the_sign_in_ends(client):
    client.force_login(UserFactory())
    age_by(client, 1000)

    seconds = client.get(reverse("accounts:preferences")).context["session_seconds"]

    assert AGE - 1010 < seconds <= AGE - 1000


def test_session_renew_lets_the_sign_in_last_its_full_time_again(client):
    client.force_login(UserFactory())
    age_by(client, 1000)

    assert client.post(RENEW).json() == {"seconds": AGE}

    assert Session.objects.get().expire_date > timezone.now() + timedelta(seconds=AGE - 10)
    assert sessions.seconds_left(client.session, now=timezone.now()) > AGE - 10


def test_session_renew_brings_nobody_back_who_is_signed_out(client):
    assert client.post(RENEW).status_code == 302
    assert not Session.objects.exists()


def test_seconds_left_is_unknown_for_an_older_session_and_never_negative():
    now = timezone.now()
    assert sessions.seconds_left({}, now=now) is None
    assert sessions.seconds_left({sessions.ENDS_AT: now.timestamp() - 5}, now=now) == 0
