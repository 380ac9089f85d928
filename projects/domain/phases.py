"""The moves of a phase, and its check-list."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from projects.domain import errors, gates
from projects.enums import PhaseItemKind, PhaseState
from projects.models import Phase, PhaseItem

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "start": ({PhaseState.PLANNED}, PhaseState.ACTIVE),
    "finish": ({PhaseState.ACTIVE}, PhaseState.DONE),
    "reopen": ({PhaseState.DONE}, PhaseState.ACTIVE),
}


def moves_of(phase: Phase) -> list[str]:
    """Return the names of the moves that start from the state `phase` is in."""
    return [name for name, (sources, _target) in MOVES.items() if phase.state in sources]


@transaction.atomic
def move_phase(phase_id: int, move: str, *, by: User) -> Phase:
    """Start, finish or reopen a phase. It opens through the gate before it and ends with its check-list ticked off.

    Raises MoveNotAllowed, GateNotPassed for a start, and ChecklistOpen for a finish with items left.
    """
    phase = _lock(phase_id, move)
    if move == "start" and (before_it := gates.phase_before(phase)) and not gates.is_passed(before_it):
        raise errors.GateNotPassed(name=phase.name, before=before_it.name)
    if move == "finish" and (left := phase.items.filter(kind=PhaseItemKind.CHECK, done_at=None).count()):
        raise errors.ChecklistOpen(name=phase.name, open=left)
    return _set_state(phase, move, by=by)


@transaction.atomic
def open_without_gate(phase_id: int, *, reason: str, by: User) -> Phase:
    """Start a phase although the gate before it is not passed; who did so and why stays on record.

    Raises MoveNotAllowed.
    """
    phase = _lock(phase_id, "start")
    gates.keep_override(phase, reason=reason, by=by)
    return _set_state(phase, "start", by=by)


def _lock(phase_id: int, move: str) -> Phase:
    phase = Phase.objects.select_for_update(of=("self",)).select_related("project").get(pk=phase_id)
    if phase.state not in MOVES[move][0]:
        raise errors.MoveNotAllowed(name=phase.name, state=phase.get_state_display())
    return phase


def _set_state(phase: Phase, move: str, *, by: User) -> Phase:
    before = trail.snapshot(phase)
    phase.state = MOVES[move][1]
    phase.save(update_fields=["state"])
    trail.record(move, phase, by=by, before=before)
    return phase


@transaction.atomic
def tick_item(item_id: int, *, done: bool, by: User) -> PhaseItem:
    """Tick a check-list item, or take the tick back. Ticking what is ticked changes nothing.

    Raises MoveNotAllowed once the phase is done.
    """
    item = PhaseItem.objects.select_for_update(of=("self",)).select_related("phase").get(pk=item_id)
    if item.phase.state == PhaseState.DONE:
        raise errors.MoveNotAllowed(name=item.phase.name, state=item.phase.get_state_display())
    if done == bool(item.done_at):
        return item
    before = trail.snapshot(item)
    item.done_at, item.done_by = (timezone.now(), by) if done else (None, None)
    item.save(update_fields=["done_at", "done_by"])
    trail.record("tick" if done else "untick", item, by=by, before=before)
    return item
