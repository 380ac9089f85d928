"""People of the installation: invited, edited, deactivated. Nobody is deleted: what they did stays."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.domain import invitations
from accounts.domain.errors import (
    AddressOfAnotherOrganisation,
    AddressTaken,
    LastAdministrator,
    OwnAccount,
    PersonDeactivated,
)
from accounts.enums import OrganisationKind
from accounts.models import Organisation, User
from audit.domain import trail
from notices.domain import outbox


@transaction.atomic
def invite(
    email: str, name: str, organisation: Organisation, language: str, time_zone: str, by: User, job_title: str = ""
) -> User:
    """Return the person with this address, made if unknown; who has never signed in is mailed an invitation.

    What is stored of a known person stays as it is. Raises PersonDeactivated and AddressOfAnotherOrganisation.
    """
    email = email.strip().lower()
    user = User.objects.select_for_update(of=("self",)).filter(email=email).first()
    if user is None:
        user = User.objects.create_user(
            email, name=name, job_title=job_title, organisation=organisation, language=language, time_zone=time_zone
        )
        trail.record("create", user, by=by, before={})
    elif not user.is_active:
        raise PersonDeactivated(person=user.name)
    elif user.organisation_id != organisation.pk:
        raise AddressOfAnotherOrganisation(email=email)
    if user.last_login is None:
        invitations.send(user, by=by)
    return user


@transaction.atomic
def add_administrator(
    email: str, name: str, organisation_name: str, *, language: str, time_zone: str, password: str | None
) -> User:
    """Make an administrator, and the vendor's organisation if none has that name: how an installation begins.

    Without a password they sign in by codes. Raises AddressTaken.
    """
    if User.objects.filter(email=email.lower()).exists():
        raise AddressTaken(email=email)
    organisation, is_new = Organisation.objects.get_or_create(
        name=organisation_name, defaults={"kind": OrganisationKind.VENDOR, "time_zone": time_zone}
    )
    user = User.objects.create_user(
        email,
        password,
        name=name,
        organisation=organisation,
        language=language,
        time_zone=time_zone,
        is_administrator=True,
    )
    if is_new:
        trail.record("create", organisation, before={})
    trail.record("create", user, before={})
    return user


@transaction.atomic
def deactivate(user_id: int, *, by: User) -> User:
    """Close a leaver's account: sessions, tokens and invitations end at once.

    Raises OwnAccount and LastAdministrator. Does nothing to somebody deactivated before.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if not user.is_active:
        return user
    if user.pk == by.pk:
        raise OwnAccount
    keep_an_administrator(user)
    before = trail.snapshot(user)
    user.is_active, user.deactivated_at = False, timezone.now()
    user.save(update_fields=["is_active", "deactivated_at"])
    trail.record("deactivate", user, by=by, before=before)
    return user


@transaction.atomic
def reactivate(user_id: int, *, by: User) -> User:
    """Open a deactivated account again. Does nothing to somebody who is active."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if user.is_active:
        return user
    before = trail.snapshot(user)
    user.is_active, user.deactivated_at = True, None
    user.save(update_fields=["is_active", "deactivated_at"])
    trail.record("reactivate", user, by=by, before=before)
    return user


@transaction.atomic
def edit(user: User, *, by: User) -> None:
    """Save what an administrator changed of a person. Raises LastAdministrator."""
    if not user.is_administrator:
        keep_an_administrator(user)
    trail.save(user, by=by)
    # allauth keeps addresses it has seen and signs in by them: one that was corrected must not open the account.
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()


def tell_if_deactivated(email: str) -> None:
    """Mail a leaver who asks for a sign-in code that there is none: the page may not say who has an account."""
    leaver = User.objects.filter(email=email.lower(), is_active=False).first()
    if leaver is not None:
        outbox.mail(leaver.email, leaver.language, "accounts/mails/deactivated", {"user": leaver})


def keep_an_administrator(leaver: User) -> None:
    """Raise LastAdministrator if the installation would be left without one; locks them against a second step."""
    administrators = User.objects.filter(is_administrator=True, is_active=True).order_by("pk")
    held = set(administrators.select_for_update(of=("self",)).values_list("pk", flat=True))
    if held == {leaver.pk}:
        raise LastAdministrator(person=leaver.name)
