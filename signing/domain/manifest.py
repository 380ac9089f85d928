"""The frozen manifest: what exactly was put before the signers, as canonical JSON with one SHA-256."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

# What names an item of a list, so that a list is compared item by item and not position by position.
IDENTITY = ("number", "key", "code", "id", "name")
SHOWN = 80  # characters of a value in a difference


def plain(manifest: dict) -> dict:
    """Return the manifest as the JSON values that are stored: dates become text, tuples lists, keys text."""
    return json.loads(json.dumps(manifest, cls=DjangoJSONEncoder))


def canonical(manifest: dict) -> bytes:
    """Return the one byte form of a manifest: sorted keys, no white space, UTF-8, no floats that two hosts could round.

    Raises ValueError for NaN and infinities, which JSON does not have.
    """
    text = json.dumps(
        manifest, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content` in hex."""
    return hashlib.sha256(content).hexdigest()


def fingerprint(manifest: dict) -> str:
    """Return the SHA-256 (hex) of the canonical form."""
    return sha256(canonical(manifest))


def difference(before: dict, after: dict) -> list[str]:
    """Return what differs between two manifests, one readable line each; empty if they are the same."""
    return list(_compare("", plain(before), plain(after)))


def _compare(path: str, before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare_fields(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        identity = _identity(before + after)
        if identity:
            by_identity = [{str(item[identity]): item for item in items} for items in (before, after)]
            yield from _compare_fields(path, *by_identity)
        else:
            yield from _compare_fields(path, *({str(n + 1): item for n, item in enumerate(i)} for i in (before, after)))
    else:
        yield _("%(what)s: %(before)s → %(after)s") % {"what": path, "before": _short(before), "after": _short(after)}


def _compare_fields(path: str, before: dict, after: dict) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        what = f"{path} · {name}" if path else name
        if name not in after:
            yield _("%(what)s: removed") % {"what": what}
        elif name not in before:
            yield _("%(what)s: added (%(after)s)") % {"what": what, "after": _short(after[name])}
        else:
            yield from _compare(what, before[name], after[name])


def _identity(items: list) -> str | None:
    """Return the first name under which every item of the list has a value, each item another within its list."""
    if not items or not all(isinstance(item, dict) for item in items):
        return None
    return next((name for name in IDENTITY if all(item.get(name) not in (None, "") for item in items)), None)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
