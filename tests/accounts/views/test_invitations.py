from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.domain import invitations
from accounts.models import Invitation
from notices.models import Message
from tests.accounts.domain.test_invitations import expire, sent_token
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def link(user):
    invitations.send(user, by=UserFactory(name="Li Ming"))
    return reverse("accounts:invitation", args=[sent_token(user)])


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_get_shows_the_invitation_and_changes_nothing(client):
    url = link(UserFactory(of_customer=True))

    page = client.get(url).content.decode()

    assert "Li Ming" in page
    assert Invitation.objects.get().accepted_at is None
    assert signed_in(client) is None


def test_get_speaks_the_language_of_the_invited(client):
    page = client.get(link(UserFactory(of_customer=True, language="zh-hans"))).content.decode()

    assert 'lang="zh-Hans"' in page


def test_post_signs_a_customer_in_without_a_password(client):
    user = UserFactory(of_customer=True)
    url = link(user)

    response = client.post(url)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client) == str(user.pk)


def test_post_asks_the_vendors_people_for_a_password(client):
    user = UserFactory()
    url = link(user)

    assert client.post(url).status_code == 200
    assert client.post(url, {"password": "short"}).status_code == 200
    assert Invitation.objects.get().accepted_at is None

    client.post(url, {"password": "correct horse battery"})
    user.refresh_from_db()
    assert user.check_password("correct horse battery")
    assert signed_in(client) == str(user.pk)


def test_post_replaces_whoever_is_signed_in(client):
    client.force_login(UserFactory())
    user = UserFactory(of_customer=True)

    client.post(link(user))

    assert signed_in(client) == str(user.pk)


def test_used_link_says_so_and_how_to_get_in(client):
    url = link(UserFactory(of_customer=True))
    client.post(url)
    client.logout()

    response = client.get(url)

    assert response.status_code == 410
    assert "This invitation was accepted before." in response.content.decode()
    assert reverse("account_request_login_code") in response.content.decode()
    assert client.post(url).status_code == 410


def test_expired_link_offers_a_new_one(client):
    user = UserFactory(of_customer=True)
    url = link(user)
    expire()

    page = client.get(url)
    assert page.status_code == 410
    assert f'action="{url}renew/"' in page.content.decode()

    assert client.post(f"{url}renew/").status_code == 200
    assert Message.objects.mails().count() == 2
    assert Invitation.objects.open(timezone.now()).get().expires_at > timezone.now() + timedelta(days=13)


def test_unknown_link_says_so(client):
    response = client.get(reverse("accounts:invitation", args=["foreign"]))

    assert response.status_code == 410
    assert "not one of ours" in response.content.decode()


def test_renew_of_an_unknown_link_says_so(client):
    assert client.post(reverse("accounts:invitation_renew", args=["foreign"])).status_code == 410
