"""The kinds of document that can be signed. Later apps register theirs in AppConfig.ready().

The callbacks are called in the transaction of the move they follow: what a signature brings about (a baseline frozen,
a phase accepted) is there with the signature, or neither is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from signing.models import SignatureRequest


ACCEPT, SIGN_AND_ACCEPT = _("Accept"), _("Sign and accept")


def nothing(request: "SignatureRequest") -> None:
    """The kind of document has no consequence of this move."""


def no_lines(request: "SignatureRequest") -> Sequence[str]:
    """The signer's page has nothing to add for this kind of document."""
    return ()


@dataclass(frozen=True)
class DocumentKind:
    """One kind of signed document.

    `template` is a fragment that prints `facts` (handed to requests.send) and nothing else; the page and the PDF both
    show it. `manifest_of(subject)` computes, from the rows as they are now, the JSON values that are signed. `choice`
    and `button` are how the signer's page words the assent; `conditions_of(request)` what it says the assent is bound
    to, `notes_of(request)` what else a signer must know before deciding, a line each.
    """

    code: str  # "srs"
    prefix: str  # "SRS", the middle of HX-ERP-SRS-001
    label: str | Promise  # lazily translated
    meaning: str | Promise  # lazily translated: what a signature under it says, in the first person
    template: str
    manifest_of: Callable[[Any], dict]
    can_send: Callable[[Any, Any], bool]  # (user, subject)
    choice: str | Promise = ACCEPT
    button: str | Promise = SIGN_AND_ACCEPT
    conditions_of: Callable[["SignatureRequest"], Sequence[str]] = no_lines
    notes_of: Callable[["SignatureRequest"], Sequence[str]] = no_lines
    on_signed: Callable[["SignatureRequest"], None] = nothing
    on_declined: Callable[["SignatureRequest"], None] = nothing
    on_voided: Callable[["SignatureRequest"], None] = nothing
    on_expired: Callable[["SignatureRequest"], None] = nothing


_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    if kind.code in _kinds:
        raise ValueError(f"the kind of document {kind.code} is registered twice")
    _kinds[kind.code] = kind


def get(code: str) -> DocumentKind:
    return _kinds[code]


def all_kinds() -> tuple[DocumentKind, ...]:
    return tuple(_kinds.values())


def choices() -> list[tuple[str, str | Promise]]:
    return [(kind.code, kind.label) for kind in _kinds.values()]


def label_of(code: str) -> str | Promise:
    """Return the label of a kind; the code itself for one whose app is no longer there."""
    return _kinds[code].label if code in _kinds else code
