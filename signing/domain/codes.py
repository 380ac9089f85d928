"""One-time codes: 6 digits by mail, 10 minutes, 5 attempts, used once; counted in the database.

A code is locked by five wrong attempts, wherever they come from. An address is refused after twenty in an hour, whoever
the codes were for: it must be able to try a new code after five, and must not be able to go on for ever.
"""

import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.domain import trail
from notices.domain import outbox
from signing.domain.errors import CodeExpired, CodeLocked, CodeWrong, TooManyAttempts, TooManyCodes
from signing.models import FailedAttempt, Signer, SigningCode

CODE_LIFE = timedelta(minutes=10)
ATTEMPTS = 5
WINDOW = timedelta(hours=1)
ADDRESS_ATTEMPTS = 20  # in WINDOW
CODES = 6  # in WINDOW, for one signer


def code_hash(signer_id: int, code: str) -> str:
    """Return a hash that needs the installation's secret key: a million codes are quickly tried without it."""
    key = f"signing.code:{settings.SECRET_KEY}".encode()
    return hmac.digest(key, f"{signer_id}:{code}".encode(), "sha256").hex()


@transaction.atomic
def send_code(signer_id: int) -> None:
    """Mail the signer a new code; it replaces the one before. Raises TooManyCodes after six within the hour."""
    signer = Signer.objects.select_for_update(of=("self",)).select_related("request__project", "user").get(pk=signer_id)
    now = timezone.now()
    if signer.codes.filter(created_at__gt=now - WINDOW).count() >= CODES:
        raise TooManyCodes()
    code = f"{secrets.randbelow(1_000_000):06d}"
    SigningCode.objects.create(
        signer=signer, code_hash=code_hash(signer.pk, code), created_at=now, expires_at=now + CODE_LIFE
    )
    outbox.mail(
        signer.user.email,
        signer.user.language,
        "signing/mails/code",
        {"code": code, "request": signer.request, "signer": signer},
        time_zone=signer.user.time_zone,
        secret=True,
        project_id=signer.request.project_id,
    )
    trail.record("send_code", signer.request, facts={"signer": signer.user.name})


def current(signer: Signer) -> SigningCode | None:
    """Return the code that was sent last, if it can still be tried."""
    code = signer.codes.order_by("-created_at", "-pk").first()
    alive = code and code.used_at is None and code.expires_at > timezone.now() and code.failures < ATTEMPTS
    return code if alive else None


def use_code(signer: Signer, code: str, *, address: str) -> None:
    """Use the signer's latest code up, or count the failure and raise the reason.

    The count is committed although the caller is refused: call it outside of any transaction that a refusal undoes.
    """
    refusal = _try_code(signer, "".join(code.split()), address)
    if refusal:
        raise refusal


@transaction.atomic
def _try_code(signer: Signer, code: str, address: str) -> Exception | None:
    now = timezone.now()
    if FailedAttempt.objects.filter(address=address, at__gt=now - WINDOW).count() >= ADDRESS_ATTEMPTS:
        return TooManyAttempts()
    latest = SigningCode.objects.select_for_update().filter(signer=signer).order_by("-created_at", "-pk").first()
    if latest is None or latest.used_at or latest.expires_at <= now:
        return CodeExpired()
    if latest.failures >= ATTEMPTS:
        return CodeLocked()
    if hmac.compare_digest(latest.code_hash, code_hash(signer.pk, code)):
        latest.used_at = now
        latest.save(update_fields=["used_at"])
        return None
    SigningCode.objects.filter(pk=latest.pk).update(failures=F("failures") + 1)
    FailedAttempt.objects.create(signer=signer, address=address, at=now)
    left = ATTEMPTS - latest.failures - 1
    trail.record("wrong_code", signer.request, facts={"signer": signer.user.name, "left": left})
    return CodeWrong(left=left) if left else CodeLocked()
