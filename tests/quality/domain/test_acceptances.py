import uuid
from datetime import timedelta

import pytest
from django.utils import translation

from audit.domain import trail
from projects.enums import Role
from quality.domain import acceptances, cases, checks, contents, criteria_sets, defects, executions
from quality.domain.errors import (
    AcceptanceMoveNotAllowed,
    AcceptanceStands,
    CriteriaAreNotAgreed,
    CriteriaNotAgreed,
    CriteriaNotMet,
    CriterionIsMeasured,
)
from quality.domain.executions import Observation
from quality.enums import AcceptanceState, Outcome
from quality.models import Acceptance, Execution, TestCase
from signing.domain import requests, signatures
from signing.enums import RequestState
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import (
    CriteriaSetFactory,
    CriterionFactory,
    DefectFactory,
    ExecutionFactory,
)
from tests.quality.signing import accepted_scope, people, requested, signers
from tests.requirements.factories import RequirementFactory
from tests.signing.factories import BY_CODE, sign_next

pytestmark = pytest.mark.django_db


def request_of(criteria_set):
    manager, sponsor = people(criteria_set.project)
    options = {"by": manager, "signers": signers(manager, sponsor)}
    return acceptances.request_acceptance(criteria_set.project, criteria_set.phase, **options)


@pytest.mark.parametrize("with_phase", [True, False])
def test_a_scope_is_accepted_when_both_sides_have_signed(with_phase):
    acceptance = requested(PhaseFactory() if with_phase else None)
    assert acceptance.state == AcceptanceState.REQUESTED
    assert acceptance.document.number == f"{acceptance.project.key}-ACC-001"
    sign_next(acceptance.document)
    sign_next(acceptance.document)
    acceptance.refresh_from_db()
    assert acceptance.state == AcceptanceState.ACCEPTED
    assert [entry.action for entry in trail.entries_for(acceptance)] == ["request", "accept"]


def test_a_declined_acceptance_keeps_the_reason_and_can_be_requested_anew():
    acceptance = requested()
    sign_next(acceptance.document)
    signer = acceptance.document.signers.unsigned().get()
    signatures.decline(signer.pk, "The invoices are late", BY_CODE)
    acceptance.refresh_from_db()
    assert (acceptance.state, acceptance.reason) == (AcceptanceState.DECLINED, "The invoices are late")
    assert request_of(acceptance.criteria_set).pk != acceptance.pk


def test_an_expired_request_voids_the_acceptance():
    acceptance = requested()
    requests.expire_due(acceptance.document.expires_at)
    acceptance.refresh_from_db()
    assert acceptance.state == AcceptanceState.VOIDED


def test_request_acceptance_refuses_what_is_not_agreed_not_met_or_standing():
    with pytest.raises(CriteriaNotAgreed):
        request_of(CriteriaSetFactory(sent=True))
    with pytest.raises(CriteriaNotMet):
        request_of(CriterionFactory(criteria_set=CriteriaSetFactory(agreed=True)).criteria_set)
    with pytest.raises(CriteriaNotMet):
        request_of(CriteriaSetFactory(agreed=True))
    acceptance = requested()
    with pytest.raises(AcceptanceStands):
        request_of(acceptance.criteria_set)


@pytest.mark.parametrize("state", [state for state in AcceptanceState if state != AcceptanceState.REQUESTED])
@pytest.mark.parametrize("follow", [acceptances.follow_signed, acceptances.follow_declined, acceptances.follow_voided])
def test_an_acceptance_that_ended_moves_no_more(state, follow):
    acceptance = requested()
    Acceptance.objects.filter(pk=acceptance.pk).update(state=state, ended_at=acceptance.requested_at, reason="Ended")
    acceptance.document.closed_by = acceptance.requested_by
    with pytest.raises(AcceptanceMoveNotAllowed):
        follow(acceptance.document)


def executed_again(acceptance, by):
    execution = Execution.objects.get(run__project=acceptance.project)
    seen = Observation(Outcome.FAILED, "It broke")
    executions.record_result(execution.pk, seen, by=by, case_version=1, token=uuid.uuid4())


def defect_reported(acceptance, by):
    defects.report_defect(acceptance.project, by=by, title="Typo", seen="Wrogn", severity="minor")


def case_edited(acceptance, by):
    case = TestCase.objects.get(project=acceptance.project)
    cases.edit_case(case.pk, by=by, version=1, title="Another title")


def criteria_reopened(acceptance, by):
    criteria_sets.reopen(acceptance.criteria_set.pk, reason="More is wanted", by=by)


