import pytest

from notices.models import Message
from projects.enums import Audience, Role
from requirements.domain import baselines, freezing, requirements, sending
from requirements.domain.errors import ChangedSinceFrozen, MoveNotAllowed, RequestIsOpen
from requirements.enums import BaselineState, RequirementState
from requirements.models import Baseline
from signing.domain import requests, signatures
from signing.domain.errors import NoSigners
from signing.enums import RequestState, Side
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.requirements.factories import ObjectiveFactory, RequirementFactory, frozen_baseline
from tests.signing.factories import BY_CODE, overdue, sign_next, specs

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory(name="ERP roll-out", summary="One system for three plants.")


@pytest.fixture
def manager(project):
    return member(project, Role.PROJECT_MANAGER, name="Petra Manager")


@pytest.fixture
def sponsor(project):
    return member(project, Role.SPONSOR, name="Sam Sponsor")


@pytest.fixture
def sent(project, manager, sponsor):
    """A baseline out for signature, and its request."""
    objective = ObjectiveFactory(project=project)
    phase = PhaseFactory(project=project, number=2, name="Design")
    RequirementFactory(
        project=project, process="Procure to pay", title="Match invoices", phase=phase, objectives=[objective]
    )
    RequirementFactory(project=project, title="Print labels", priority="must", objectives=[objective])
    baseline = frozen_baseline(project, by=manager)
    return sending.send_baseline(baseline.pk, signers=specs(manager, sponsor), by=manager)


def current(project):
    return Baseline.objects.get(project=project)


def told(user):
    return list(Message.objects.in_app_of(user).order_by("pk").values_list("subject", flat=True))


def test_send_baseline_freezes_what_is_signed(sent, project):
    baseline = current(project)
    assert (baseline.state, baseline.audience) == (BaselineState.SENT, Audience.CUSTOMER)
    assert (sent.number, sent.version, sent.subject) == (f"{project.key}-SRS-001", 1, baseline)
    assert sent.title == "Requirements specification of ERP roll-out"
    assert sent.manifest["baseline"] == "SRS-001"
    assert [entry["number"] for entry in sent.manifest["objectives"]] == ["O-1"]
    assert sent.manifest["requirements"][0] == {
        "number": "R-001",
        "version": 1,
        "process": "Procure to pay",
        "title": "Match invoices",
        "statement": "The system matches each invoice with its order and receipt.",
        "acceptance": "An invoice that differs by more than 2 % is held.",
        "priority": "should",
        "phase": "2 Design",
        "objectives": ["O-1"],
    }


def test_send_baseline_prints_every_requirement_by_process(sent):
    texts = [
        "One system for three plants.",
        "Procure to pay",
        "R-001 Match invoices",
        "An invoice that differs by more than 2 % is held.",
        "Must have 1 · Should have 1 · 2 in all",
        "Requirements of the whole system",
        "R-002 Print labels",
    ]
    places = [sent.body_html.index(text) for text in texts if text.startswith(("Procure", "R-0", "Requirements of"))]
    assert places == sorted(places)
    assert [text for text in texts if text not in sent.body_html] == []


def test_send_baseline_numbers_the_document_as_the_baseline(project, manager, sponsor):
    frozen_baseline(project, by=manager, state=BaselineState.DISCARDED)
    baseline = freezing.freeze(project, by=manager)
    request = sending.send_baseline(baseline.pk, signers=specs(manager, sponsor), by=manager)
    assert (baseline.code, request.number) == ("SRS-002", f"{project.key}-SRS-002")


def test_send_baseline_refuses_a_second_time(sent, manager, sponsor, project):
    with pytest.raises(MoveNotAllowed):
        sending.send_baseline(current(project).pk, signers=specs(manager, sponsor), by=manager)


def test_send_baseline_needs_signers_of_both_sides(project, manager):
    baseline = frozen_baseline(project)
    with pytest.raises(NoSigners):
        sending.send_baseline(baseline.pk, signers=[requests.SignerSpec(manager, Side.VENDOR, 1)], by=manager)
    baseline.refresh_from_db()
    assert baseline.state == BaselineState.FROZEN


