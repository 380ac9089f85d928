"""What the scope of an acceptance hands over, line by line: offered one by one, so that a part can be accepted and the
rest stays on the list. Later parts of the house (a register of deliverables) register theirs in AppConfig.ready()."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from projects.enums import PhaseItemKind
from projects.models import Phase, PhaseItem, Project


@dataclass(frozen=True)
class Item:
    """One thing that can be accepted. Its key stays the same for as long as it is the same thing."""

    key: str
    label: str


ItemsOf = Callable[[Project, Phase | None], Iterable[Item]]  # of a phase, or of the whole project
_kinds: dict[str, ItemsOf] = {}


def register(kind: str, items_of: ItemsOf) -> None:
    """Add a kind of thing. The keys of its items begin with `kind` and a colon."""
    if kind in _kinds:
        raise ValueError(f"the kind of line {kind} is registered twice")
    _kinds[kind] = items_of


def items_of(project: Project, phase: Phase | None) -> list[Item]:
    """Return what the scope hands over, kind by kind, each in its own order."""
    return [item for kind in _kinds.values() for item in kind(project, phase)]


def phases_of(project: Project, phase: Phase | None) -> Iterable[Item]:
    """The whole project hands over its phases."""
    return [Item(f"phase:{row.code}", str(row)) for row in project.phases.all()] if phase is None else []


def outputs_of(project: Project, phase: Phase | None) -> Iterable[Item]:
    """A phase hands over the outputs that its playbook names."""
    if phase is None:
        return []
    rows = PhaseItem.objects.filter(phase=phase, kind=PhaseItemKind.OUTPUT)
    return [Item(f"output:{row.pk}", row.text) for row in rows]


register("phase", phases_of)
register("output", outputs_of)
