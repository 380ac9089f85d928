"""What has been measured in a project, read once and only if asked for; every scope is a selection of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from delivery.enums import DeliverableState
from delivery.models import Deliverable
from projects.enums import Audience
from projects.models import Phase, Project
from quality.domain.requirement_status import LinkedTest, requirement_status
from quality.enums import (
    AuditState,
    CaseState,
    FindingGrade,
    FindingState,
    Outcome,
    RequirementStatus,
    Severity,
    WaiverState,
)
from quality.models import Audit, Check, Criterion, Defect, Execution, ImportedFindings, ImportedTimes, Result, Waiver
from requirements.models import Requirement

BLOCKING = frozenset({Severity.BLOCKER, Severity.CRITICAL})


@dataclass(frozen=True)
class ExecutionFact:
    """A case as planned in one run, with its latest result there."""

    case_id: int
    case_number: int
    priority: int
    run_id: int
    run_number: int
    phase_id: int | None
    outcome: str
    result_id: int | None
    ran_version: int | None
    ran_requirements: dict[str, int]


@dataclass(frozen=True)
class RequirementFact:
    """A requirement in scope, with its linked active cases as (id, version)."""

    number: int
    title: str
    version: int
    phase_id: int | None
    cases: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class DefectFact:
    """A defect that is not closed."""

    number: int
    title: str
    severity: str
    state: str
    phase_id: int | None
    fix_planned_on: date | None
    is_shared: bool  # with the customer


@dataclass(frozen=True)
class TimesFact:
    """The samples of a label in one imported load test; the label "" is all of it."""

    label: str
    samples: int
    errors: int
    p95_ms: int | None
    import_number: int
    phase_id: int | None


@dataclass(frozen=True)
class FindingsFact:
    """The open findings of one severity that a tool reports in one imported file."""

    tool: str
    severity: str
    open: int
    import_number: int
    phase_id: int | None


@dataclass(frozen=True)
class DeliverableFact:
    """What a phase hands over, and whether a version of it is approved."""

    number: int
    phase_id: int
    is_approved: bool
    is_shared: bool  # with the customer


@dataclass(frozen=True)
class AuditFact:
    """An audit that was begun, with how many of its nonconformities are not closed, by grade."""

    number: int
    phase_id: int | None
    is_reported: bool
    major: int
    minor: int
    is_shared: bool  # with the customer


@dataclass(frozen=True)
class WaiverFact:
    """A waiver that waits or counts: of a case (by id), a requirement (by number) or a criterion (by id)."""

    code: str
    is_signed: bool
    case_id: int | None
    requirement_number: int | None
    criterion_id: int | None
    phase_id: int | None  # of the requirement, or of the set of the criterion
    subject: str
    document: str | None


class ProjectFacts:
    """All of a project's facts. Each kind is one query, however large the project is, and is read when first asked
    for: a scope whose criteria ask for no requirement costs none for them."""

    def __init__(self, project: Project):
        self.project = project

    @cached_property
    def executions(self) -> tuple[ExecutionFact, ...]:
        return tuple(_executions(self.project))

    @cached_property
    def requirements(self) -> tuple[RequirementFact, ...]:
        return tuple(_requirements(self.project))

    @cached_property
    def defects(self) -> tuple[DefectFact, ...]:
        return tuple(_defects(self.project))

    @cached_property
    def checks(self) -> dict[int, Check]:
        """Id of the criterion -> its latest check."""
        return {check.criterion_id: check for check in _latest_checks(self.project)}

    @cached_property
    def times(self) -> tuple[TimesFact, ...]:
        """Of the labels that criteria name, in the order of the imports."""
        return tuple(_times(self.project))

    @cached_property
    def findings(self) -> tuple[FindingsFact, ...]:
        return tuple(_findings(self.project))

    @cached_property
    def deliverables(self) -> tuple[DeliverableFact, ...]:
        return tuple(_deliverables(self.project))

    @cached_property
    def audits(self) -> tuple[AuditFact, ...]:
        return tuple(_audits(self.project))

    @cached_property
    def waivers(self) -> tuple[WaiverFact, ...]:
        return tuple(_waivers(self.project))

    def of_scope(self, phase: Phase | None) -> "ScopeFacts":
        return ScopeFacts(self, phase)


@dataclass(frozen=True)
class ScopeFacts:
    """What counts for the acceptance of one phase, or of the whole project where `phase` is None.

    Of every case planned in the scope's runs the execution in its latest run counts: what is planned again is to be
    shown again.
    """

    of_project: ProjectFacts
    phase: Phase | None

    @property
    def project(self) -> Project:
        return self.of_project.project

    @cached_property
    def executions(self) -> tuple[ExecutionFact, ...]:
        return in_latest_runs(filter(self._belongs, self.of_project.executions))

    @cached_property
    def requirements(self) -> tuple[RequirementFact, ...]:
        return tuple(filter(self._belongs, self.of_project.requirements))

    @cached_property
    def defects(self) -> tuple[DefectFact, ...]:
        return tuple(filter(self._belongs, self.of_project.defects))

    @cached_property
    def waivers(self) -> tuple[WaiverFact, ...]:
        """Those of what the scope is judged by: its planned cases, its requirements, its criteria."""
        planned = {execution.case_id for execution in self.executions} if self.of_project.waivers else set()
        return tuple(
            waiver
            for waiver in self.of_project.waivers
            if (waiver.case_id in planned if waiver.case_id else self._belongs(waiver))
        )

    @cached_property
    def signed_waivers(self) -> tuple[WaiverFact, ...]:
        return tuple(waiver for waiver in self.waivers if waiver.is_signed)

    @cached_property
    def waived_cases(self) -> frozenset[int]:
        return frozenset(waiver.case_id for waiver in self.signed_waivers if waiver.case_id)

    @cached_property
    def waived_requirements(self) -> frozenset[int]:
        """Numbers of the requirements."""
        return frozenset(w.requirement_number for w in self.signed_waivers if w.requirement_number)

    @cached_property
    def waived_criteria(self) -> frozenset[int]:
        return frozenset(waiver.criterion_id for waiver in self.signed_waivers if waiver.criterion_id)

    @cached_property
    def statuses(self) -> dict[int, RequirementStatus]:
        """Number of the requirement -> how far it is proven within the scope."""
        return {requirement.number: self.status_of(requirement) for requirement in self.requirements}

    def status_of(self, requirement: RequirementFact) -> RequirementStatus:
        by_case = {execution.case_id: execution for execution in self.executions}
        tests = [linked_test(requirement, version, by_case.get(pk)) for pk, version in requirement.cases]
        return requirement_status(requirement.version, tests, waived=requirement.number in self.waived_requirements)

    def open_defects(self, *severities: str) -> list[DefectFact]:
        return [defect for defect in self.defects if defect.severity in severities]

    def times_of(self, label: str) -> TimesFact | None:
        """Return the samples of a label in the latest import of the scope that has it."""
        return next(
            (times for times in reversed(self.of_project.times) if times.label == label and self._belongs(times)), None
        )

    @cached_property
    def findings(self) -> tuple[FindingsFact, ...]:
        """What each tool reports in its latest import of the scope."""
        found = list(filter(self._belongs, self.of_project.findings))
        latest = {row.tool: row.import_number for row in found}
        return tuple(row for row in found if row.import_number == latest[row.tool])

    @cached_property
    def deliverables(self) -> tuple[DeliverableFact, ...]:
        return tuple(filter(self._belongs, self.of_project.deliverables))

    @cached_property
    def audits(self) -> tuple[AuditFact, ...]:
        return tuple(filter(self._belongs, self.of_project.audits))

    def check_of(self, criterion: Criterion) -> Check | None:
        return self.of_project.checks.get(criterion.pk)

    def _belongs(self, fact: Any) -> bool:
        return self.phase is None or fact.phase_id == self.phase.pk


def of_scope(project: Project, phase: Phase | None) -> ScopeFacts:
    """Read what the criteria of a phase, or of the whole project, are measured by, each fact when first asked for."""
    return ProjectFacts(project).of_scope(phase)


def status_of(requirement: Requirement) -> RequirementStatus:
    """Return how far one requirement is proven within the whole project: two queries."""
    cases = requirement.test_cases.filter(state=CaseState.ACTIVE).values_list("pk", "version")
    fact = RequirementFact(
        requirement.number, requirement.title, requirement.version, requirement.phase_id, tuple(cases)
    )
    return of_scope(requirement.project, None).status_of(fact)


def in_latest_runs(executions: Iterable[ExecutionFact]) -> tuple[ExecutionFact, ...]:
    """Return, for every case, its execution in the latest of the runs given, in the order of the cases."""
    latest: dict[int, ExecutionFact] = {}
    for execution in executions:
        known = latest.get(execution.case_id)
        if known is None or execution.run_number > known.run_number:
            latest[execution.case_id] = execution
    return tuple(sorted(latest.values(), key=lambda execution: execution.case_number))


def linked_test(requirement: RequirementFact, version: int, execution: ExecutionFact | None) -> LinkedTest:
    """Return how a case at `version` stands for a requirement, by the execution that counts."""
    if execution is None:
        return LinkedTest(Outcome.NOT_RUN, version)
    ran_requirement = execution.ran_requirements.get(str(requirement.number))
    return LinkedTest(execution.outcome, version, execution.ran_version, ran_requirement)


def _executions(project: Project) -> Iterable[ExecutionFact]:
    latest = Result.objects.filter(execution=OuterRef("pk")).order_by("-pk")
    rows = (
        Execution.objects.filter(run__project=project)
        .showing()
        .annotate(
            result_id=Subquery(latest.values("pk")[:1]),
            ran_version=Subquery(latest.values("case_version")[:1]),
            ran_requirements=Subquery(latest.values("requirement_versions")[:1]),
        )
    )
    names = ("case_id", "case__number", "case__priority", "run_id", "run__number", "run__phase_id", "outcome")
    found: Iterable[Any] = rows.values_list(*names, "result_id", "ran_version", "ran_requirements")
    for *row, ran in found:  # SQLite gives JSON out of a subquery as text
        versions = json.loads(ran) if isinstance(ran, str) else ran or {}
        yield ExecutionFact(*row, versions)  # type: ignore[call-arg]  # so many values there are


def _requirements(project: Project) -> Iterable[RequirementFact]:
    names = ("number", "title", "version", "phase_id", "test_cases__pk", "test_cases__version", "test_cases__state")
    rows = Requirement.objects.filter(project=project).in_scope().order_by("number")
    linked: Iterable[Any] = rows.values_list(*names)
    found: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
    for *requirement, case_id, version, state in linked:
        cases = found.setdefault(tuple(requirement), [])
        if state == CaseState.ACTIVE:
            cases.append((case_id, version))
    for facts, cases in found.items():
        yield RequirementFact(*facts, tuple(sorted(cases)))  # type: ignore[call-arg]


def _waivers(project: Project) -> Iterable[WaiverFact]:
    rows = Waiver.objects.filter(project=project)
    rows = (rows.counting() | rows.waiting()).order_by("number")
    for waiver in rows.select_related("case", "requirement", "criterion__criteria_set", "document"):
        owner = waiver.requirement or (waiver.criterion.criteria_set if waiver.criterion else None)
        yield WaiverFact(
            code=waiver.code,
            is_signed=waiver.state == WaiverState.SIGNED,
            case_id=waiver.case_id,
            requirement_number=waiver.requirement.number if waiver.requirement else None,
            criterion_id=waiver.criterion_id,
            phase_id=owner.phase_id if owner else None,
            subject=str(waiver.subject),
            document=waiver.document.label if waiver.document else None,
        )


def _defects(project: Project) -> Iterable[DefectFact]:
    rows = Defect.objects.filter(project=project).unclosed().order_by("number")
    names = ("number", "title", "severity", "state", "phase_id", "fix_planned_on")
    found: Iterable[Any] = rows.values_list(*names, "audience")
    for *row, audience in found:
        yield DefectFact(*row, audience == Audience.CUSTOMER)  # type: ignore[call-arg]


def _times(project: Project) -> Iterable[TimesFact]:
    named = Criterion.objects.filter(criteria_set__project=project).values("label")
    rows = ImportedTimes.objects.filter(result_import__project=project, label__in=named)
    names = ("label", "samples", "errors", "p95_ms", "result_import__number", "result_import__phase_id")
    found: Iterable[Any] = rows.order_by("result_import__number").values_list(*names)
    return (TimesFact(*row) for row in found)


def _findings(project: Project) -> Iterable[FindingsFact]:
    rows = ImportedFindings.objects.filter(result_import__project=project)
    names = ("tool", "severity", "open", "result_import__number", "result_import__phase_id")
    found: Iterable[Any] = rows.order_by("result_import__number", "pk").values_list(*names)
    return (FindingsFact(*row) for row in found)


def _deliverables(project: Project) -> Iterable[DeliverableFact]:
    rows = Deliverable.objects.filter(project=project).order_by("number")
    for number, phase_id, state, audience in rows.values_list("number", "phase_id", "state", "audience"):
        yield DeliverableFact(number, phase_id, state == DeliverableState.APPROVED, audience == Audience.CUSTOMER)


def _audits(project: Project) -> Iterable[AuditFact]:
    def open_of(grade: FindingGrade) -> Count:
        return Count("findings", filter=Q(findings__state=FindingState.OPEN, findings__grade=grade))

    rows = Audit.objects.filter(project=project).exclude(state=AuditState.PLANNED)
    rows = rows.annotate(major=open_of(FindingGrade.MAJOR), minor=open_of(FindingGrade.MINOR)).order_by("number")
    for audit in rows:
        shared = audit.audience == Audience.CUSTOMER
        yield AuditFact(audit.number, audit.phase_id, audit.has_report, audit.major, audit.minor, shared)


def _latest_checks(project: Project) -> Iterable[Check]:
    newest = Check.objects.filter(criterion=OuterRef("criterion")).order_by("-pk").values("pk")[:1]
    return Check.objects.filter(criterion__criteria_set__project=project, pk=Subquery(newest)).select_related(
        "checked_by"
    )
