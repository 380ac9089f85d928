import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.domain import trail
from requirements.domain import baselines
from requirements.domain.errors import MoveNotAllowed, ReasonMissing
from requirements.enums import BaselineState, RequirementState
from requirements.models import Baseline, BaselineItem, BaselineObjective
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.requirements.factories import frozen_baseline

pytestmark = pytest.mark.django_db

STEPS = {
    "sign": lambda baseline: baselines.sign(baseline.pk),
    "return": lambda baseline: baselines.take_back(baseline.pk),
    "reopen": lambda baseline: baselines.reopen(baseline.pk, reason="New plant", by=UserFactory()),
    "discard": lambda baseline: baselines.discard(baseline.pk, reason="Wrong scope", by=UserFactory()),
}


def allowed(name):
    """Discarding voids an open request first, so it starts from SENT as well."""
    sources = baselines.MOVES[name][0]
    return sources | {BaselineState.SENT} if name == "discard" else sources


REFUSED = [(name, state) for name in STEPS for state in sorted(set(BaselineState) - allowed(name))]


def requirement_states(baseline):
    return {item.requirement.state for item in baseline.items.select_related("requirement")}


@pytest.mark.parametrize(("name", "state"), REFUSED)
def test_move_refuses_every_other_state(name, state):
    baseline = frozen_baseline(state=state)
    with pytest.raises(MoveNotAllowed):
        STEPS[name](baseline)


def test_sign_marks_the_requirements_as_signed():
    baseline = baselines.sign(frozen_baseline(state=BaselineState.SENT).pk)
    assert (baseline.state, baseline.signed_at is not None) == (BaselineState.SIGNED, True)
    assert requirement_states(baseline) == {RequirementState.SIGNED}


def test_take_back_lets_it_be_sent_anew():
    baseline = baselines.take_back(frozen_baseline(state=BaselineState.SENT).pk)
    assert (baseline.state, baseline.sent_at) == (BaselineState.FROZEN, None)
    assert requirement_states(baseline) == {RequirementState.FROZEN}


def test_discard_makes_the_requirements_drafts_and_keeps_the_frozen_rows():
    baseline, by = frozen_baseline(requirements=2), UserFactory()
    baseline = baselines.discard(baseline.pk, reason="Wrong scope", by=by)
    assert (baseline.state, baseline.discarded_by, baseline.discarded_reason) == ("discarded", by, "Wrong scope")
    assert requirement_states(baseline) == {RequirementState.DRAFT}
    assert baseline.items.count() == 2


def test_reopen_makes_the_requirements_drafts_and_is_recorded_with_its_reason():
    baseline, by = frozen_baseline(state=BaselineState.SIGNED), UserFactory()
    baseline = baselines.reopen(baseline.pk, reason=" New plant ", by=by)
    assert (baseline.state, baseline.reopened_by, baseline.reopened_reason) == ("reopened", by, "New plant")
    assert requirement_states(baseline) == {RequirementState.DRAFT}
    entry = trail.entries_for(baseline).last()
    assert (entry.action, entry.actor, entry.changes["reopened_reason"]) == ("reopen", by, ["", "New plant"])


@pytest.mark.parametrize("name", ["reopen", "discard"])
def test_move_refuses_without_a_reason(name):
    baseline = frozen_baseline(state=BaselineState.SIGNED if name == "reopen" else BaselineState.FROZEN)
    with pytest.raises(ReasonMissing):
        getattr(baselines, name)(baseline.pk, reason="  ", by=UserFactory())


def test_standing_is_the_baseline_that_holds_the_scope():
    project = ProjectFactory()
    frozen_baseline(project, state=BaselineState.DISCARDED)
    assert baselines.standing(project) is None
    signed = frozen_baseline(project, state=BaselineState.SIGNED)
    assert baselines.standing(project) == signed


def row(project, number, **fields):
    return Baseline(project=project, number=number, frozen_at=timezone.now(), frozen_by=UserFactory(), **fields)


def now():
    return timezone.now()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("requirements_baseline_state_is_known", lambda: {"state": "lost"}),
        ("requirements_baseline_sending_matches_state", lambda: {"state": "sent"}),
        ("requirements_baseline_sending_matches_state", lambda: {"state": "frozen", "sent_at": now()}),
        ("requirements_baseline_signing_matches_state", lambda: {"state": "signed", "sent_at": now()}),
        (
            "requirements_baseline_signing_matches_state",
            lambda: {"state": "sent", "sent_at": now(), "signed_at": now()},
        ),
        (
            "requirements_baseline_reopening_matches_state",
            lambda: {"state": "reopened", "sent_at": now(), "signed_at": now()},
        ),
        ("requirements_baseline_discarding_matches_state", lambda: {"state": "discarded", "discarded_at": now()}),
        ("requirements_baseline_discarding_matches_state", lambda: {"discarded_reason": "Wrong scope"}),
    ],
)
def test_database_keeps_state_and_its_facts_together(name, fields):
    with pytest.raises(IntegrityError, match=name):
        row(ProjectFactory(), 1, **fields()).save()


def test_database_keeps_one_open_baseline_per_project():
    project = ProjectFactory()
    row(project, 1).save()
    with pytest.raises(IntegrityError):
        row(project, 2, state="sent", sent_at=now()).save()


def test_database_keeps_one_signed_baseline_per_project():
    project = ProjectFactory()
    row(project, 1, state="signed", sent_at=now(), signed_at=now()).save()
    with pytest.raises(IntegrityError):
        row(project, 2, state="signed", sent_at=now(), signed_at=now()).save()


@pytest.mark.parametrize("model", [BaselineItem, BaselineObjective])
def test_database_keeps_frozen_rows_as_they_were_written(model):
    frozen_baseline()
    for change in (lambda: model.objects.update(title="Something else"), lambda: model.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
