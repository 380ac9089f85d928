"""Links to a signer's page: 256 random bits in a mail to the signer alone; the database keeps the hash."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.domain import trail
from notices.domain import outbox
from signing.models import SignatureRequest, Signer, SigningLink

LINK_LIFE = timedelta(days=7)  # reminders bring a fresh one
NEW_LINK_PAUSE = timedelta(minutes=1)


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token in hex: all that is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(signer: Signer) -> str:
    """Return the address of a new link for the signer; it is nowhere kept."""
    token, now = secrets.token_urlsafe(32), timezone.now()
    SigningLink.objects.create(signer=signer, token_hash=token_hash(token), created_at=now, expires_at=now + LINK_LIFE)
    return reverse("signing:sign", args=[token])


def find(token: str) -> SigningLink | None:
    """Return the link that `token` opens, whatever became of it; None for a token that never was one."""
    links = SigningLink.objects.select_related("signer__user__organisation", "signer__request__project__customer")
    links = links.select_related("signer__delegation__signer__user").prefetch_related("signer__delegations")
    return links.select_related("signer__request__sent_by").filter(token_hash=token_hash(token)).first()


def is_usable(link: SigningLink) -> bool:
    """Whether the link still opens the document to sign: not replaced, not expired, its signer active."""
    return link.revoked_at is None and link.expires_at > timezone.now() and link.signer.user.is_active


def tell_signer(signer: Signer, template: str, *, key: str, **facts) -> None:
    """Mail the signer a fresh link. Their notice in the house leads to the document's page, not to the link."""
    request = signer.request
    context = {"request": request, "project": request.project, "signer": signer, **facts}
    outbox.tell(
        signer.user,
        template,
        context,
        url=request.get_absolute_url(),
        link=make_link(signer),
        key=key,
        secret=True,
        project_id=request.project_id,
    )


@transaction.atomic
def renew(signer_id: int) -> bool:
    """Revoke the signer's links and mail a new one to their own address; False if one was sent a moment ago."""
    signer = Signer.objects.select_for_update(of=("self",)).select_related("request__project", "user").get(pk=signer_id)
    now = timezone.now()
    if signer.links.filter(created_at__gt=now - NEW_LINK_PAUSE).exists():
        return False
    signer.links.filter(revoked_at=None).update(revoked_at=now)
    tell_signer(signer, "signing/mails/new_link", key="")
    trail.record("renew_link", signer.request, facts={"signer": signer.user.name})
    return True


def renew_for_address(email: str) -> None:
    """Mail new links for all that waits for the person with this address; nobody learns whether there is one."""
    waiting = Signer.objects.unsigned().filter(
        user__email=email.strip().lower(), user__is_active=True, told_at__isnull=False
    )
    for signer_id in waiting.filter(request__in=SignatureRequest.objects.open()).values_list("pk", flat=True)[:10]:
        renew(signer_id)
