import pytest
from django.db import IntegrityError, transaction

from audit.domain import trail
from quality.domain import acceptances, cases, contents, evaluation, facts, waivers
from quality.domain.errors import CriteriaNotMet, ForeignRows, ReasonMissing, WaiverMoveNotAllowed, WaiverStands
from quality.enums import Outcome, RequirementStatus, Verdict, WaiverState
from quality.models import Execution, TestCase, Waiver
from signing.domain import requests, signatures
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.quality.factories import (
    CaseFactory,
    CriteriaSetFactory,
    CriterionFactory,
    ExecutionFactory,
    ResultFactory,
)
from tests.quality.signing import accepted_scope, people, requested, signers
from tests.requirements.factories import RequirementFactory
from tests.signing.factories import BY_CODE, sign_next

pytestmark = pytest.mark.django_db


def propose(project, sides=None, **subject):
    manager, sponsor = sides or people(project)
    return waivers.propose(
        project, reason="The plant is closed", by=manager, signers=signers(manager, sponsor), **subject
    )


def signed(project, **subject):
    waiver = propose(project, **subject)
    sign_next(waiver.document)
    sign_next(waiver.document)
    waiver.refresh_from_db()
    return waiver


def gate(criteria_set, *sources):
    """Measure these sources in the scope of the criteria: the values, in percent or as counts."""
    scope = facts.of_scope(criteria_set.project, criteria_set.phase)
    criteria = [CriterionFactory(criteria_set=criteria_set, source=source) for source in sources]
    return [line.measured.value for line in evaluation.evaluate_all(criteria, scope)]


@pytest.fixture
def failing():
    """A scope of two cases of priority 1, of which one fails; returns its criteria and the failing case."""
    criteria_set = accepted_scope()
    TestCase.objects.update(priority=1)
    case = CaseFactory(project=criteria_set.project, shared=True, priority=1)
    execution = ExecutionFactory(run=Execution.objects.get().run, case=case)
    ResultFactory(execution=execution, outcome=Outcome.FAILED)
    return criteria_set, case


def test_a_waived_case_stands_apart_and_is_never_a_pass(failing):
    criteria_set, case = failing
    rates = ("execution_rate", "priority_1_pass_rate", "pass_rate", "unsigned_waivers")
    assert gate(criteria_set, *rates) == [100, 50, 50, 0]
    waiver = propose(criteria_set.project, case=case)
    assert gate(criteria_set, *rates) == [100, 50, 50, 1]
    sign_next(waiver.document)
    sign_next(waiver.document)
    assert gate(criteria_set, *rates) == [100, 100, 50, 0]
    ResultFactory(execution=Execution.objects.get(case=case), outcome=Outcome.PASSED)
    assert gate(criteria_set, *rates) == [100, 100, 50, 0]


def test_a_waived_requirement_has_that_status_until_its_next_version():
    requirement = RequirementFactory()
    assert facts.status_of(requirement) == RequirementStatus.UNCOVERED
    waiver = propose(requirement.project, requirement=requirement)
    assert facts.status_of(requirement) == RequirementStatus.UNCOVERED
    sign_next(waiver.document)
    sign_next(waiver.document)
    assert facts.status_of(requirement) == RequirementStatus.WAIVED
    assert waivers.waived_requirements(requirement.project) == {requirement.number}
    requirement.version += 1
    requirement.save()
    assert facts.status_of(requirement) == RequirementStatus.UNCOVERED
    assert not waivers.waived_requirements(requirement.project)


def test_a_waived_criterion_does_not_stand_in_the_way_and_is_listed():
    criteria_set = CriteriaSetFactory(agreed=True)
    criterion = CriterionFactory(criteria_set=criteria_set, position=1)
    sides = people(criteria_set.project)
    ask = {"by": sides[0], "signers": signers(*sides)}
    waiver = propose(criteria_set.project, sides, criterion=criterion)
    with pytest.raises(CriteriaNotMet):
        acceptances.request_acceptance(criteria_set.project, None, **ask)
    sign_next(waiver.document)
    sign_next(waiver.document)
    content = contents.read(criteria_set)
    assert [line.verdict for line in content.lines] == [Verdict.WAIVED]
    assert (content.is_met, content.lines[0].is_met) == (True, False)
    acceptance = acceptances.request_acceptance(criteria_set.project, None, **ask)
    assert acceptance.document.manifest["waivers"] == [
        {"number": waiver.code, "subject": criterion.statement, "document": waiver.document.label}
    ]
    assert "Waivers signed by the customer" in acceptance.document.body_html


def test_a_signed_waiver_voids_an_acceptance_that_waits():
    acceptance = requested()
    sides = acceptance.requested_by, acceptance.document.signers.get(order=2).user
    waiver = propose(acceptance.project, sides, case=TestCase.objects.get())
    acceptance.refresh_from_db()
    assert acceptance.state == "requested"
    sign_next(waiver.document)
    sign_next(waiver.document)
    acceptance.refresh_from_db()
    assert acceptance.state == "voided"


def test_a_declined_waiver_counts_for_nothing_and_can_be_proposed_anew():
    case = CaseFactory()
    sides = people(case.project)
    waiver = propose(case.project, sides, case=case)
    sign_next(waiver.document)
    signatures.decline(waiver.document.signers.unsigned().get().pk, "We need it", BY_CODE)
    waiver.refresh_from_db()
    assert (waiver.state, waiver.decided_because) == (WaiverState.DECLINED, "We need it")
    assert not waivers.waivers_of(case.project).exists()
    assert propose(case.project, sides, case=case).number == 2
    assert [entry.action for entry in trail.entries_for(waiver)] == ["propose", "refuse"]


def test_a_new_version_of_the_case_voids_a_proposal_that_waits():
    case = CaseFactory()
    waiver = propose(case.project, case=case)
    cases.edit_case(case.pk, by=UserFactory(), version=1, title="Another title")
    waiver.refresh_from_db()
    assert waiver.state == WaiverState.VOIDED


def test_propose_refuses_what_is_not_one_thing_of_the_project_or_stands():
    case = CaseFactory()
    project, sides = case.project, people(case.project)
    draft = CriterionFactory(criteria_set=CriteriaSetFactory(project=project))
    for subject in ({}, {"case": case, "criterion": draft}, {"criterion": draft}, {"case": CaseFactory()}):
        with pytest.raises(ForeignRows):
            propose(project, sides, **subject)
    with pytest.raises(ReasonMissing):
        waivers.propose(project, case=case, reason=" ", by=sides[0], signers=signers(*sides))
    propose(project, sides, case=case)
    with pytest.raises(WaiverStands):
        propose(project, sides, case=case)


@pytest.mark.parametrize("state", [state for state in WaiverState if state != WaiverState.SENT])
@pytest.mark.parametrize("follow", [waivers.follow_signed, waivers.follow_declined, waivers.follow_voided])
def test_a_waiver_that_ended_moves_no_more(state, follow):
    waiver = propose(CaseFactory().project, case=TestCase.objects.get())
    Waiver.objects.update(state=state, decided_at=waiver.proposed_at)
    with pytest.raises(WaiverMoveNotAllowed):
        follow(waiver.document)


def test_an_expired_proposal_is_voided_and_the_database_wants_one_subject():
    case = CaseFactory(project=ProjectFactory())
    waiver = propose(case.project, case=case)
    requests.expire_due(waiver.document.expires_at)
    waiver.refresh_from_db()
    assert waiver.state == WaiverState.VOIDED
    with transaction.atomic(), pytest.raises(IntegrityError, match="has_one_subject"):
        Waiver.objects.update(case=None)
