"""The gate at the end of a phase: its reviews, what they ask for, and whether the next phase may open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.domain import errors
from projects.domain.numbers import next_number
from projects.enums import PASSING, Audience, GateVerdict, PhaseItemKind, PhaseState
from projects.gate_facts import GateFact, facts_of
from projects.models import GateFinding, GateOverride, GateReview, Phase, Project


@dataclass(frozen=True)
class Finding:
    """One line of a review; an `action` has its owner and the day by which it is done."""

    statement: str
    action: str = ""
    owner: User | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Gate:
    """How the gate of one phase stands."""

    phase: Phase
    ticked: int
    checks: int
    review: GateReview | None  # the latest, if it exists for who looks
    may_review: bool


def phase_before(phase: Phase) -> Phase | None:
    """Return the phase whose gate leads to `phase`; none leads to the first."""
    return phase.project.phases.filter(number__lt=phase.number).order_by("-number").first()


def is_passed(phase: Phase) -> bool:
    """Whether the latest review of the gate of `phase` lets the next phase open."""
    latest = GateReview.objects.filter(phase=phase).order_by("-number").values_list("verdict", flat=True).first()
    return latest in PASSING


def checklist_facts(phase: Phase, on: date) -> list[GateFact]:
    """Return how much of the check-list is ticked."""
    ticks = [item.done_at is not None for item in phase.items.filter(kind=PhaseItemKind.CHECK)]
    if not ticks:
        return []
    return [GateFact(_("Check-list"), f"{sum(ticks)} / {len(ticks)}", "good" if all(ticks) else "risk")]


@transaction.atomic
def record_review(
    phase_id: int,
    *,
    held_on: date,
    verdict: str,
    participants: Sequence[User],
    findings: Iterable[Finding] = (),
    summary: str = "",
    audience: str = Audience.TEAM,
    shared_for_audit: bool = False,
    by: User,
) -> GateReview:
    """Record a gate review that was held; the owners of its actions are told.

    Raises MoveNotAllowed for a phase that has not started, ReviewInFuture, NoParticipants, NotAMember,
    GateChecksOpen, and a VerdictDoesNotFit where verdict and findings contradict each other.
    """
    phase = Phase.objects.select_for_update(of=("self",)).select_related("project__customer").get(pk=phase_id)
    findings = list(findings)
    if phase.state == PhaseState.PLANNED:
        raise errors.MoveNotAllowed(name=phase.name, state=phase.get_state_display())
    if held_on > timezone.localdate():
        raise errors.ReviewInFuture
    _check_people(phase.project, participants, findings)
    _check_verdict(phase, verdict, findings)
    review = GateReview(
        project=phase.project,
        number=next_number(GateReview, phase.project),
        phase=phase,
        held_on=held_on,
        verdict=verdict,
        summary=summary,
        audience=audience,
        shared_for_audit=shared_for_audit,
        facts=_facts_kept(phase, held_on),
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    review.save(force_insert=True)
    review.participants.set(participants)
    rows = GateFinding.objects.bulk_create(
        GateFinding(review=review, position=position, **vars(finding))
        for position, finding in enumerate(findings, start=1)
    )
    trail.record("review", review, by=by, before={}, facts={"participants": [person.name for person in participants]})
    for row in rows:
        _tell_owner(row, by=by)
    return review


def _check_people(project: Project, participants: Sequence[User], findings: list[Finding]) -> None:
    if not participants:
        raise errors.NoParticipants
    people = [*participants, *(finding.owner for finding in findings if finding.owner)]
    members = set(project.memberships.filter(user__in=people).values_list("user", flat=True))
    for person in people:
        if person.pk not in members:
            raise errors.NotAMember(person=person.name)


def _check_verdict(phase: Phase, verdict: str, findings: list[Finding]) -> None:
    has_actions = any(finding.action for finding in findings)
    if verdict == GateVerdict.PASS:
        if has_actions:
            raise errors.PassedHasActions
        if left := phase.items.filter(kind=PhaseItemKind.CHECK, done_at=None).count():
            raise errors.GateChecksOpen(open=left)
    if verdict == GateVerdict.PASS_WITH_ACTIONS and not has_actions:
        raise errors.ActionMissing
    if verdict == GateVerdict.FAIL and not findings:
        raise errors.FindingMissing


def _facts_kept(phase: Phase, on: date) -> list[list[str]]:
    with translation.override(phase.project.language):
        return [[str(fact.label), str(fact.value)] for fact in facts_of(phase, on=on)]


def _tell_owner(finding: GateFinding, *, by: User) -> None:
    if finding.owner and finding.owner != by:
        outbox.tell(
            finding.owner, "projects/mails/gate_action", {"finding": finding, "by": by}, url=finding.get_absolute_url()
        )


@transaction.atomic
def finish_action(finding_id: int, *, outcome: str, by: User) -> GateFinding:
    """Say what was done about a finding; who recorded the review is told. Raises ActionAlreadyDone."""
    finding = (
        GateFinding.objects.select_for_update(of=("self",))
        .select_related("review__project", "done_by")
        .get(pk=finding_id)
    )
    if finding.done_by:
        raise errors.ActionAlreadyDone(person=finding.done_by.name)
    before = trail.snapshot(finding)
    finding.outcome, finding.done_at, finding.done_by = outcome, timezone.now(), by
    finding.save(update_fields=["outcome", "done_at", "done_by"])
    trail.record("finish", finding, by=by, before=before)
    keeper = finding.review.recorded_by
    if keeper != by:
        context = {"finding": finding, "by": by}
        outbox.tell(keeper, "projects/mails/gate_action_done", context, url=finding.get_absolute_url())
    return finding


def keep_override(phase: Phase, *, reason: str, by: User) -> GateOverride:
    """Put on record that `phase` opens although the gate before it is not passed. The caller opens it."""
    override = GateOverride(phase=phase, reason=reason, given_by=by, given_at=timezone.now())
    override.save(force_insert=True)
    trail.record("override", override, by=by, before={}, facts={"phase": phase.name})
    return override


def gates_of(project: Project, reviews: Any, *, may_review: bool) -> list[Gate]:
    """Return the gate of every phase; `reviews` are those that exist for who looks. Two queries."""
    latest = {review.phase_id: review for review in reviews.filter(project=project).latest().with_open_actions()}
    phases = project.phases.with_checks()
    return [
        Gate(
            phase=phase,
            ticked=phase.ticked_count,
            checks=phase.check_count,
            review=latest.get(phase.pk),
            may_review=may_review and phase.state != PhaseState.PLANNED,
        )
        for phase in phases
    ]
