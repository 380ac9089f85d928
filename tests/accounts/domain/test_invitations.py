import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.domain import invitations
from accounts.domain.errors import (
    AlreadyJoined,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    PersonDeactivated,
)
from accounts.models import Invitation
from notices.domain import sending
from notices.models import Message
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def sent_token(user):
    """The token as the person reads it in the newest mail."""
    mail = Message.objects.mails().filter(address=user.email).first()
    return re.search(r"/invitations/([\w-]+)/", sending.text_of(mail)).group(1)


def invited(**values):
    user = UserFactory(of_customer=True, **values)
    invitations.send(user, by=UserFactory())
    return user, sent_token(user)


def expire():
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_send_gives_fourteen_days():
    invited()

    left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)


def test_send_refuses_somebody_who_joined():
    with pytest.raises(AlreadyJoined):
        invitations.send(UserFactory(last_login=timezone.now()), by=UserFactory())


def test_send_refuses_somebody_deactivated():
    with pytest.raises(PersonDeactivated):
        invitations.send(UserFactory(is_active=False, deactivated_at=timezone.now()), by=UserFactory())


def test_accept_uses_the_link_up():
    user, token = invited()

    assert invitations.accept(token) == user
    with pytest.raises(InvitationUsed):
        invitations.accept(token)


def test_accept_sets_the_password_chosen():
    user, token = invited()

    invitations.accept(token, password="correct horse battery")

    user.refresh_from_db()
    assert user.check_password("correct horse battery")


def test_accept_with_a_weak_password_leaves_the_link_open():
    _user, token = invited()

    with pytest.raises(ValidationError):
        invitations.accept(token, password="password")

    assert Invitation.objects.get().accepted_at is None


def test_accept_refuses_an_expired_link():
    _user, token = invited()
    expire()

    with pytest.raises(InvitationExpired):
        invitations.accept(token)


@pytest.mark.parametrize("token", ["", "unknown", "\u0000", "长" * 200])
def test_accept_refuses_an_unknown_link(token):
    with pytest.raises(InvitationUnknown):
        invitations.accept(token)


def test_accept_refuses_a_link_of_somebody_deactivated_since():
    user, token = invited()
    user.is_active, user.deactivated_at = False, timezone.now()
    user.save()

    with pytest.raises(InvitationUnknown):
        invitations.accept(token)


def test_renew_mails_a_new_link_once():
    user, token = invited()
    expire()

    invitations.renew(token)
    invitations.renew(token)

    assert Message.objects.mails().count() == 2
    assert invitations.accept(sent_token(user)) == user


def test_renew_refuses_a_used_link():
    _user, token = invited()
    invitations.accept(token)

    with pytest.raises(InvitationUsed):
        invitations.renew(token)


def test_renew_leaves_an_open_link_alone():
    _user, token = invited()

    invitations.renew(token)

    assert Message.objects.mails().count() == 1
