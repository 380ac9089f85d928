"""Test cases that key users propose: a tester completes or declines one, and who proposed it is told."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.domain.numbers import next_number
from projects.enums import Role
from projects.models import Project
from quality.domain import cases
from quality.domain.cases import Step
from quality.domain.errors import CasesHaveNoSteps, ProposalIsDecided, ReasonMissing
from quality.enums import ProposalState
from quality.models import CaseProposal, TestCase

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "complete": ({ProposalState.PROPOSED}, ProposalState.COMPLETED),
    "decline": ({ProposalState.PROPOSED}, ProposalState.DECLINED),
}


@transaction.atomic
def propose_case(project: Project, *, by: User, steps: Sequence[Step], **fields: Any) -> CaseProposal:
    """Ask for a test case; those who test for the vendor are told. Raises CasesHaveNoSteps."""
    if not steps:
        raise CasesHaveNoSteps(cases=fields["title"])
    proposal = CaseProposal(
        project=project,
        number=next_number(CaseProposal, project),
        steps=[asdict(step) for step in steps],
        proposed_by=by,
        **fields,
    )
    proposal.save(force_insert=True)
    trail.record("create", proposal, by=by, before={})
    for person in _who_decide(project) - {by}:
        _tell(person, "quality/mails/case_proposed", proposal)
    return proposal


@transaction.atomic
def complete_proposal(proposal_id: int, *, by: User, steps: Sequence[Step], **fields: Any) -> TestCase:
    """Make the test case that was asked for, as the tester has put it. Raises ProposalIsDecided, CasesHaveNoSteps and
    what writing a case refuses."""
    proposal, before = _move(proposal_id, "complete", by=by)
    if not steps:
        raise CasesHaveNoSteps(cases=fields["title"])
    proposal.case = cases.create_case(proposal.project, by=by, steps=steps, **fields)
    proposal.save(update_fields=["state", "decided_by", "decided_at", "case"])
    trail.record("make_case", proposal, by=by, before=before)
    _tell(proposal.proposed_by, "quality/mails/proposal_completed", proposal)
    return proposal.case


@transaction.atomic
def decline_proposal(proposal_id: int, *, by: User, reason: str) -> CaseProposal:
    """Say why no case is made of it. Raises ReasonMissing, ProposalIsDecided."""
    if not reason.strip():
        raise ReasonMissing
    proposal, before = _move(proposal_id, "decline", by=by)
    proposal.reason = reason.strip()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    trail.record("decline", proposal, by=by, before=before)
    _tell(proposal.proposed_by, "quality/mails/proposal_declined", proposal)
    return proposal


def _move(proposal_id: int, name: str, *, by: User) -> tuple[CaseProposal, dict[str, Any]]:
    """Lock the proposal, check the move, set the new state; the caller saves and records it against the snapshot."""
    rows = CaseProposal.objects.select_for_update(of=("self",)).select_related("project", "proposed_by")
    proposal = rows.get(pk=proposal_id)
    sources, target = MOVES[name]
    if proposal.state not in sources:
        raise ProposalIsDecided(proposal=proposal.code, state=proposal.get_state_display())
    before = trail.snapshot(proposal)
    proposal.state, proposal.decided_by, proposal.decided_at = target, by, timezone.now()
    return proposal, before


def _who_decide(project: Project) -> set[User]:
    """The testers of the vendor, or where there is none the project managers."""
    for role in (Role.TESTER, Role.PROJECT_MANAGER):
        people = set(User.objects.filter(memberships__project=project, memberships__role=role, is_active=True))
        if people:
            return people
    return set()


def _tell(person: User, template: str, proposal: CaseProposal) -> None:
    facts = {"proposal": proposal, "project": proposal.project}
    outbox.tell(person, template, facts, url=proposal.get_absolute_url(), project_id=proposal.project_id)
