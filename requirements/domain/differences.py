"""What differs between two baselines, requirement by requirement and word by word."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext_lazy as _

from requirements.models import Baseline, BaselineItem

# A run of Latin letters and digits is one word; any other character, a Chinese one above all, stands for itself.
WORD = re.compile(r"[A-Za-zÀ-ɏ0-9]+|\s+|.", re.DOTALL)
COMPARED = {
    "process": _("Business process"),
    "title": _("Title"),
    "statement": _("Statement"),
    "acceptance": _("Acceptance"),
    "priority": _("Priority"),
    "phase": _("Phase"),
    "objectives": _("Objectives"),
}


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is in both, only in the earlier (`removed`) or only in the later text (`added`)."""

    kind: str  # "same", "removed", "added"
    text: str


@dataclass(frozen=True)
class FieldChange:
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class ItemChange:
    item: BaselineItem
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Difference:
    added: tuple[BaselineItem, ...]
    removed: tuple[BaselineItem, ...]
    changed: tuple[ItemChange, ...]

    def __bool__(self):
        return bool(self.added or self.removed or self.changed)


def between(earlier: Baseline, later: Baseline) -> Difference:
    """Return what the later baseline adds, removes and changes, by number."""
    return difference(earlier.items.all(), later.items.all())


def difference(earlier: Iterable[BaselineItem], later: Iterable[BaselineItem]) -> Difference:
    """Return what the later items add, remove and change, by number."""
    before, after = ({item.number: item for item in items} for items in (earlier, later))
    compared = [
        ItemChange(after[n], _changed_fields(before[n], after[n])) for n in sorted(before.keys() & after.keys())
    ]
    return Difference(
        added=tuple(after[n] for n in sorted(after.keys() - before.keys())),
        removed=tuple(before[n] for n in sorted(before.keys() - after.keys())),
        changed=tuple(each for each in compared if each.changes),
    )


def word_difference(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in order: same and removed make up `before`, same and added `after`."""
    old, new = WORD.findall(before), WORD.findall(after)
    pieces = []
    for operation, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if operation == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        pieces += _pieces("removed", old[i:j]) + _pieces("added", new[k:m])
    return tuple(pieces)


def _pieces(kind: str, words: Sequence[str]) -> list[Piece]:
    return [Piece(kind, "".join(words))] if words else []


def _changed_fields(before: BaselineItem, after: BaselineItem) -> tuple[FieldChange, ...]:
    old, new = _texts(before), _texts(after)
    return tuple(
        FieldChange(str(label), word_difference(old[name], new[name]))
        for name, label in COMPARED.items()
        if old[name] != new[name]
    )


def _texts(item: BaselineItem) -> dict[str, str]:
    return {
        "process": item.process,
        "title": item.title,
        "statement": item.statement,
        "acceptance": item.acceptance,
        "priority": str(item.get_priority_display()),
        "phase": item.phase,
        "objectives": ", ".join(item.objective_codes),
    }
