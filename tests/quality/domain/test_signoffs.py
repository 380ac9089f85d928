import uuid

import pytest
from django.db import IntegrityError, transaction

from notices.models import Message
from projects.enums import Role
from quality.domain import executions, runs, signoffs
from quality.domain.errors import ProcessIsNotDone, ProcessIsOfOthers, RunMoveNotAllowed
from quality.domain.executions import Observation
from quality.enums import Outcome
from quality.models import ProcessSignOff
from tests.accounts.factories import UserFactory
from tests.projects.factories import member
from tests.quality.factories import (
    MOMENT,
    CaseFactory,
    DefectFactory,
    ExecutionFactory,
    ResultFactory,
    RunFactory,
)

pytestmark = pytest.mark.django_db
BUY = "Procure to pay"


@pytest.fixture
def run():
    return RunFactory(running=True)


@pytest.fixture
def key_user(run):
    return member(run.project, Role.KEY_USER)


def ran(run, outcome=Outcome.PASSED, *, process=BUY, kind="uat", assigned_to=None):
    case = CaseFactory(project=run.project, process=process, kind=kind, shared=True)
    execution = ExecutionFactory(run=run, case=case, assigned_to=assigned_to)
    if outcome != Outcome.NOT_RUN:
        ResultFactory(execution=execution, outcome=outcome)
    return execution


def record(execution, outcome, by):
    seen = Observation(outcome, "12.34 instead of 12.35")
    return executions.record_result(execution.pk, seen, by=by, case_version=1, token=uuid.uuid4())


def test_processes_of_counts_the_latest_results_of_user_acceptance(run, key_user):
    for outcome in Outcome:
        ran(run, outcome)
    ran(run, Outcome.FAILED, kind="regression")
    ran(run, process="Order to cash")
    DefectFactory(project=run.project, case=run.executions.get(outcome=Outcome.BLOCKED).case, state="fixed")
    sell, buy = signoffs.processes_of(run, key_user)
    assert (sell.name, sell.planned, sell.is_ready) == ("Order to cash", 1, True)
    counts = (buy.planned, buy.passed, buy.failed, buy.blocked, buy.skipped, buy.left, buy.again)
    assert counts == (5, 1, 1, 1, 1, 1, 1)
    assert not buy.is_ready


def test_sign_off_records_who_when_and_how_much_and_tells_the_manager(run, key_user):
    manager = member(run.project, Role.PROJECT_MANAGER)
    ran(run)
    ran(run, Outcome.SKIPPED)
    signed = signoffs.sign_off(run.pk, BUY, by=key_user)
    assert (signed.passed, signed.skipped, signed.signed_by) == (1, 1, key_user)
    assert {message.recipient for message in Message.objects.all()} == {manager}
    (state,) = signoffs.processes_of(run, key_user)
    assert (state.signed_by, state.signed_at) == (key_user.name, signed.signed_at)


def test_sign_off_twice_is_one(run, key_user):
    ran(run)
    assert signoffs.sign_off(run.pk, BUY, by=key_user) == signoffs.sign_off(run.pk, BUY, by=key_user)


@pytest.mark.parametrize("outcome", [Outcome.NOT_RUN, Outcome.FAILED, Outcome.BLOCKED])
def test_sign_off_needs_every_case_passed_or_not_applicable(run, key_user, outcome):
    ran(run)
    ran(run, outcome)
    with pytest.raises(ProcessIsNotDone):
        signoffs.sign_off(run.pk, BUY, by=key_user)


@pytest.mark.parametrize("process", ["No such process", ""])
def test_sign_off_needs_a_process_of_the_run(run, key_user, process):
    ran(run)
    with pytest.raises(ProcessIsNotDone):
        signoffs.sign_off(run.pk, process, by=key_user)


def test_sign_off_is_for_whom_its_cases_are_given_to(run, key_user):
    ran(run, assigned_to=key_user)
    with pytest.raises(ProcessIsOfOthers):
        signoffs.sign_off(run.pk, BUY, by=member(run.project, Role.KEY_USER))
    assert signoffs.sign_off(run.pk, BUY, by=key_user).signed_by == key_user


def test_sign_off_of_a_planned_run_is_refused(key_user):
    with pytest.raises(RunMoveNotAllowed):
        signoffs.sign_off(ExecutionFactory(run=RunFactory()).run.pk, BUY, by=key_user)


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED])
def test_a_later_failure_takes_the_sign_off_back_and_tells(run, key_user, outcome):
    execution = ran(run)
    ran(run, process="Order to cash")
    signed, other = (signoffs.sign_off(run.pk, process, by=key_user) for process in (BUY, "Order to cash"))
    Message.objects.all().delete()

    record(execution, outcome, by=member(run.project, Role.KEY_USER))

    signed.refresh_from_db()
    assert signed.taken_back_at
    assert execution.case.code in signed.taken_back_because
    assert list(ProcessSignOff.objects.standing()) == [other]
    told = Message.objects.filter(recipient=key_user, channel="in_app")
    assert "Sign-off taken back: Procure to pay" in told.get().subject


def test_a_later_pass_leaves_the_sign_off_and_it_can_be_given_again_after_a_failure(run, key_user):
    execution = ran(run)
    signed = signoffs.sign_off(run.pk, BUY, by=key_user)
    record(execution, Outcome.PASSED, by=key_user)
    assert ProcessSignOff.objects.standing().get() == signed
    record(execution, Outcome.FAILED, by=key_user)
    record(execution, Outcome.PASSED, by=key_user)
    assert signoffs.sign_off(run.pk, BUY, by=key_user) != signed


def test_a_case_added_to_a_signed_process_takes_the_sign_off_back(run, key_user):
    execution = ran(run)
    signoffs.sign_off(run.pk, BUY, by=key_user)
    added = CaseFactory(project=run.project, process=BUY)
    runs.plan_cases(run.pk, {execution.case_id: None, added.pk: None}, by=UserFactory())
    assert not ProcessSignOff.objects.standing().exists()


def sign_off_row(run, **fields):
    values = {"process": BUY, "passed": 1, "skipped": 0, "signed_by": run.created_by, "signed_at": MOMENT}
    return ProcessSignOff.objects.create(run=run, **values | fields)


def test_one_sign_off_stands(run):
    sign_off_row(run)
    with pytest.raises(IntegrityError), transaction.atomic():
        sign_off_row(run)


def test_taken_back_with_reason(run):
    with pytest.raises(IntegrityError, match="quality_processsignoff_taken_back_with_reason"):
        sign_off_row(run, taken_back_at=MOMENT)
