"""Encryption of what a mail not yet sent may not show: a link's token, a code."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

from notices.domain.errors import SealBroken


def seal(text: str) -> str:
    """Return `text` encrypted under SECRET_KEY: only unseal reads it again."""
    return _cipher().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text; raises SealBroken where it was sealed under a SECRET_KEY that is no longer known."""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken from None


def _cipher() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str | bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"landfall.notices.outbox:" + force_bytes(secret)).digest()))
