"""The append-only trail: who changed what, when, from what to what.

Each entry holds the hash of the one before in its chain (definitions.md, Audit trail). An entry is written in the
transaction of the change it tells of, or neither is.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from audit.models import Chain, Entry

HOUSE = "house"
PAGE = 2000  # entries read at a time when a chain is verified
HASHED = ("number", "action", "object_type", "object_id", "object_label", "actor_id", "actor_name", "changes", "facts")


def chain_name(obj: models.Model) -> str:
    """Return the name of the chain that tells of `obj`: its project's, or the house's."""
    project_id = getattr(obj, "trail_project_id", None) or getattr(obj, "project_id", None)
    return f"project:{project_id}" if project_id else HOUSE


def snapshot(obj: models.Model) -> dict[str, Any]:
    """Return the stored fields of `obj` as JSON values, without those its class names in `trail_excludes`."""
    excluded: Collection[str] = getattr(obj, "trail_excludes", frozenset())
    values = {
        field.attname: field.value_to_string(obj)
        if isinstance(field, models.FileField)
        else getattr(obj, field.attname)
        for field in obj._meta.concrete_fields
        if field.name not in excluded and not field.primary_key
    }
    return _plain(values)


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Return {field: [before, after]} for every field whose value differs."""
    return {
        name: [before.get(name), after.get(name)]
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    }


def record(
    action: str,
    obj: models.Model,
    *,
    by: Any = None,
    before: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Append one entry about `obj` to its chain, inside the caller's transaction.

    `before` is a snapshot() taken before the change; the entry then holds the fields that differ. `by` is a user,
    or None when no person acted (a clock, an import).
    """
    changes = difference(before, snapshot(obj)) if before is not None else {}
    return _append(chain_name(obj), [(action, obj, changes, facts or {})], by=by)[0]


def record_many(action: str, objects: Iterable[models.Model], *, by: Any = None, facts: dict | None = None) -> None:
    """Append one entry per object, locking each chain once: for imports and playbooks."""
    by_chain: dict[str, list] = {}
    for obj in objects:
        by_chain.setdefault(chain_name(obj), []).append((action, obj, {}, facts or {}))
    for name in sorted(by_chain):
        _append(name, by_chain[name], by=by)


@transaction.atomic
def save(obj: models.Model, *, by: Any, action: str = "") -> None:
    """Save a plain edit (or a new row) and record the fields that differ from the stored row."""
    model = cast(type[models.Model], obj._meta.concrete_model)  # not type(obj): request.user is a lazy wrapper
    stored = model._base_manager.select_for_update().filter(pk=obj.pk).first() if obj.pk else None
    before = snapshot(stored) if stored else {}
    obj.save()
    if stored and difference(before, snapshot(obj)) == {}:
        return
    record(action or ("edit" if stored else "create"), obj, by=by, before=before)


@transaction.atomic
def delete(obj: models.Model, *, by: Any, action: str = "delete") -> None:
    """Delete a row that nothing depends on; the entry keeps what it held."""
    record(action, obj, by=by, facts={"held": snapshot(obj)})
    obj.delete()


def entries_for(obj: models.Model) -> "models.QuerySet[Entry]":
    """Return the trail of one object, oldest entry first."""
    return Entry.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)).select_related("actor")


def entries_of_project(project_id: int) -> "models.QuerySet[Entry]":
    """Return the trail of a project and all that is in it, oldest entry first."""
    return Entry.objects.filter(chain__name=f"project:{project_id}").select_related("actor")


@dataclass(frozen=True)
class Break:
    """The first entry of a chain that does not follow from the one before."""

    chain: str
    number: int
    reason: str


def find_breaks() -> Iterator[Break]:
    """Recompute every chain; yield the first broken entry of each chain that does not hold."""
    for chain in Chain.objects.order_by("name"):
        broken = _first_break(chain)
        if broken:
            yield broken


def _append(name: str, rows: list, *, by: Any) -> list[Entry]:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("The trail is written inside the transaction of the change.")
    chain = _locked_chain(name)
    entries = []
    for action, obj, changes, facts in rows:
        chain.length += 1
        entry = Entry(
            chain=chain,
            number=chain.length,
            at=timezone.now(),
            actor=by if getattr(by, "pk", None) else None,
            actor_name=str(by or "")[:120],
            action=action,
            object_type=obj._meta.label_lower,
            object_id=str(obj.pk),
            object_label=str(obj)[:200],
            changes=changes,
            facts=_plain(facts),
            previous_hash=chain.head,
        )
        entry.hash = chain.head = entry_hash(name, entry)
        entries.append(entry)
    Entry.objects.bulk_create(entries, batch_size=500)
    chain.save(update_fields=["length", "head"])
    return entries


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` as the JSON that both databases give back unchanged, since the hash is computed over it.

    A fraction becomes its text: PostgreSQL returns 1e16 as a whole number, and knows no NaN.
    """
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder), parse_float=str, parse_constant=str)


def _locked_chain(name: str) -> Chain:
    chain = Chain.objects.select_for_update().filter(name=name).first()
    if chain is None:
        Chain.objects.get_or_create(name=name)
        chain = Chain.objects.select_for_update().get(name=name)
    return chain


def instant(at: datetime) -> str:
    """Return an instant as it is hashed: ISO 8601 in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat()


def entry_hash(chain: str, entry: Entry) -> str:
    """Return the SHA-256 (hex) over the canonical JSON of the entry's content and the hash before it."""
    content: dict[str, Any] = {name: getattr(entry, name) for name in HASHED}
    content |= {"chain": chain, "at": instant(entry.at), "previous_hash": entry.previous_hash}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _in_order(chain: Chain) -> Iterator[Entry]:
    """Yield the entries of a chain as they stand, a page in memory at a time."""
    last = -1
    while page := list(chain.entries.filter(number__gt=last).order_by("number")[:PAGE]):
        yield from page
        last = page[-1].number


def _first_break(chain: Chain) -> Break | None:
    """Return the first break of a chain; entries may be appended to it meanwhile."""
    end, head, number = (chain.length, chain.head), "", 0
    is_whole = end == (0, "")
    for entry in _in_order(chain):
        number += 1
        if entry.number != number:
            return Break(chain.name, number, "missing")
        if entry.previous_hash != head:
            return Break(chain.name, number, "does not follow from the entry before")
        if entry.hash != entry_hash(chain.name, entry):
            return Break(chain.name, number, "content does not match its hash")
        head = entry.hash
        is_whole = is_whole or (number, head) == end
    chain.refresh_from_db()  # it holds at least what was read, or somebody wrote past it
    is_ahead = chain.length > number or (chain.length, chain.head) == (number, head)
    return None if is_whole and is_ahead else Break(chain.name, number + 1, "missing")
