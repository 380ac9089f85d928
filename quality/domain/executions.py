"""Running a case: a result is recorded once, counts at once, and moves the defects it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from projects.domain.attachments import attach
from projects.enums import Audience
from quality.domain import defects
from quality.domain.cases import steps_of
from quality.domain.errors import CaseChangedMeanwhile, FailureNeedsWords, RunIsNotRunning, StepIsUnknown
from quality.enums import Outcome, RunState, Severity
from quality.models import Execution, Result
from signing.domain import requests


@dataclass(frozen=True)
class Observation:
    """What the person who ran the case says."""

    outcome: str
    comment: str = ""
    failed_step: int | None = None
    severity: str = Severity.MAJOR  # of the defect that a failure opens
    photos: Sequence[UploadedFile] = ()


@transaction.atomic
def record_result(execution_id: int, seen: Observation, *, by: User, case_version: int, token: UUID) -> Result:
    """Record what `by` saw when running the case at `case_version`; the same token again is the same result.

    A pass closes the fixed defects of the case and a failure reopens them; a failure that is not a retest opens a
    defect, which the customer sees. Raises RunIsNotRunning, CaseChangedMeanwhile, FailureNeedsWords, StepIsUnknown,
    and what a photo is refused for.
    """
    execution = (
        Execution.objects.select_for_update(of=("self",))
        .select_related("run__project", "run__phase", "case__project")
        .get(pk=execution_id)
    )
    earlier = Result.objects.filter(token=token, execution=execution).first()
    if earlier is not None:
        return earlier
    _check(execution, seen, case_version)
    result = _keep(execution, seen, by=by, token=token)
    before = trail.snapshot(execution)
    execution.outcome, execution.executed_at = result.outcome, result.executed_at
    execution.save(update_fields=["outcome", "executed_at"])
    trail.record("result", execution, by=by, before=before, facts={"result": trail.snapshot(result)})
    _move_defects(result, seen, by=by)
    requests.recheck(execution.run.project, by)
    return result


def _check(execution: Execution, seen: Observation, case_version: int) -> None:
    if execution.run.state != RunState.RUNNING:
        raise RunIsNotRunning(run=execution.run.code)
    if execution.case.version != case_version:
        raise CaseChangedMeanwhile(case=execution.case.code)
    if seen.outcome in {Outcome.FAILED, Outcome.BLOCKED} and not seen.comment.strip():
        raise FailureNeedsWords
    if seen.failed_step is not None and not execution.case.steps.filter(position=seen.failed_step).exists():
        raise StepIsUnknown(case=execution.case.code, step=seen.failed_step)


def _keep(execution: Execution, seen: Observation, *, by: User, token: UUID) -> Result:
    """Write the result with the case, the build and the requirements as they were when it was run."""
    versions = execution.case.requirements.values_list("number", "version")
    result = Result.objects.create(
        execution=execution,
        token=token,
        outcome=seen.outcome,
        comment=seen.comment,
        failed_step=seen.failed_step if seen.outcome == Outcome.FAILED else None,
        case_version=execution.case.version,
        steps=steps_of(execution.case),
        requirement_versions={str(number): version for number, version in versions},
        build=execution.run.build,
        environment=execution.run.environment,
        executed_by=by,
        executed_at=timezone.now(),
    )
    for photo in seen.photos:
        attach(result, photo, by, Audience.CUSTOMER)
    return result


def _move_defects(result: Result, seen: Observation, *, by: User) -> None:
    if result.outcome == Outcome.PASSED:
        defects.close_retested(result, by=by)
    elif result.outcome == Outcome.FAILED and not defects.reopen_retested(result, by=by):
        defects.open_from_result(result, severity=seen.severity, by=by)
