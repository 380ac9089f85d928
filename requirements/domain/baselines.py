"""The moves of a baseline, and what each does to its requirements. How it is made and sent: freezing.py, sending.py."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.enums import Role
from projects.models import Project
from requirements.domain.errors import MoveNotAllowed, ReasonMissing
from requirements.domain.scopes import lock_scope
from requirements.enums import DOCUMENT_KIND, BaselineState, RequirementState
from requirements.models import Baseline, Requirement
from signing.domain import requests
from signing.models import SignatureRequest, Signer

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "send": ({BaselineState.FROZEN}, BaselineState.SENT),
    "return": ({BaselineState.SENT}, BaselineState.FROZEN),  # declined, voided or expired
    "sign": ({BaselineState.SENT}, BaselineState.SIGNED),
    "reopen": ({BaselineState.SIGNED}, BaselineState.REOPENED),
    "discard": ({BaselineState.FROZEN}, BaselineState.DISCARDED),
}
STANDING = (BaselineState.FROZEN, BaselineState.SENT, BaselineState.SIGNED)


def standing(project: Project) -> Baseline | None:
    """Return the baseline that holds the scope still: frozen, out for signature, or signed and in force."""
    return Baseline.objects.filter(project=project, state__in=STANDING).first()


@transaction.atomic
def sign(baseline_id: int) -> Baseline:
    """Mark a baseline as signed by everyone asked; from now on its requirements cannot be edited.

    Raises MoveNotAllowed unless it is out for signature.
    """
    baseline = move(baseline_id, "sign", by=None, signed_at=timezone.now())
    move_requirements(baseline, RequirementState.SIGNED, action="sign", by=None)
    return baseline


@transaction.atomic
def take_back(baseline_id: int) -> Baseline:
    """Return a baseline whose request was declined, voided or has expired: it can be sent anew, or discarded."""
    return move(baseline_id, "return", by=None, sent_at=None)


@transaction.atomic
def discard(baseline_id: int, *, reason: str, by: User) -> Baseline:
    """Give up an open baseline: its requirements are drafts again, its frozen rows stay.

    A request that is out for signature is voided with the same reason. Raises ReasonMissing, or MoveNotAllowed once
    the baseline is signed.
    """
    if not reason.strip():
        raise ReasonMissing
    request = requests.open_for(Baseline.objects.get(pk=baseline_id), DOCUMENT_KIND)
    if request is not None:
        requests.void(request.pk, by=by, reason=reason)  # takes the baseline back, see kinds.py
    baseline = move(
        baseline_id, "discard", by=by, discarded_at=timezone.now(), discarded_by=by, discarded_reason=reason
    )
    move_requirements(baseline, RequirementState.DRAFT, action="release", by=by)
    return baseline


@transaction.atomic
def reopen(baseline_id: int, *, reason: str, by: User) -> Baseline:
    """Reopen a signed baseline so that the scope can change; it and its document stay, both sides are told.

    Raises ReasonMissing, or MoveNotAllowed unless it is signed.
    """
    if not reason.strip():
        raise ReasonMissing
    baseline = move(
        baseline_id, "reopen", by=by, reopened_at=timezone.now(), reopened_by=by, reopened_reason=reason.strip()
    )
    move_requirements(baseline, RequirementState.DRAFT, action="release", by=by)
    _tell_reopened(baseline)
    return baseline


@transaction.atomic
def share_for_audit(baseline_id: int, *, shared: bool, by: User) -> Baseline:
    """Let the project's auditors see the baseline, or no longer; what it lists stays as it is."""
    baseline = Baseline.objects.select_for_update(of=("self",)).get(pk=baseline_id)
    before = trail.snapshot(baseline)
    baseline.shared_for_audit = shared
    baseline.save(update_fields=["shared_for_audit"])
    trail.record("edit", baseline, by=by, before=before)
    return baseline


def _tell_reopened(baseline: Baseline) -> None:
    """Tell both sides: whoever signed it, the project managers and the sponsors."""
    project = baseline.project
    members = project.memberships.filter(role__in=[Role.PROJECT_MANAGER, Role.SPONSOR]).select_related("user")
    signers = Signer.objects.filter(request__in=requests_about(baseline), signed_at__isnull=False)
    people = {member.user for member in members} | {signer.user for signer in signers.select_related("user")}
    for user in sorted(people, key=lambda person: person.pk):
        outbox.tell(
            user,
            "requirements/mails/baseline_reopened",
            {"baseline": baseline, "project": project},
            url=baseline.get_absolute_url(),
            key=f"requirements.reopened:{baseline.pk}",
            project_id=project.pk,
        )


def requests_about(baseline: Baseline):
    """Return the signature requests that the baseline was sent with, the last one first."""
    return SignatureRequest.objects.about(baseline).filter(kind=DOCUMENT_KIND).order_by("-version")


def move_requirements(baseline: Baseline, state: RequirementState, *, action: str, by: User | None) -> None:
    """Set the state of every requirement of `baseline`, with one line of the trail each."""
    requirements = Requirement.objects.filter(frozen__baseline=baseline)
    requirements.update(state=state)
    trail.record_many(action, requirements.order_by("number"), by=by, facts={"baseline": baseline.code})


def move(baseline_id: int, name: str, *, by: User | None, **fields) -> Baseline:
    """Lock the scope, check the move, set and record the new state and the fields of the move.

    For the functions of the domain that make a move, in their transaction. Raises MoveNotAllowed.
    """
    baseline = Baseline.objects.select_related("project").get(pk=baseline_id)
    lock_scope(baseline.project)
    baseline.refresh_from_db()
    sources, target = MOVES[name]
    if baseline.state not in sources:
        raise MoveNotAllowed.of(baseline)
    before = trail.snapshot(baseline)
    baseline.state = target
    for field, value in fields.items():
        setattr(baseline, field, value)
    baseline.save(update_fields=["state", *fields])
    trail.record(name, baseline, by=by, before=before)
    return baseline
