import pytest
from django.urls import reverse

from accounts.domain import api_tokens
from accounts.models import ApiToken
from audit.domain import trail
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

PREFERENCES = reverse("accounts:preferences")
TOKENS = reverse("accounts:token_list")
LANGUAGE = reverse("accounts:language")


@pytest.fixture
def user(client):
    user = UserFactory(name="Li Ming")
    client.force_login(user)
    return user


def test_preferences_save_and_are_recorded(client, user):
    data = {
        "name": "Li Ming",
        "language": "zh-hans",
        "time_zone": "Asia/Shanghai",
        "theme": "dark",
        "letter_keys": "on",
    }

    client.post(PREFERENCES, data)

    user.refresh_from_db()
    assert (user.language, user.theme) == ("zh-hans", "dark")
    assert trail.entries_for(user).get().changes == {"language": ["en", "zh-hans"], "theme": ["auto", "dark"]}


def test_preferences_switch_the_letter_keys_off_and_the_pages_say_so(client, user):
    client.post(PREFERENCES, {"name": "Li Ming", "language": "en", "time_zone": "UTC", "theme": "auto"})

    user.refresh_from_db()
    assert not user.letter_keys
    assert 'data-lf-letters="off"' in client.get(PREFERENCES).content.decode()


def test_preferences_of_a_customer_have_no_keys(client):
    client.force_login(UserFactory(of_customer=True))

    assert "letter_keys" not in client.get(PREFERENCES).context["form"].fields


def test_preferences_page_speaks_the_new_language_at_once(client, user):
    data = {"name": "Li Ming", "language": "zh-hans", "time_zone": "Asia/Shanghai", "theme": "auto"}

    page = client.post(PREFERENCES, data, follow=True).content.decode()

    assert 'lang="zh-Hans"' in page


def test_preferences_that_are_wrong_change_nothing(client, user):
    page = client.post(PREFERENCES, {"name": "", "language": "fr", "time_zone": "Mars", "theme": "auto"})

    assert page.status_code == 200
    user.refresh_from_db()
    assert user.name == "Li Ming"


def test_preferences_cannot_make_an_administrator(client, user):
    data = {"name": "Li", "language": "en", "time_zone": "UTC", "theme": "auto", "is_administrator": "on"}

    client.post(PREFERENCES, data)

    user.refresh_from_db()
    assert not user.is_administrator


def test_language_is_kept_with_the_person_and_the_page_stays(client, user):
    response = client.post(LANGUAGE, {"language": "zh-hans", "next": "/preferences/tokens/?a=1"})

    assert response["Location"] == "/preferences/tokens/?a=1"
    user.refresh_from_db()
    assert user.language == "zh-hans"


def test_language_of_a_stranger_is_kept_in_a_cookie(client):
    client.post(LANGUAGE, {"language": "zh-hans"})

    assert 'lang="zh-Hans"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_language_leads_nowhere_else(client, target):
    assert client.post(LANGUAGE, {"language": "en", "next": target})["Location"] == "/"


def test_language_that_is_unknown_changes_nothing(client, user):
    client.post(LANGUAGE, {"language": "xx"})

    user.refresh_from_db()
    assert user.language == "en"


def test_theme_is_kept_with_the_person(client, user):
    client.post(reverse("accounts:theme"), {"theme": "dark", "next": TOKENS})

    user.refresh_from_db()
    assert user.theme == "dark"


def test_token_is_shown_once(client, user):
    made = client.post(TOKENS, {"name": "Import"})

    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert secret not in client.get(TOKENS).content.decode()
    assert api_tokens.person_of(secret) == user


def test_token_that_has_expired_already_is_refused(client, user):
    client.post(TOKENS, {"name": "Import", "expires_on": "2020-01-01"})

    assert not ApiToken.objects.exists()


def test_token_revoke(client, user):
    token, secret = api_tokens.create(user, name="Import")

    client.post(reverse("accounts:token_revoke", args=[token.pk]))

    assert api_tokens.person_of(secret) is None
    assert "Import" not in client.get(TOKENS).context["tokens"].values_list("name", flat=True)


def test_token_of_somebody_else_does_not_exist(client, user):
    token, _secret = api_tokens.create(UserFactory(), name="Theirs")

    assert client.post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 404
    assert token.name not in client.get(TOKENS).content.decode()
