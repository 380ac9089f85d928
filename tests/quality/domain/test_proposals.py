import pytest
from django.db import IntegrityError

from notices.models import Message
from projects.enums import Audience, Role
from quality.domain import proposals
from quality.domain.cases import Step
from quality.domain.errors import CasesHaveNoSteps, ProposalIsDecided, ReasonMissing
from quality.enums import ProposalState
from quality.models import CaseProposal, TestCase
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import ProposalFactory

pytestmark = pytest.mark.django_db
STEP = Step("Scan the receipt", "The sale is shown")
FIELDS = {"title": "Give back goods", "process": "Sales at the till", "preconditions": ""}
DO = {
    "complete": lambda proposal: proposals.complete_proposal(proposal.pk, by=UserFactory(), steps=[STEP], **FIELDS),
    "decline": lambda proposal: proposals.decline_proposal(proposal.pk, by=UserFactory(), reason="As TC-004"),
}


def subjects_to(person):
    return list(Message.objects.filter(recipient=person, channel="in_app").values_list("subject", flat=True))


def in_state(state):
    proposal = ProposalFactory()
    if state != ProposalState.PROPOSED:
        DO[{ProposalState.COMPLETED: "complete", ProposalState.DECLINED: "decline"}[state]](proposal)
    return proposal


@pytest.mark.parametrize("state", ProposalState)
@pytest.mark.parametrize("name", proposals.MOVES)
def test_every_move_from_every_state(name, state):
    proposal = in_state(state)
    sources, target = proposals.MOVES[name]
    if state in sources:
        DO[name](proposal)
        proposal.refresh_from_db()
        assert proposal.state == target
    else:
        with pytest.raises(ProposalIsDecided):
            DO[name](proposal)


def test_propose_case_tells_the_testers():
    project = ProjectFactory()
    tester, manager = member(project, Role.TESTER), member(project, Role.PROJECT_MANAGER)
    proposal = proposals.propose_case(project, by=UserFactory(), steps=[STEP], why="Daily", **FIELDS)
    assert (proposal.code, proposal.audience) == ("CP-001", Audience.CUSTOMER)
    assert proposal.steps == [{"action": "Scan the receipt", "expected": "The sale is shown", "test_data": ""}]
    assert len(subjects_to(tester)) == 1
    assert subjects_to(manager) == []


def test_propose_case_tells_the_manager_where_there_is_no_tester():
    project = ProjectFactory()
    manager = member(project, Role.PROJECT_MANAGER)
    proposals.propose_case(project, by=UserFactory(), steps=[STEP], why="Daily", **FIELDS)
    assert subjects_to(manager) == [f"Test case proposed: Give back goods ({project.name})"]


def test_a_proposal_needs_a_step():
    with pytest.raises(CasesHaveNoSteps):
        proposals.propose_case(ProjectFactory(), by=UserFactory(), steps=[], why="Daily", **FIELDS)
    with pytest.raises(CasesHaveNoSteps):
        proposals.complete_proposal(ProposalFactory().pk, by=UserFactory(), steps=[], **FIELDS)
    assert not TestCase.objects.exists()


def test_complete_proposal_makes_the_case_and_tells_the_proposer():
    proposal = ProposalFactory()
    case = DO["complete"](proposal)
    proposal.refresh_from_db()
    assert (proposal.case, case.title, case.steps.get().action) == (case, "Give back goods", "Scan the receipt")
    (subject,) = subjects_to(proposal.proposed_by)
    assert subject.startswith("Your proposal is a test case now")


def test_decline_proposal_gives_the_proposer_the_reason():
    proposal = ProposalFactory()
    DO["decline"](proposal)
    assert "As TC-004" in Message.objects.get(recipient=proposal.proposed_by, channel="in_app").body


def test_decline_proposal_needs_a_reason():
    with pytest.raises(ReasonMissing):
        proposals.decline_proposal(ProposalFactory().pk, by=UserFactory(), reason=" ")


def test_decision_matches_state():
    proposal = ProposalFactory()
    with pytest.raises(IntegrityError, match="quality_caseproposal_decision_matches_state"):
        CaseProposal.objects.filter(pk=proposal.pk).update(state=ProposalState.DECLINED)
