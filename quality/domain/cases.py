"""What happens to a test case: written, edited into a new version, retired, brought back."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from projects.domain.numbers import next_number
from projects.models import Project
from quality.domain.errors import CaseAlreadyInState, CaseChangedMeanwhile, CaseIsPlanned, ForeignRows
from quality.enums import CaseState, RunState
from quality.models import CaseVersion, TestCase, TestRun, TestStep
from signing.domain import requests

CONTENT = ("title", "preconditions")  # with the steps: what a result was a result of


@dataclass(frozen=True)
class Step:
    """A step as it was typed; its position is its place in the sequence."""

    action: str
    expected: str
    test_data: str = ""


@transaction.atomic
def create_case(
    project: Project, *, by: User, steps: Sequence[Step] = (), requirements: Iterable = (), **fields: Any
) -> TestCase:
    """Write a new case, version 1. Raises ForeignRows."""
    requirements = list(requirements)
    _check_project(project, requirements)
    case = TestCase(project=project, number=next_number(TestCase, project), created_by=by, **fields)
    case.save(force_insert=True)
    _write_steps(case, steps)
    _keep_version(case, by=by)
    case.requirements.set(requirements)
    trail.record("create", case, by=by, before={}, facts=_facts(steps, requirements))
    return case


@transaction.atomic
def edit_case(
    case_id: int,
    *,
    by: User,
    version: int,
    steps: Sequence[Step] | None = None,
    requirements: Iterable | None = None,
    **fields: Any,
) -> TestCase:
    """Change a case that the editor saw at `version`; what is done or expected differs: a new version.

    Raises CaseChangedMeanwhile, ForeignRows.
    """
    case = TestCase.objects.select_for_update(of=("self",)).select_related("project").get(pk=case_id)
    if case.version != version:
        raise CaseChangedMeanwhile(case=case.code)
    before, content_before = trail.snapshot(case), _content(case)
    for name, value in fields.items():
        setattr(case, name, value)
    if steps is not None:
        case.steps.all().delete()
        _write_steps(case, steps)
    if _content(case) != content_before:
        case.version += 1
        _keep_version(case, by=by)
    case.save()
    facts = {}
    if requirements is not None:
        requirements = list(requirements)
        _check_project(case.project, requirements)
        tied_before = set(case.requirements.values_list("number", flat=True))
        case.requirements.set(requirements)
        if {requirement.number for requirement in requirements} != tied_before:
            facts = _facts((), requirements)
    if case.version != version and steps is not None:
        facts |= {"steps": [asdict(step) for step in steps]}
    if facts or trail.difference(before, trail.snapshot(case)):
        trail.record("edit", case, by=by, before=before, facts=facts)
        requests.recheck(case.project, by)
    return case


@transaction.atomic
def retire_case(case_id: int, *, by: User) -> TestCase:
    """Take a case out of use; its results stay. Raises CaseAlreadyInState, CaseIsPlanned."""
    case = _locked(case_id, CaseState.ACTIVE)
    run = TestRun.objects.exclude(state=RunState.FINISHED).filter(executions__case=case).first()
    if run is not None:
        raise CaseIsPlanned(case=case.code, run=run.code)
    return _set_state(case, CaseState.RETIRED, "retire", by=by)


@transaction.atomic
def restore_case(case_id: int, *, by: User) -> TestCase:
    """Bring a retired case back into use. Raises CaseAlreadyInState."""
    return _set_state(_locked(case_id, CaseState.RETIRED), CaseState.ACTIVE, "restore", by=by)


def steps_of(case: TestCase) -> list[dict[str, Any]]:
    """Return the steps as a result keeps them."""
    return [step.content() for step in case.steps.all()]


def _locked(case_id: int, expected: CaseState) -> TestCase:
    case = TestCase.objects.select_for_update(of=("self",)).select_related("project").get(pk=case_id)
    if case.state != expected:
        raise CaseAlreadyInState(case=case.code)
    return case


def _set_state(case: TestCase, state: CaseState, action: str, *, by: User) -> TestCase:
    before = trail.snapshot(case)
    case.state = state
    case.save(update_fields=["state"])
    trail.record(action, case, by=by, before=before)
    requests.recheck(case.project, by)
    return case


def _content(case: TestCase) -> list[Any]:
    steps = TestStep.objects.filter(case=case).values_list("position", "action", "test_data", "expected")
    return [*(getattr(case, name) for name in CONTENT), list(steps)]


def _write_steps(case: TestCase, steps: Sequence[Step]) -> None:
    TestStep.objects.bulk_create(
        TestStep(case=case, position=position, **asdict(step)) for position, step in enumerate(steps, start=1)
    )


def _keep_version(case: TestCase, *, by: User) -> None:
    CaseVersion.objects.create(
        case=case,
        number=case.version,
        **{name: getattr(case, name) for name in CONTENT},
        steps=[step.content() for step in TestStep.objects.filter(case=case)],
        written_by=by,
        written_at=timezone.now(),
    )


def _check_project(project: Project, requirements: list) -> None:
    if any(requirement.project_id != project.pk for requirement in requirements):
        raise ForeignRows


def _facts(steps: Sequence[Step], requirements: list) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if steps:
        facts["steps"] = [asdict(step) for step in steps]
    if requirements:
        facts["requirements"] = sorted(requirement.number for requirement in requirements)
    return facts
