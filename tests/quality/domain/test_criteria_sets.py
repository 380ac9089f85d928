from fractions import Fraction

import pytest

from audit.domain import trail
from notices.models import Message
from projects.enums import Role
from quality import sources
from quality.domain import agreements, criteria_sets
from quality.domain.criteria_sets import Wording
from quality.domain.errors import (
    CriteriaAreEmpty,
    CriteriaMoveNotAllowed,
    CriteriaStand,
    ForeignRows,
    ReasonMissing,
    ScopeIsAccepted,
)
from quality.enums import AcceptanceState, CriteriaState, Operator
from quality.models import Acceptance, CriteriaSet
from signing.domain import requests
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import MOMENT, CriteriaSetFactory, CriterionFactory
from tests.quality.signing import people, signers
from tests.signing.factories import sign_next

pytestmark = pytest.mark.django_db

STATES = {
    CriteriaState.DRAFT: {},
    CriteriaState.SENT: {"sent": True},
    CriteriaState.AGREED: {"agreed": True},
    CriteriaState.REOPENED: {"reopened": True},
}
DO = {
    "return": lambda row: criteria_sets.take_back(row.pk),
    "agree": lambda row: criteria_sets.agree(row.pk),
    "reopen": lambda row: criteria_sets.reopen(row.pk, reason="More is wanted", by=UserFactory()),
}


def send(criteria_set):
    manager, sponsor = people(criteria_set.project)
    return agreements.send(criteria_set.pk, by=manager, signers=signers(manager, sponsor))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted(DO))
def test_every_move_from_every_state(name, state):
    criteria_set = CriteriaSetFactory(**STATES[state])
    sources_of_move, target = criteria_sets.MOVES[name]
    if state in sources_of_move:
        DO[name](criteria_set)
        criteria_set.refresh_from_db()
        assert criteria_set.state == target
    else:
        with pytest.raises(CriteriaMoveNotAllowed):
            DO[name](criteria_set)


@pytest.mark.parametrize("state", sorted(set(STATES) - criteria_sets.MOVES["send"][0]))
def test_send_refuses_every_state_but_draft(state):
    criteria_set = CriterionFactory(criteria_set=CriteriaSetFactory(**STATES[state])).criteria_set
    with pytest.raises(CriteriaMoveNotAllowed):
        send(criteria_set)


def test_start_set_offers_the_default_gate_in_the_projects_language():
    project = ProjectFactory(language="en")
    criteria_set = criteria_sets.start_set(project, None, by=UserFactory())
    found = [(row.source, row.operator, row.threshold) for row in criteria_set.criteria.all()]
    assert found == [
        ("execution_rate", Operator.AT_LEAST, 100),
        ("priority_1_pass_rate", Operator.AT_LEAST, 100),
        ("pass_rate", Operator.AT_LEAST, 95),
        ("open_blocker_critical_defects", Operator.AT_MOST, 0),
        ("open_major_defects", Operator.AT_MOST, 0),
        ("unsigned_waivers", Operator.AT_MOST, 0),
        ("load_test_p95", Operator.AT_MOST, 2),
    ]


def test_start_set_refuses_a_second_one_and_another_projects_phase():
    criteria_set = CriteriaSetFactory()
    with pytest.raises(CriteriaStand):
        criteria_sets.start_set(criteria_set.project, None, by=UserFactory())
    with pytest.raises(ForeignRows):
        criteria_sets.start_set(criteria_set.project, PhaseFactory(), by=UserFactory())


def test_save_criteria_keeps_thresholds_exact_and_only_in_a_draft():
    criteria_set = CriteriaSetFactory()
    wording = Wording("Fast", "manual_value", "performance", "le", Fraction("99.9999"), "s")
    criteria_sets.save_criteria(criteria_set.pk, [wording], by=UserFactory())
    assert criteria_sets.wording_of(criteria_set.criteria.get()) == wording
    with pytest.raises(CriteriaMoveNotAllowed):
        criteria_sets.save_criteria(CriteriaSetFactory(sent=True).pk, [wording], by=UserFactory())


def test_criteria_are_agreed_when_both_sides_have_signed():
    criteria_set = CriterionFactory().criteria_set
    sent = send(criteria_set)
    assert (sent.state, sent.audience, sent.document.number) == (
        CriteriaState.SENT,
        "customer",
        f"{sent.project.key}-CRI-001",
    )
    sign_next(sent.document)
    sign_next(sent.document)
    criteria_set.refresh_from_db()
    assert criteria_set.state == CriteriaState.AGREED
    assert [entry.action for entry in trail.entries_for(criteria_set)] == ["send", "agree"]


def test_voided_criteria_are_a_draft_again_and_can_be_sent_anew():
    criteria_set = CriterionFactory().criteria_set
    sent = send(criteria_set)
    requests.void(sent.document.pk, by=UserFactory(), reason="A line was forgotten")
    criteria_set.refresh_from_db()
    assert criteria_set.state == CriteriaState.DRAFT
    again = send(criteria_set)
    assert (again.document.number, again.document.version) == (sent.document.number, 2)


def test_send_refuses_an_empty_set():
    with pytest.raises(CriteriaAreEmpty):
        send(CriteriaSetFactory())


def test_reopen_keeps_what_was_signed_and_drafts_the_next_version():
    criteria_set = CriteriaSetFactory(agreed=True)
    CriterionFactory(criteria_set=criteria_set, statement="Manuals are handed over")
    sponsor, key_user = member(criteria_set.project, Role.SPONSOR), member(criteria_set.project, Role.KEY_USER)
    manager = member(criteria_set.project, Role.PROJECT_MANAGER)

    following = criteria_sets.reopen(criteria_set.pk, reason="More is wanted", by=manager)

    assert (following.version, following.state) == (2, CriteriaState.DRAFT)
    assert following.criteria.get().statement == "Manuals are handed over"
    told = {message.recipient for message in Message.objects.all()}
    assert (told, key_user in told) == ({sponsor}, False)
    criteria_set.refresh_from_db()
    assert (criteria_set.reopened_by, criteria_set.reopened_reason) == (manager, "More is wanted")


def test_reopen_needs_a_reason_and_no_acceptance():
    criteria_set = CriteriaSetFactory(agreed=True)
    with pytest.raises(ReasonMissing):
        criteria_sets.reopen(criteria_set.pk, reason=" ", by=UserFactory())
    Acceptance.objects.create(
        project=criteria_set.project,
        criteria_set=criteria_set,
        state=AcceptanceState.ACCEPTED,
        requested_by=UserFactory(),
        requested_at=MOMENT,
        ended_at=MOMENT,
    )
    with pytest.raises(ScopeIsAccepted):
        criteria_sets.reopen(criteria_set.pk, reason="More is wanted", by=UserFactory())
    assert CriteriaSet.objects.get().state == CriteriaState.AGREED


def test_every_source_of_the_default_gate_is_registered():
    assert all(sources.get(key) for key, _statement in sources.DEFAULT_GATE)
