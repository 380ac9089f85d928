"""Acceptance line by line: what a scope hands over, what of it was accepted, and what remains."""

from collections.abc import Collection, Iterable
from typing import Any

from projects.models import Phase, Project
from quality import acceptable
from quality.acceptable import Item
from quality.domain.errors import ForeignRows, NothingIsAccepted
from quality.enums import GIVEN
from quality.models import Acceptance, AcceptanceLine


def remaining(project: Project, phase: Phase | None) -> list[Item]:
    """Return the items of the scope that no acceptance has accepted yet."""
    accepted = set(
        AcceptanceLine.objects.filter(
            acceptance__project=project, acceptance__phase=phase, acceptance__state__in=GIVEN, is_accepted=True
        ).values_list("key", flat=True)
    )
    return [item for item in acceptable.items_of(project, phase) if item.key not in accepted]


def choose(items: Iterable[Item], keys: Collection[str] | None) -> list[tuple[Item, bool]]:
    """Return each item with whether it is to be accepted now; all of them where nothing is chosen.

    Raises ForeignRows for a key that is not among the items, NothingIsAccepted for an empty choice.
    """
    items = list(items)
    if keys is None:
        return [(item, True) for item in items]
    if set(keys) - {item.key for item in items}:
        raise ForeignRows
    if items and not keys:
        raise NothingIsAccepted
    return [(item, item.key in keys) for item in items]


def write(acceptance: Acceptance, chosen: Iterable[tuple[Item, bool]]) -> None:
    """Write the lines that go out with an acceptance."""
    AcceptanceLine.objects.bulk_create(
        AcceptanceLine(
            acceptance=acceptance, position=position, key=item.key, label=item.label[:300], is_accepted=is_accepted
        )
        for position, (item, is_accepted) in enumerate(chosen, start=1)
    )


def manifest(lines: Iterable[AcceptanceLine]) -> list[dict[str, Any]]:
    """Return the lines as they are signed."""
    return [{"key": line.key, "name": line.label, "accepted": line.is_accepted} for line in lines]
