from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain import api_tokens
from accounts.models import ApiToken
from audit.domain import trail
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_create_keeps_only_a_hash():
    token, secret = api_tokens.create(UserFactory(), name="Import")

    assert secret.startswith("lf_")
    assert secret not in [str(value) for value in ApiToken.objects.values().get().values()]
    assert secret[:8] == token.prefix
    assert "token_hash" not in trail.entries_for(token).get().changes


def test_person_of_a_valid_token():
    user = UserFactory()
    _token, secret = api_tokens.create(user, name="Import", expires_on=timezone.now().date())

    assert api_tokens.person_of(secret) == user


@pytest.mark.parametrize("secret", ["", "lf_unknown", "\u0000"])
def test_person_of_an_unknown_token(secret):
    assert api_tokens.person_of(secret) is None


def test_person_of_an_expired_token():
    yesterday = timezone.now().date() - timedelta(days=1)
    _token, secret = api_tokens.create(UserFactory(), name="Import", expires_on=yesterday)

    assert api_tokens.person_of(secret) is None


def test_person_of_a_revoked_token():
    user = UserFactory()
    token, secret = api_tokens.create(user, name="Import")

    api_tokens.revoke(token, by=user)
    api_tokens.revoke(token, by=user)

    assert api_tokens.person_of(secret) is None
    assert [entry.action for entry in trail.entries_for(token)] == ["create", "revoke"]


def test_person_of_a_leavers_token():
    user = UserFactory()
    _token, secret = api_tokens.create(user, name="Import")
    user.is_active, user.deactivated_at = False, timezone.now()
    user.save()

    assert api_tokens.person_of(secret) is None


def test_person_of_notes_the_use_once_a_minute(django_assert_num_queries):
    _token, secret = api_tokens.create(UserFactory(), name="Import")

    with django_assert_num_queries(2):
        api_tokens.person_of(secret)
    first = ApiToken.objects.get().last_used_at
    with django_assert_num_queries(1):
        api_tokens.person_of(secret)
    assert ApiToken.objects.get().last_used_at == first

    ApiToken.objects.update(last_used_at=first - timedelta(minutes=1))
    api_tokens.person_of(secret)
    assert ApiToken.objects.get().last_used_at >= first
