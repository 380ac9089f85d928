"""What a signer agrees to, in versions: the text that was shown is kept with the signature."""

from django.utils.translation import gettext as _

VERSION = "2026-11"


def consent_text(organisation: str) -> str:
    """Return the sentence of the current version, in the reader's language."""
    return _(
        "I am authorised to sign for %(organisation)s and agree to sign electronically. "
        "My name, the time, my network address and my device are kept with the document."
    ) % {"organisation": organisation}
