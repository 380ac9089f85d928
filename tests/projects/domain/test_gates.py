from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.domain import trail
from notices.models import Message
from projects.domain import errors, gates, phases
from projects.enums import PASSING, GateVerdict, PhaseItemKind, PhaseState, Role
from projects.models import GateFinding, GateOverride, GateReview, PhaseItem
from tests.accounts.factories import UserFactory
from tests.projects.factories import GateReviewFactory, PhaseFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db
HELD = date(2026, 4, 1)


@pytest.fixture
def phase():
    return PhaseFactory(project=ProjectFactory(language="zh-hans"), number=1, state=PhaseState.ACTIVE)


@pytest.fixture
def manager(phase):
    return member(phase.project, Role.PROJECT_MANAGER)


def record(phase, by, verdict=GateVerdict.PASS, **fields):
    return gates.record_review(
        phase.pk, **{"held_on": HELD, "participants": [by], "verdict": verdict, "by": by} | fields
    )


def an_action(owner, statement="The fallback is not rehearsed"):
    return gates.Finding(statement, "Rehearse it", owner, date(2026, 4, 8))


@pytest.mark.parametrize("verdict", GateVerdict)
def test_a_phase_opens_only_through_the_gate_before_it(phase, manager, verdict):
    following = PhaseFactory(project=phase.project, number=2)
    with pytest.raises(errors.GateNotPassed):
        phases.move_phase(following.pk, "start", by=manager)
    findings = {GateVerdict.PASS: [], GateVerdict.FAIL: [gates.Finding("Nothing is signed")]}

    record(phase, manager, verdict, findings=findings.get(verdict, [an_action(manager)]))

    if verdict in PASSING:
        assert phases.move_phase(following.pk, "start", by=manager).state == PhaseState.ACTIVE
    else:
        with pytest.raises(errors.GateNotPassed):
            phases.move_phase(following.pk, "start", by=manager)


def test_the_latest_review_counts(phase, manager):
    record(phase, manager)
    record(phase, manager, GateVerdict.FAIL, findings=[gates.Finding("The scope is not signed after all")])

    assert not gates.is_passed(phase)
    assert [review.verdict for review in GateReview.objects.latest()] == [GateVerdict.FAIL]


def test_open_without_gate_keeps_name_and_reason(phase, manager):
    following = PhaseFactory(project=phase.project, number=2)

    opened = phases.open_without_gate(following.pk, reason="The customer moves the go-live forward", by=manager)

    assert opened.state == PhaseState.ACTIVE
    override = GateOverride.objects.get()
    assert (override.phase, override.given_by) == (following, manager)
    assert [entry.action for entry in trail.entries_for(override)] == ["override"]
    with pytest.raises(errors.MoveNotAllowed):
        phases.open_without_gate(following.pk, reason="Once more", by=manager)


def test_record_review_keeps_what_was_known_in_the_language_of_the_project(phase, manager):
    PhaseItem.objects.create(
        phase=phase, kind=PhaseItemKind.CHECK, position=1, text="x", done_at=timezone.now(), done_by=manager
    )
    PhaseItem.objects.create(phase=phase, kind=PhaseItemKind.CHECK, position=2, text="y")

    review = record(phase, manager, GateVerdict.PASS_WITH_ACTIONS, findings=[an_action(manager)])

    assert ["检查清单", "1 / 2"] in review.facts
    entry = trail.entries_for(review).get()
    assert (entry.action, entry.facts["participants"]) == ("review", [manager.name])


def test_record_review_tells_the_owner_of_an_action(phase, manager):
    owner = member(phase.project, Role.CONSULTANT)

    record(phase, manager, GateVerdict.PASS_WITH_ACTIONS, findings=[an_action(owner), an_action(manager)])

    assert set(Message.objects.values_list("recipient", flat=True)) == {owner.pk}


@pytest.mark.parametrize(
    ("verdict", "findings", "refusal"),
    [
        (GateVerdict.PASS, ["action"], errors.PassedHasActions),
        (GateVerdict.PASS_WITH_ACTIONS, [], errors.ActionMissing),
        (GateVerdict.PASS_WITH_ACTIONS, ["remark"], errors.ActionMissing),
        (GateVerdict.FAIL, [], errors.FindingMissing),
    ],
)
def test_record_review_refuses_a_verdict_that_contradicts_the_findings(phase, manager, verdict, findings, refusal):
    rows = [an_action(manager) if kind == "action" else gates.Finding("A remark") for kind in findings]

    with pytest.raises(refusal):
        record(phase, manager, verdict, findings=rows)
    assert not GateReview.objects.exists()


def test_record_review_does_not_pass_with_an_open_checklist(phase, manager):
    PhaseItem.objects.create(phase=phase, kind=PhaseItemKind.CHECK, position=1, text="Charter signed")

    with pytest.raises(errors.GateChecksOpen, match="1 items"):
        record(phase, manager)


def test_record_review_refuses_what_is_not_so(phase, manager):
    stranger = UserFactory()

    with pytest.raises(errors.ReviewInFuture):
        record(phase, manager, held_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(errors.NoParticipants):
        record(phase, manager, participants=[])
    with pytest.raises(errors.NotAMember):
        record(phase, manager, participants=[stranger])
    with pytest.raises(errors.NotAMember):
        record(phase, manager, GateVerdict.PASS_WITH_ACTIONS, findings=[an_action(stranger)])
    with pytest.raises(errors.MoveNotAllowed):
        record(PhaseFactory(project=phase.project, number=2), manager)


def test_finish_action_once(phase, manager):
    owner = member(phase.project, Role.CONSULTANT)
    finding = record(phase, manager, GateVerdict.PASS_WITH_ACTIONS, findings=[an_action(owner)]).findings.get()

    done = gates.finish_action(finding.pk, outcome="Rehearsed on 3 April", by=owner)

    assert (done.done_by, done.is_open) == (owner, False)
    assert Message.objects.filter(recipient=manager, channel="in_app").count() == 1
    with pytest.raises(errors.ActionAlreadyDone):
        gates.finish_action(finding.pk, outcome="Again", by=manager)


@pytest.mark.parametrize("change", [{"verdict": "fail"}, {"held_on": date(2026, 5, 1)}, {"facts": [["a", "b"]]}])
def test_the_database_keeps_what_a_review_recorded(change):
    review = GateReviewFactory()

    with pytest.raises(IntegrityError, match="is not changed"), transaction.atomic():
        GateReview.objects.filter(pk=review.pk).update(**change)
    with pytest.raises(IntegrityError, match="is not deleted"), transaction.atomic():
        GateReview.objects.filter(pk=review.pk).delete()
    assert GateReview.objects.filter(pk=review.pk).update(audience="customer") == 1


def test_the_database_keeps_a_finding_and_its_outcome(manager):
    finding = GateReviewFactory(with_action=True).findings.get()

    with pytest.raises(IntegrityError, match="is not changed"), transaction.atomic():
        GateFinding.objects.filter(pk=finding.pk).update(action="Nothing")
    gates.finish_action(finding.pk, outcome="Rehearsed", by=manager)
    with pytest.raises(IntegrityError, match="is not changed"), transaction.atomic():
        GateFinding.objects.filter(pk=finding.pk).update(outcome="Forgotten")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"action": "Do it"}, "projects_gatefinding_action_has_owner_and_date"),
        ({"outcome": "Done"}, "projects_gatefinding_done_is_an_action_with_outcome"),
    ],
)
def test_a_finding_is_whole(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        GateFinding.objects.create(review=GateReviewFactory(), position=1, statement="Something", **fields)
