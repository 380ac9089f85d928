"""Personal tokens of the API: shown once, kept as a hash, revoked by their owner."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.domain.tokens import new_token, token_hash
from accounts.models import ApiToken, User
from audit.domain import trail

MARK = "lf_"  # makes a leaked token easy to find
USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create(user: User, *, name: str, expires_on: date | None = None) -> tuple[ApiToken, str]:
    """Return a new token and its secret, which nobody can read again."""
    secret = MARK + new_token()
    token = ApiToken.objects.create(
        user=user, name=name, prefix=secret[:8], token_hash=token_hash(secret), expires_on=expires_on
    )
    trail.record("create", token, by=user, before={})
    return token, secret


@transaction.atomic
def revoke(token: ApiToken, *, by: User) -> None:
    """End a token at once; a second call changes nothing."""
    now = timezone.now()
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        token.revoked_at = now
        trail.record("revoke", token, by=by)


def person_of(secret: str) -> User | None:
    """Return the person whose valid token this is, and note its use at most once a minute.

    A token ends when it is revoked, at the end of its last day (UTC), or when its owner is deactivated.
    """
    now = timezone.now()
    valid = ApiToken.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=now.date()), revoked_at=None, user__is_active=True
    )
    token = valid.select_related("user__organisation").filter(token_hash=token_hash(secret)).first()
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user
