"""Running a case: a result is recorded once, counts at once, and moves the defects it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from projects.domain.attachments import attach
from projects.enums import Audience
from quality.domain import defects, signoffs
from quality.domain.cases import steps_of
from quality.domain.errors import (
    CaseChangedMeanwhile,
    FailureNeedsWords,
    RunIsNotRunning,
    StepHasFailed,
    StepIsUnknown,
)
from quality.enums import FINAL_OUTCOMES, CaseKind, Outcome, RunState, Severity
from quality.models import Defect, Execution, Result, TestCase, TestRun
from signing.domain import requests


@dataclass(frozen=True)
class Observation:
    """What the person who ran the case says."""

    outcome: str
    comment: str = ""
    failed_step: int | None = None
    severity: str = Severity.MAJOR  # of the defect that a failure opens
    photos: Sequence[UploadedFile] = ()
    marks: Mapping[int, str] = field(default_factory=dict)  # position of a step -> passed or failed

    @property
    def step(self) -> int | None:
        """The step that failed: as it was named, else the first one marked so."""
        failed = (position for position, mark in sorted(self.marks.items()) if mark == Outcome.FAILED)
        return self.failed_step or next(failed, None)


@transaction.atomic
def record_result(execution_id: int, seen: Observation, *, by: User, case_version: int, token: UUID) -> Result:
    """Record what `by` saw when running the case at `case_version`; the same token again is the same result.

    A pass closes the fixed defects of the case and a failure reopens them; a failure that is not a retest opens a
    defect, which the customer sees. Raises RunIsNotRunning, CaseChangedMeanwhile, FailureNeedsWords, StepIsUnknown,
    StepHasFailed, and what a photo is refused for.
    """
    execution = (
        Execution.objects.select_for_update(of=("self",))
        .select_related("run__project", "run__phase", "case__project")
        .prefetch_related("case__steps", "case__requirements")
        .with_retest()
        .annotate(is_known=Exists(Result.objects.filter(token=token, execution=OuterRef("pk"))))
        .get(pk=execution_id)
    )
    if execution.is_known:
        return Result.objects.get(token=token)
    _check(execution, seen, case_version)
    result = _keep(execution, seen, by=by, token=token)
    before = trail.snapshot(execution)
    execution.outcome, execution.executed_at = result.outcome, result.executed_at
    execution.save(update_fields=["outcome", "executed_at"])
    trail.record("result", execution, by=by, before=before, facts={"result": trail.snapshot(result)})
    _move_defects(result, seen, by=by, is_retest=execution.to_retest)
    if result.outcome in {Outcome.FAILED, Outcome.BLOCKED} and execution.case.kind == CaseKind.UAT:
        signoffs.take_back(execution.run, [execution.case.process], by=by, because=str(execution.case))
    requests.recheck(execution.run.project, by)
    return result


@transaction.atomic
def record_imported(run: TestRun, seen: Mapping[int, Observation], *, by: User, source: str) -> dict[int, Result]:
    """Record what an imported file shows of cases (by id) in its run; return their results by case.

    As when a person runs a case, a pass closes its fixed defects and a failure reopens them, unless the case is one
    of user acceptance, which only the customer's people pass. No defect is opened: that is offered. The caller has
    the statuses checked again.
    """
    cases = TestCase.objects.filter(pk__in=seen).prefetch_related("steps", "requirements")
    executions = {execution.case_id: execution for execution in run.executions.all()}
    now = timezone.now()
    results = {}
    for case in cases:
        execution = executions.get(case.pk) or Execution(run=run)
        execution.case, execution.run = case, run
        execution.outcome, execution.executed_at = seen[case.pk].outcome, now
        results[case.pk] = _result(execution, seen[case.pk], by=by, at=now)
    touched = [result.execution for result in results.values()]
    Execution.objects.bulk_create([execution for execution in touched if execution.pk is None], batch_size=500)
    Execution.objects.bulk_update(touched, ["outcome", "executed_at"], batch_size=500)
    for result in results.values():
        result.execution_id = result.execution.pk
    Result.objects.bulk_create(results.values(), batch_size=500)
    for outcome in Outcome.values:
        alike = [execution for execution in touched if execution.outcome == outcome]
        trail.record_many("result", alike, by=by, facts={"outcome": outcome, "import": source})
    fixed = Defect.objects.to_retest().filter(case__in=seen).exclude(case__kind=CaseKind.UAT)
    for case_id in sorted(set(fixed.values_list("case", flat=True))):
        if results[case_id].outcome == Outcome.PASSED:
            defects.close_retested(results[case_id], by=by)
        elif results[case_id].outcome == Outcome.FAILED:
            defects.reopen_retested(results[case_id], by=by)
    return results


def _result(execution: Execution, seen: Observation, *, by: User, at: datetime) -> Result:
    """Make the result of an execution, not saved, with case, build and requirements as they are now."""
    case = execution.case
    return Result(
        execution=execution,
        outcome=seen.outcome,
        comment=seen.comment,
        failed_step=seen.step if seen.outcome == Outcome.FAILED else None,
        case_version=case.version,
        steps=_marked(steps_of(case), seen.marks),
        requirement_versions={str(row.number): row.version for row in case.requirements.all()},
        build=execution.run.build,
        environment=execution.run.environment,
        executed_by=by,
        executed_at=at,
    )


def _marked(steps: list[dict[str, Any]], marks: Mapping[int, str]) -> list[dict[str, Any]]:
    return [step | {"outcome": marks[step["position"]]} if step["position"] in marks else step for step in steps]


def _check(execution: Execution, seen: Observation, case_version: int) -> None:
    if execution.run.state != RunState.RUNNING:
        raise RunIsNotRunning(run=execution.run.code)
    if execution.case.version != case_version:
        raise CaseChangedMeanwhile(case=execution.case.code)
    if seen.outcome in {Outcome.FAILED, Outcome.BLOCKED} and not seen.comment.strip():
        raise FailureNeedsWords
    positions = {step.position for step in execution.case.steps.all()}
    for step in [*seen.marks, *([seen.failed_step] if seen.failed_step is not None else [])]:
        if step not in positions or seen.marks.get(step, Outcome.PASSED) not in FINAL_OUTCOMES:
            raise StepIsUnknown(case=execution.case.code, step=step)
    if seen.outcome == Outcome.PASSED and Outcome.FAILED in seen.marks.values():
        raise StepHasFailed(step=seen.step)


def _keep(execution: Execution, seen: Observation, *, by: User, token: UUID) -> Result:
    """Write the result with the case, the build and the requirements as they were when it was run."""
    result = _result(execution, seen, by=by, at=timezone.now())
    result.token = token
    result.save(force_insert=True)
    for photo in seen.photos:
        attach(result, photo, by, Audience.CUSTOMER)
    return result


def _move_defects(result: Result, seen: Observation, *, by: User, is_retest: bool) -> None:
    if result.outcome == Outcome.PASSED and is_retest:
        defects.close_retested(result, by=by)
    elif result.outcome == Outcome.FAILED and not (is_retest and defects.reopen_retested(result, by=by)):
        defects.open_from_result(result, severity=seen.severity, by=by)
