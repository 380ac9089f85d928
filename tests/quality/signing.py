"""Scopes brought to where the test begins: criteria agreed, every criterion met, an acceptance out for signature."""

from datetime import date

from projects.enums import Role
from quality.domain import acceptances, punch_items
from quality.enums import Outcome
from signing.domain import signatures
from signing.domain.requests import SignerSpec
from signing.enums import Side
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import (
    CaseFactory,
    CriteriaSetFactory,
    CriterionFactory,
    ExecutionFactory,
    ResultFactory,
    RunFactory,
)
from tests.signing.factories import BY_CODE, sign_next

PASS_RATE = {
    "kind": "functional",
    "source": "pass_rate",
    "operator": "ge",
    "threshold_scaled": 950_000,
    "unit": "%",
    "statement": "At least 95 % pass",
}


def people(project):
    return member(project, Role.PROJECT_MANAGER), member(project, Role.SPONSOR)


def signers(manager, sponsor):
    return [SignerSpec(manager, Side.VENDOR, 1), SignerSpec(sponsor, Side.CUSTOMER, 2)]


def accepted_scope(phase=None, project=None):
    """A scope whose only criterion (the pass rate) is met by one case; returns its agreed criteria."""
    project = project or (phase.project if phase else ProjectFactory())
    criteria_set = CriteriaSetFactory(project=project, phase=phase, agreed=True)
    CriterionFactory(criteria_set=criteria_set, **PASS_RATE)
    run = RunFactory(project=project, phase=phase, running=True)
    execution = ExecutionFactory(run=run, case=CaseFactory(project=project, shared=True))
    ResultFactory(execution=execution, outcome=Outcome.PASSED)
    return criteria_set


def requested(phase=None, project=None, criteria_set=None):
    """An acceptance that waits for the project manager, then the sponsor."""
    criteria_set = criteria_set or accepted_scope(phase, project)
    manager, sponsor = people(criteria_set.project)
    return acceptances.request_acceptance(
        criteria_set.project, criteria_set.phase, by=manager, signers=signers(manager, sponsor)
    )


def declined(project=None, reason="The invoices are late"):
    """An acceptance that the project manager signed and the sponsor declined."""
    acceptance = requested(project=project)
    sign_next(acceptance.document)
    signatures.decline(acceptance.document.signers.unsigned().get().pk, reason, BY_CODE)
    acceptance.refresh_from_db()
    return acceptance


DUE = date(2027, 1, 15)  # a Friday


def wording(owner, *, text="Correct the opening balances of 3 suppliers", criterion=1, due_on=DUE):
    return punch_items.Wording(text, owner, due_on, "Li Na compares them with the ledger", criterion)


def requested_with_conditions(phase=None, project=None, items=1):
    """An acceptance with a punch list that waits: its one criterion is not met, and each item says how it will be."""
    criteria_set = CriteriaSetFactory(project=project or ProjectFactory(), phase=phase, agreed=True)
    CriterionFactory(criteria_set=criteria_set, position=1)
    manager, sponsor = people(criteria_set.project)
    consultant = member(criteria_set.project, Role.CONSULTANT)
    return acceptances.request_acceptance(
        criteria_set.project,
        phase,
        by=manager,
        punch_list=[wording(consultant) for _ in range(items)],
        signers=signers(manager, sponsor),
    )


def conditional(phase=None, project=None, items=1):
    """A scope that both sides have accepted with conditions."""
    acceptance = requested_with_conditions(phase, project, items)
    sign_next(acceptance.document)
    sign_next(acceptance.document)
    acceptance.refresh_from_db()
    return acceptance


CLAUSE = "Contract 2026-17, § 7.3"


def silent(phase=None, project=None, days=5):
    """An acceptance that waits, of a contract by which silence counts as acceptance after so many working days."""
    criteria_set = accepted_scope(phase, project)
    criteria_set.deemed_after_days, criteria_set.deemed_clause = days, CLAUSE
    criteria_set.save()
    return requested(criteria_set=criteria_set)


def in_part(project=None):
    """A project of two phases, of which both sides have accepted the first."""
    project = project or ProjectFactory()
    first, _second = PhaseFactory(project=project), PhaseFactory(project=project)
    accepted_scope(project=project)
    manager, sponsor = people(project)
    acceptance = acceptances.request_acceptance(
        project, None, by=manager, accepted_lines=[f"phase:{first.code}"], signers=signers(manager, sponsor)
    )
    sign_next(acceptance.document)
    sign_next(acceptance.document)
    acceptance.refresh_from_db()
    return acceptance
