import base64
import hashlib
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import DatabaseError

from projects.domain.errors import FileTypeMismatch
from projects.enums import Audience
from quality.domain import executions
from quality.domain.errors import (
    CaseChangedMeanwhile,
    FailureNeedsWords,
    RunIsNotRunning,
    StepHasFailed,
    StepIsUnknown,
)
from quality.domain.executions import Observation
from quality.enums import DefectState, Outcome, Severity
from quality.models import Defect, Result
from tests.accounts.factories import UserFactory
from tests.quality.factories import DefectFactory, ExecutionFactory, ResultFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db

FAILED = Observation(Outcome.FAILED, "12.34 instead of 12.35", failed_step=2, severity=Severity.CRITICAL)
PASSED = Observation(Outcome.PASSED)


def record(execution, seen, **fields):
    fields = {"by": UserFactory(), "case_version": execution.case.version, "token": uuid.uuid4()} | fields
    return executions.record_result(execution.pk, seen, **fields)


def test_record_result_keeps_what_was_run():
    execution = ExecutionFactory()
    requirement = RequirementFactory(project=execution.run.project, version=3)
    execution.case.requirements.set([requirement])

    result = record(execution, PASSED)

    execution.refresh_from_db()
    assert (execution.outcome, execution.executed_at) == (Outcome.PASSED, result.executed_at)
    assert (result.case_version, result.build) == (1, execution.run.build)
    assert result.requirement_versions == {str(requirement.number): 3}
    assert [step["action"] for step in result.steps] == ["Do 1", "Do 2"]


def test_record_result_keeps_how_each_step_went():
    seen = Observation(Outcome.FAILED, "Wrong tax", marks={1: Outcome.PASSED, 2: Outcome.FAILED})
    result = record(ExecutionFactory(), seen)
    assert [step["outcome"] for step in result.steps] == [Outcome.PASSED, Outcome.FAILED]
    assert [step["mark"] for step in result.marks] == ["Passed", "Failed"]
    assert (result.failed_step, Defect.objects.get().step) == (2, 2)


@pytest.mark.parametrize("marks", [{3: Outcome.PASSED}, {1: Outcome.BLOCKED}])
def test_record_result_refuses_marks_of_no_step(marks):
    with pytest.raises(StepIsUnknown):
        record(ExecutionFactory(), Observation(Outcome.PASSED, marks=marks))


def test_a_case_with_a_failed_step_has_not_passed():
    with pytest.raises(StepHasFailed):
        record(ExecutionFactory(), Observation(Outcome.PASSED, marks={2: Outcome.FAILED}))


def test_record_result_with_the_same_token_is_one_result():
    execution, token = ExecutionFactory(), uuid.uuid4()
    first = record(execution, FAILED, token=token)
    assert record(execution, FAILED, token=token) == first
    assert (Result.objects.count(), Defect.objects.count()) == (1, 1)


def test_record_result_keeps_every_result_and_counts_the_latest():
    execution = ExecutionFactory()
    record(execution, Observation(Outcome.BLOCKED, "The server is down"))
    record(execution, PASSED)
    execution.refresh_from_db()
    assert (execution.results.count(), execution.outcome) == (2, Outcome.PASSED)


def test_a_failure_opens_a_defect_with_what_was_seen():
    execution, tester = ExecutionFactory(), UserFactory()

    result = record(execution, FAILED, by=tester)

    defect = Defect.objects.get()
    assert (defect.case, defect.result, defect.reported_by) == (execution.case, result, tester)
    assert (defect.seen, defect.step, defect.expected) == ("12.34 instead of 12.35", 2, "See 2")
    assert (defect.severity, defect.build, defect.audience) == (Severity.CRITICAL, "1.4.0", Audience.CUSTOMER)


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.BLOCKED, Outcome.SKIPPED])
def test_no_other_result_opens_a_defect(outcome):
    record(ExecutionFactory(), Observation(outcome, "As I said"))
    assert not Defect.objects.exists()


def test_a_retest_that_passes_closes_the_fixed_defects_of_the_case():
    execution = ExecutionFactory()
    fixed = DefectFactory(project=execution.run.project, case=execution.case, state=DefectState.FIXED)
    still_open = DefectFactory(project=execution.run.project, case=execution.case)
    elsewhere = DefectFactory(project=execution.run.project, state=DefectState.FIXED)

    record(execution, PASSED)

    states = {defect.pk: defect.state for defect in Defect.objects.all()}
    assert states == {
        fixed.pk: DefectState.CLOSED,
        still_open.pk: DefectState.OPEN,
        elsewhere.pk: DefectState.FIXED,
    }


def test_a_retest_that_fails_reopens_the_defect_and_opens_no_other():
    execution = ExecutionFactory()
    defect = DefectFactory(project=execution.run.project, case=execution.case, state=DefectState.FIXED)
    record(execution, FAILED)
    assert Defect.objects.get().state == DefectState.OPEN
    assert Defect.objects.get() == defect


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED])
def test_a_failure_needs_words(outcome):
    with pytest.raises(FailureNeedsWords):
        record(ExecutionFactory(), Observation(outcome, "  "))


def test_record_result_refuses_a_step_that_is_not_there():
    with pytest.raises(StepIsUnknown):
        record(ExecutionFactory(), Observation(Outcome.FAILED, "Broken", failed_step=3))


@pytest.mark.parametrize("state", [{"running": False}, {"running": False, "finished": True}])
def test_record_result_needs_a_running_run(state):
    execution = ExecutionFactory(**{f"run__{name}": value for name, value in state.items()})
    with pytest.raises(RunIsNotRunning):
        record(execution, PASSED)


def test_record_result_refuses_another_version_than_was_read():
    execution = ExecutionFactory(case__version=2)
    with pytest.raises(CaseChangedMeanwhile):
        record(execution, PASSED, case_version=1)


@pytest.mark.parametrize("change", [lambda rows: rows.update(comment="Fine"), lambda rows: rows._raw_delete("default")])
def test_the_database_refuses_to_change_or_delete_a_result(change):
    result = ResultFactory()
    with pytest.raises(DatabaseError, match="quality_result is append-only"), transaction.atomic():
        change(Result.objects.filter(pk=result.pk))


PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")


def test_a_photo_is_kept_with_the_result_and_seen_by_both_sides():
    execution = ExecutionFactory()
    photo = SimpleUploadedFile("screen.png", PIXEL, "image/png")
    result = record(execution, Observation(Outcome.FAILED, "Wrong tax", photos=[photo]))
    attachment = result.attachments.get()
    assert (attachment.name, attachment.audience) == ("screen.png", Audience.CUSTOMER)
    assert attachment.sha256 == hashlib.sha256(PIXEL).hexdigest()


def test_a_result_whose_photo_is_refused_is_not_recorded():
    with pytest.raises(FileTypeMismatch):
        record(ExecutionFactory(), Observation(Outcome.PASSED, photos=[SimpleUploadedFile("screen.pdf", PIXEL)]))
    assert not Result.objects.exists()