def test_send_baseline_refuses_what_a_renamed_phase_made_untrue(project, manager, sponsor):
    phase = PhaseFactory(project=project, number=2, name="Design")
    RequirementFactory(project=project, phase=phase)
    baseline = frozen_baseline(project)
    phase.name = "Blueprint"
    phase.save()
    with pytest.raises(ChangedSinceFrozen, match="2 Design → 2 Blueprint"):
        sending.send_baseline(baseline.pk, signers=specs(manager, sponsor), by=manager)


def test_signatures_of_both_sides_make_the_baseline_signed(sent, project):
    sign_next(sent)
    assert current(project).state == BaselineState.SENT
    sign_next(sent)
    baseline = current(project)
    assert (baseline.state, baseline.signed_at is not None) == (BaselineState.SIGNED, True)
    assert {item.requirement.state for item in baseline.items.all()} == {RequirementState.SIGNED}


def test_decline_lets_the_baseline_be_sent_anew_as_the_next_version(sent, project, manager, sponsor):
    sign_next(sent)
    signer = sent.signers.get(user=sponsor)
    signatures.decline(signer.pk, "R-002 is not ours", BY_CODE)
    assert (current(project).state, current(project).sent_at) == (BaselineState.FROZEN, None)
    again = sending.send_baseline(current(project).pk, signers=specs(manager, sponsor), by=manager)
    assert again.label == f"{project.key}-SRS-001 v2"
    assert list(baselines.requests_about(current(project))) == [again, sent]


def test_expiry_lets_the_baseline_be_sent_anew(sent, project):
    overdue(sent)
    assert requests.expire_due() == 1
    assert current(project).state == BaselineState.FROZEN


def test_edit_of_a_sent_requirement_asks_first(sent, project, manager):
    requirement = project.requirements.first()
    requirement.title = "Match three documents"
    with pytest.raises(RequestIsOpen):
        requirements.edit_requirement(requirement, list(requirement.objectives.all()), by=manager)
    sent.refresh_from_db()
    assert sent.state == RequestState.SENT


def test_edit_of_a_sent_requirement_voids_the_request_with_the_difference(sent, project, manager, sponsor):
    sign_next(sent)
    requirement = project.requirements.first()
    requirement.title = "Match three documents"
    requirements.edit_requirement(requirement, list(requirement.objectives.all()), by=manager, discard=True)
    sent.refresh_from_db()
    words = "R-001 is changed: title “Match invoices” → “Match three documents”"
    assert (sent.state, sent.closing_reason, sent.closed_by) == (RequestState.VOIDED, words, manager)
    assert (current(project).state, current(project).discarded_reason) == (BaselineState.DISCARDED, words)
    requirement.refresh_from_db()
    assert (requirement.state, requirement.version) == (RequirementState.DRAFT, 2)
    assert len(told(sponsor)) == 2  # asked to sign, and told that it is voided


def test_discard_voids_the_open_request(sent, project, manager):
    baselines.discard(current(project).pk, reason="A plant is sold", by=manager)
    sent.refresh_from_db()
    assert (sent.state, current(project).state) == (RequestState.VOIDED, BaselineState.DISCARDED)


def test_reopen_tells_both_sides_and_keeps_the_signed_document(sent, project, manager, sponsor):
    sign_next(sent)
    sign_next(sent)
    baselines.reopen(current(project).pk, reason="A plant is sold", by=manager)
    sent.refresh_from_db()
    assert sent.state == RequestState.SIGNED
    for user in (manager, sponsor):
        assert told(user)[-1] == "SRS-001 of ERP roll-out is reopened"
    body = Message.objects.in_app_of(sponsor).latest("pk").body
    assert "Petra Manager has reopened the signed baseline SRS-001" in body
    assert "A plant is sold" in body


def test_the_next_baseline_follows_a_reopened_one(sent, project, manager, sponsor):
    sign_next(sent)
    sign_next(sent)
    baselines.reopen(current(project).pk, reason="A plant is sold", by=manager)
    later = freezing.freeze(project, by=manager)
    request = sending.send_baseline(later.pk, signers=specs(manager, sponsor), by=manager)
    assert request.label == f"{project.key}-SRS-002 v1"
    for _ in range(2):
        sign_next(request)
    states = Baseline.objects.filter(project=project).order_by("number").values_list("state", flat=True)
    assert list(states) == [BaselineState.REOPENED, BaselineState.SIGNED]