@pytest.mark.parametrize("change", [executed_again, defect_reported, case_edited, criteria_reopened])
def test_a_change_of_what_the_manifest_lists_voids_the_open_request(change):
    acceptance = requested()
    change(acceptance, UserFactory())
    acceptance.refresh_from_db()
    acceptance.document.refresh_from_db()
    assert (acceptance.state, acceptance.document.state) == (AcceptanceState.VOIDED, RequestState.VOIDED)
    assert "→" in acceptance.reason or "added" in acceptance.reason


def test_what_the_manifest_does_not_list_leaves_the_request_open():
    acceptance = requested()
    case = TestCase.objects.get(project=acceptance.project)
    cases.edit_case(case.pk, by=UserFactory(), version=1, process="Order to cash")
    defects.report_defect(ProjectFactory(), by=UserFactory(), title="Elsewhere", seen="Wrong")
    acceptance.refresh_from_db()
    assert acceptance.state == AcceptanceState.REQUESTED


def test_a_change_in_another_phase_leaves_the_request_of_a_phase_open():
    acceptance = requested(PhaseFactory())
    other = PhaseFactory(project=acceptance.project)
    defects.report_defect(acceptance.project, by=UserFactory(), title="Elsewhere", seen="Wrong", phase=other)
    acceptance.refresh_from_db()
    assert acceptance.state == AcceptanceState.REQUESTED


def test_the_manifest_is_the_same_in_every_language():
    criteria_set = accepted_scope()
    RequirementFactory(project=criteria_set.project)
    DefectFactory(project=criteria_set.project, severity="minor")
    with translation.override("zh-hans"):
        in_chinese = contents.read(criteria_set).manifest()
    assert contents.read(criteria_set).manifest() == in_chinese


def test_the_manifest_lists_what_the_acceptance_rests_on():
    criteria_set = accepted_scope()
    requirement = RequirementFactory(project=criteria_set.project, version=4)
    defect = DefectFactory(project=criteria_set.project, severity="minor", title="Typo")
    manifest = contents.read(criteria_set).manifest()
    assert manifest["requirements"] == [{"number": requirement.code, "version": 4, "status": "uncovered"}]
    assert manifest["open defects"][0] == {
        "number": defect.code,
        "title": "Typo",
        "severity": "minor",
        "state": "open",
        "fix planned on": None,
    }
    (criterion,) = manifest["criteria"]
    assert (criterion["verdict"], criterion["counts"], criterion["threshold"]) == ("met", [1, 1], "95")
    (case,) = manifest["cases"]
    assert (case["result"], case["version run"], case["build"]) == ("passed", 1, "1.4.0")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_certificate_prints_criteria_cases_and_defects(language):
    criteria_set = accepted_scope(project=ProjectFactory(language=language))
    defect = DefectFactory(project=criteria_set.project, severity="minor", title="Typo")
    html = request_of(criteria_set).document.body_html
    assert "1 / 1" in html
    for text in ("At least 95 % pass", defect.code, TestCase.objects.get().title):
        assert text in html


def test_record_check_counts_the_latest_and_only_what_a_person_measures():
    criteria_set = CriteriaSetFactory(agreed=True)
    criterion = CriterionFactory(criteria_set=criteria_set)
    checker = member(criteria_set.project, Role.REPRESENTATIVE)
    assert contents.read(criteria_set).is_met is False
    checks.record_check(criterion.pk, value=1, comment="All were there", by=checker)
    assert contents.read(criteria_set).is_met is True
    checks.record_check(criterion.pk, value=0, comment="Two have left", by=checker)
    assert contents.read(criteria_set).is_met is False
    measured = CriterionFactory(criteria_set=criteria_set, source="pass_rate")
    with pytest.raises(CriterionIsMeasured):
        checks.record_check(measured.pk, value=1, comment="Yes", by=checker)
    draft = CriterionFactory()
    with pytest.raises(CriteriaAreNotAgreed):
        checks.record_check(draft.pk, value=1, comment="Yes", by=checker)


def test_nothing_is_sent_where_acceptance_is_refused():
    criteria_set = accepted_scope()
    ExecutionFactory(run=Execution.objects.get().run)
    with pytest.raises(CriteriaNotMet):
        request_of(criteria_set)
    assert not Acceptance.objects.exists()


def test_the_certificate_says_which_run_was_started_before_the_criteria_were_agreed():
    criteria_set = accepted_scope()
    assert "runs started before agreement" not in contents.read(criteria_set).manifest()
    run = Execution.objects.get().run
    run.started_at = criteria_set.agreed_at - timedelta(days=1)
    run.save()
    assert contents.read(criteria_set).manifest()["runs started before agreement"] == [run.code]
    assert f"Started before these criteria were agreed: {run.code}." in request_of(criteria_set).document.body_html
