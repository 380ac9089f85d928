import pytest

from audit.domain import trail
from projects.domain import errors, phases
from projects.enums import PhaseItemKind, PhaseState
from projects.models import PhaseItem
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory

pytestmark = pytest.mark.django_db


def check(phase, position=1):
    return PhaseItem.objects.create(phase=phase, kind=PhaseItemKind.CHECK, position=position, text="Charter signed")


@pytest.mark.parametrize(
    ("move", "source", "target"), [(m, s, t) for m, (ss, t) in phases.MOVES.items() for s in sorted(ss)]
)
def test_move_phase_follows_the_table(move, source, target):
    phase = PhaseFactory(state=source)

    assert phases.move_phase(phase.pk, move, by=UserFactory()).state == target
    entry = trail.entries_for(phase).get()
    assert (entry.action, entry.changes) == (move, {"state": [source, target]})


@pytest.mark.parametrize(
    ("move", "state"), [(m, s) for m, (ss, _t) in phases.MOVES.items() for s in sorted(set(PhaseState) - ss)]
)
def test_move_phase_refuses_every_other_state(move, state):
    with pytest.raises(errors.MoveNotAllowed):
        phases.move_phase(PhaseFactory(state=state).pk, move, by=UserFactory())


def test_move_phase_does_not_finish_with_open_checks():
    phase = PhaseFactory(state=PhaseState.ACTIVE)
    check(phase)

    with pytest.raises(errors.ChecklistOpen, match="1 check-list"):
        phases.move_phase(phase.pk, "finish", by=UserFactory())


def test_move_phase_finishes_with_all_ticked():
    phase = PhaseFactory(state=PhaseState.ACTIVE)
    phases.tick_item(check(phase).pk, done=True, by=UserFactory())

    assert phases.move_phase(phase.pk, "finish", by=UserFactory()).state == PhaseState.DONE


def test_tick_item_keeps_who_and_when():
    item, user = check(PhaseFactory()), UserFactory()

    phases.tick_item(item.pk, done=True, by=user)

    item.refresh_from_db()
    assert item.done_by == user
    assert item.done_at is not None


def test_tick_item_twice_keeps_the_first():
    item, first = check(PhaseFactory()), UserFactory()
    phases.tick_item(item.pk, done=True, by=first)

    assert phases.tick_item(item.pk, done=True, by=UserFactory()).done_by == first


def test_tick_item_takes_the_tick_back():
    item = check(PhaseFactory())
    phases.tick_item(item.pk, done=True, by=UserFactory())

    item = phases.tick_item(item.pk, done=False, by=UserFactory())

    assert (item.done_at, item.done_by) == (None, None)


def test_tick_item_refuses_once_the_phase_is_done():
    with pytest.raises(errors.MoveNotAllowed):
        phases.tick_item(check(PhaseFactory(state=PhaseState.DONE)).pk, done=True, by=UserFactory())
