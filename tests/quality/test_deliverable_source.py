from fractions import Fraction

import pytest
from django.urls import reverse

from delivery.domain import deliverables
from quality import sources
from quality.domain import acceptances, evaluation, facts
from quality.domain.criteria import NO_DATA
from quality.enums import Verdict
from signing.enums import RequestState
from tests.accounts.factories import UserFactory
from tests.delivery.factories import approved, drafted
from tests.projects.factories import PhaseFactory, ProjectFactory
from tests.quality.factories import CriteriaSetFactory, CriterionFactory
from tests.quality.signing import people, signers

pytestmark = pytest.mark.django_db
KEY = "deliverables_approved_rate"


@pytest.fixture
def project():
    return ProjectFactory()


def measured(project, phase=None):
    return sources.get(KEY).measure(facts.of_scope(project, phase), None)


def test_share_of_approved_deliverables_is_counted_within_the_scope(project):
    phase = PhaseFactory(project=project)
    approved(project, phase=phase)
    missing = drafted(project, phase=phase, shared=True)
    approved(project)
    assert measured(project, phase).counts == (1, 2)
    assert measured(project).counts == (2, 3)
    (evidence,) = measured(project, phase).evidence
    assert (evidence.label, evidence.url, evidence.is_shared) == ("DL-002", missing.get_absolute_url(), True)


def test_evidence_of_what_only_the_team_sees_is_no_link_for_the_customer(project):
    drafted(project)
    assert [evidence.is_shared for evidence in measured(project).evidence] == [False]


def test_where_all_are_approved_the_register_is_the_evidence(project):
    approved(project)
    found = measured(project)
    assert (found.value, found.evidence[0].url) == (
        Fraction(100),
        reverse("delivery:deliverable_list", args=[project.key]),
    )


def test_without_deliverables_there_is_no_data(project):
    assert measured(project).value == NO_DATA.value
    assert measured(project).evidence == ()


def test_criterion_is_met_when_the_last_deliverable_is_approved(project):
    approved(project)
    criterion = CriterionFactory(
        criteria_set=CriteriaSetFactory(project=project),
        source=KEY,
        operator="ge",
        threshold_scaled=100 * 10_000,
        unit="%",
    )

    def verdict():
        return evaluation.evaluate_all([criterion], facts.of_scope(project, None))[0].verdict

    assert verdict() == Verdict.MET
    deliverables.reopen(project.deliverables.get().pk, by=UserFactory(), reason="The law changed.")
    assert verdict() == Verdict.NOT_MET


def test_an_approval_that_is_taken_back_voids_the_acceptance_that_counted_it(project):
    deliverable = approved(project)
    criteria_set = CriteriaSetFactory(project=project, agreed=True)
    CriterionFactory(criteria_set=criteria_set, source=KEY, operator="ge", threshold_scaled=100 * 10_000, unit="%")
    manager, sponsor = people(project)
    request = acceptances.request_acceptance(project, None, by=manager, signers=signers(manager, sponsor)).document
    deliverables.edit_deliverable(deliverable.pk, by=manager, title="A better name")
    request.refresh_from_db()
    assert request.state == RequestState.SENT
    deliverables.reopen(deliverable.pk, by=manager, reason="The law changed.")
    request.refresh_from_db()
    assert request.state == RequestState.VOIDED
