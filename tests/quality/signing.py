"""Scopes brought to where the test begins: criteria agreed, every criterion met, an acceptance out for signature."""

from projects.enums import Role
from quality.domain import acceptances
from quality.enums import Outcome
from signing.domain.requests import SignerSpec
from signing.enums import Side
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import (
    CaseFactory,
    CriteriaSetFactory,
    CriterionFactory,
    ExecutionFactory,
    ResultFactory,
    RunFactory,
)

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


def requested(phase=None):
    """An acceptance that waits for the project manager, then the sponsor."""
    criteria_set = accepted_scope(phase)
    manager, sponsor = people(criteria_set.project)
    return acceptances.request_acceptance(criteria_set.project, phase, by=manager, signers=signers(manager, sponsor))
