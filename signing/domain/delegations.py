"""Delegation: a signer names another person of their side to sign in their place, for a reason and for a time.

Who may bind the company anyway (a sponsor, a project manager, a representative in the authority register) needs no
letter; whoever else is named signs by a letter of authorisation, which is kept with the document. A delegate does not
delegate further. When the time is over the turn goes back to who delegated.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.domain import attachments
from projects.enums import CUSTOMER_ROLES, VENDOR_ROLES, Audience
from projects.models import Membership
from signing.domain import authority, links
from signing.domain.errors import (
    DelegateDoesNotDelegate,
    LetterMissing,
    NotADelegate,
    ReasonMissing,
    TimeNotWithinRequest,
)
from signing.domain.moves import locked
from signing.domain.signatures import Circumstances, acting
from signing.enums import Side
from signing.models import Delegation, SignatureRequest, Signer


@dataclass(frozen=True)
class Naming:
    """Who shall sign instead, why, and until when; with a letter where they have no authority of their own."""

    user: User
    reason: str
    valid_until: datetime
    letter: UploadedFile | None = None


def possible_delegates(signer: Signer) -> Any:
    """Return the people of the signer's side in the project who are not asked to sign this document already."""
    project = signer.request.project
    roles = VENDOR_ROLES if signer.side == Side.VENDOR else CUSTOMER_ROLES
    members = Membership.objects.filter(project=project, role__in=roles).values("user")
    people = User.objects.filter(pk__in=members, is_active=True, organisation=signer.user.organisation_id)
    return people.exclude(pk__in=Signer.objects.filter(request=signer.request_id).values("user")).order_by("name", "pk")


def needs_letter(signer: Signer, user: User) -> bool:
    """Whether `user` has no authority of their own to sign this kind of document for the signer's side today."""
    request = signer.request
    day = authority.contract_day(request.project, timezone.now())
    return authority.signing_role(request.project, user, signer.side, request.kind, on=day) is None


@transaction.atomic
def delegate(signer_id: int, naming: Naming, circumstances: Circumstances) -> Delegation:
    """Let another person sign in the place of a signer whose turn it is; that one's links end, everyone is told.

    Raises what signing raises, and ReasonMissing, NotADelegate, DelegateDoesNotDelegate, LetterMissing,
    TimeNotWithinRequest, and what attachments.attach refuses.
    """
    if not naming.reason.strip():
        raise ReasonMissing()
    request, signer = acting(signer_id)
    if signer.stands_in_for:
        raise DelegateDoesNotDelegate()
    if not possible_delegates(signer).filter(pk=naming.user.pk).exists():
        raise NotADelegate(name=naming.user.name)
    now = timezone.now()
    if not now < naming.valid_until <= request.expires_at:
        raise TimeNotWithinRequest()
    if needs_letter(signer, naming.user) and naming.letter is None:
        raise LetterMissing(name=naming.user.name)
    letter = attachments.attach(request, naming.letter, signer.user, Audience.CUSTOMER) if naming.letter else None
    deputy = Signer.objects.create(
        request=request,
        user=naming.user,
        side=signer.side,
        role=signer.role,
        order=signer.order,
        meaning=signer.meaning,
        told_at=now,
    )
    given = Delegation.objects.create(
        signer=signer,
        delegate=deputy,
        reason=naming.reason.strip(),
        valid_until=naming.valid_until,
        letter=letter,
        delegated_at=now,
    )
    signer.links.filter(revoked_at=None).update(revoked_at=now)
    facts = {
        "signer": signer.user.name,
        "delegate": deputy.user.name,
        "reason": given.reason,
        "expires_at": given.valid_until.isoformat(),
        "letter_sha256": letter.sha256 if letter else "",
        "identification": circumstances.identification,
    }
    trail.record("delegate", request, by=signer.user, facts=facts)
    _tell_everyone(request, given)
    return given


def lapse_due(now: datetime | None = None) -> int:
    """Give the turn back where a delegate has not signed in time; return how many."""
    now = now or timezone.now()
    due = Delegation.objects.filter(
        lapsed_at=None,
        valid_until__lte=now,
        delegate__signed_at=None,
        signer__request__in=SignatureRequest.objects.open().filter(expires_at__gt=now),
    )
    return sum(_lapse(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _lapse(delegation_id: int, now: datetime) -> bool:
    given = Delegation.objects.select_related("signer__user", "delegate__user").get(pk=delegation_id)
    request = locked(given.signer.request_id)
    given.refresh_from_db(fields=["lapsed_at"])
    given.delegate.refresh_from_db(fields=["signed_at"])
    if not request.is_open or given.lapsed_at or given.delegate.signed_at:
        return False  # signed, declined or closed a moment ago
    given.lapsed_at = now
    given.save(update_fields=["lapsed_at"])
    given.delegate.links.filter(revoked_at=None).update(revoked_at=now)
    signer, deputy = given.signer, given.delegate
    signer.request = request
    trail.record("lapse", request, facts={"signer": signer.user.name, "delegate": deputy.user.name})
    links.tell_signer(signer, "signing/mails/delegation_lapsed", key=f"signing.lapsed:{given.pk}", deputy=deputy)
    _tell(request, given, [deputy.user, request.sent_by], "signing/mails/delegation_ended")
    return True


def _tell_everyone(request: SignatureRequest, given: Delegation) -> None:
    deputy = given.delegate
    deputy.request = request
    key = f"signing.ask:{deputy.pk}"
    links.tell_signer(deputy, "signing/mails/please_stand_in", key=key, delegation=given, delegator=given.signer)
    asked = [signer.user for signer in request.signers.select_related("user") if signer.told_at]
    others = {user.pk: user for user in [request.sent_by, *asked] if user.pk != deputy.user_id}
    _tell(request, given, list(others.values()), "signing/mails/delegated")


def _tell(request: SignatureRequest, given: Delegation, people: list[User], template: str) -> None:
    context = {
        "request": request,
        "project": request.project,
        "delegation": given,
        "delegator": given.signer,
        "deputy": given.delegate,
    }
    for user in {user.pk: user for user in people}.values():
        outbox.tell(
            user,
            template,
            context,
            url=request.get_absolute_url(),
            key=f"{template}:{given.pk}",
            project_id=request.project_id,
        )
