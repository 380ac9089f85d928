"""Secrets that open something: made here, shown or mailed once, kept only as a hash."""

import hashlib
import secrets


def new_token() -> str:
    """Return 256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the SHA-256 (hex) of a token; a token has so many bits that it needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
