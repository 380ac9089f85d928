"""A genuine sealed document of every kind that is registered: what the proofs try to pass a forgery of off as."""

from collections.abc import Callable
from dataclasses import dataclass

from projects.enums import Role
from quality.domain import agreements, waivers
from requirements.domain import sending
from signing.domain import documents, sealing, verification
from signing.models import SignatureRequest
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, CriteriaSetFactory, CriterionFactory
from tests.quality.signing import people, requested, requested_with_conditions, signers
from tests.requirements.factories import frozen_baseline
from tests.signing.factories import sign_next, specs


@dataclass(frozen=True)
class Paper:
    """The bytes of a sealed file and what its record expects of a copy."""

    kind: str
    content: bytes
    expected: verification.Expected


def srs() -> SignatureRequest:
    project = ProjectFactory(language="zh-hans")
    manager, sponsor = member(project, Role.PROJECT_MANAGER, name="王磊"), member(project, Role.SPONSOR, name="Sam")
    baseline = frozen_baseline(project, by=manager)
    return sending.send_baseline(baseline.pk, signers=specs(manager, sponsor), by=manager)


def criteria() -> SignatureRequest:
    criteria_set = CriteriaSetFactory()
    CriterionFactory(criteria_set=criteria_set)
    manager, sponsor = people(criteria_set.project)
    return agreements.send(criteria_set.pk, by=manager, signers=signers(manager, sponsor)).document


def acceptance() -> SignatureRequest:
    return requested().document


def with_conditions() -> SignatureRequest:
    return requested_with_conditions().document


def waiver() -> SignatureRequest:
    case = CaseFactory()
    manager, sponsor = people(case.project)
    return waivers.propose(
        case.project, case=case, reason="Not used", by=manager, signers=signers(manager, sponsor)
    ).document


SENT: dict[str, Callable[[], SignatureRequest]] = {
    "srs": srs,
    "criteria": criteria,
    "acceptance": acceptance,
    "acceptance_conditional": with_conditions,
    "waiver": waiver,
}


def seal(kind: str) -> SignatureRequest:
    """Send, sign by everyone asked, and seal."""
    request = SENT[kind]()
    while request.signers.unsigned().exists():
        sign_next(request, drawn=True)
    sealing.seal(request.pk)
    request.refresh_from_db()
    return request


def paper_of(request: SignatureRequest) -> Paper:
    record = request.sealed_file
    return Paper(request.kind, documents.read(record.file), verification.expectation(record))
