"""Invitations: a mailed link, for one person, once, for 14 days. Only the hash of its token is kept."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.errors import (
    AlreadyJoined,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    PersonDeactivated,
)
from accounts.domain.tokens import new_token, token_hash
from accounts.models import Invitation, User
from audit.domain import trail
from notices.domain import outbox

LIFETIME = timedelta(days=14)


@transaction.atomic
def send(user: User, *, by: User) -> Invitation:
    """Mail `user` a new link; links sent before end. Raises AlreadyJoined and PersonDeactivated."""
    if not user.is_active:
        raise PersonDeactivated(person=user.name)
    if user.last_login is not None:
        raise AlreadyJoined(person=user.name)
    now, token = timezone.now(), new_token()
    user.invitations.open(now).update(expires_at=now)
    invitation = Invitation.objects.create(
        user=user, invited_by=by, token_hash=token_hash(token), expires_at=now + LIFETIME
    )
    trail.record("invite", user, by=by, facts={"expires_at": invitation.expires_at})
    outbox.mail(
        user.email,
        user.language,
        "accounts/mails/invitation",
        {"user": user, "inviter": by, "expires_at": invitation.expires_at},
        link=reverse("accounts:invitation", args=[token]),
        time_zone=user.time_zone,
        secret=True,
    )
    return invitation


def find(token: str) -> Invitation:
    """Return the invitation of a link, whatever its state. Raises InvitationUnknown."""
    known = Invitation.objects.select_related("user__organisation", "invited_by__organisation")
    invitation = known.filter(token_hash=token_hash(token)).first()
    if invitation is None or not invitation.user.is_active:
        raise InvitationUnknown
    return invitation


def check_open(invitation: Invitation) -> None:
    """Raise InvitationUsed or InvitationExpired unless the link can be accepted now."""
    if invitation.accepted_at is not None:
        raise InvitationUsed
    if invitation.expires_at <= timezone.now():
        raise InvitationExpired


@transaction.atomic
def accept(token: str, *, password: str | None = None) -> User:
    """Use the link up and return its person, who may now be signed in; with the password they chose, if they did.

    Raises InvitationUnknown, InvitationUsed, InvitationExpired, and ValidationError for a weak password.
    """
    invitation = find(token)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("user").get(pk=invitation.pk)
    check_open(invitation)
    user = invitation.user
    if password is not None:
        validate_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    trail.record("accept_invitation", user, by=user, facts={"with_password": password is not None})
    return user


@transaction.atomic
def renew(token: str) -> None:
    """Mail a new link to the address of an expired one, as asked for by whoever holds the old link.

    The old link shows no new one: it goes to the mailbox. Raises InvitationUnknown, InvitationUsed, AlreadyJoined.
    """
    invitation = find(token)
    try:
        check_open(invitation)
    except InvitationExpired:
        newer = invitation.user.invitations.open(timezone.now())
        if not newer.exists():  # a second click finds the link that the first one sent
            send(invitation.user, by=invitation.invited_by)
