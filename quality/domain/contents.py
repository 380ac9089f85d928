"""What a certificate of acceptance lists: read once, for the manifest that is signed and for the page that prints it.

The manifest names things by their codes and holds no words of ours, so that it is the same in every language.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from projects.models import Attachment, Phase, Project
from quality.domain import clocks, evaluation, facts
from quality.domain.evaluation import Line
from quality.domain.facts import DefectFact, RequirementFact, WaiverFact
from quality.enums import Outcome, RequirementStatus, Severity
from quality.models import Check, CriteriaSet, Execution, Result


@dataclass(frozen=True)
class CaseLine:
    """A case and the result that counts; nothing was run where `executed_at` is None."""

    code: str
    title: str
    version: int
    priority: int
    run: str
    outcome: Outcome
    ran_version: int | None
    build: str
    executed_by: str
    executed_at: datetime | None


@dataclass(frozen=True)
class RequirementLine:
    code: str
    title: str
    version: int
    status: RequirementStatus


@dataclass(frozen=True)
class DefectLine:
    code: str
    title: str
    severity: Severity
    state: str
    fix_planned_on: Any


@dataclass(frozen=True)
class FileLine:
    """A file that was attached as evidence, named by what it belongs to."""

    key: str
    belongs_to: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """Everything that an acceptance of `scope` rests on."""

    project: Project
    phase: Phase | None
    criteria_set: CriteriaSet
    lines: tuple[Line, ...]
    checks: tuple[Check | None, ...]  # beside each line, where a person checked
    requirements: tuple[RequirementLine, ...]
    cases: tuple[CaseLine, ...]
    defects: tuple[DefectLine, ...]
    files: tuple[FileLine, ...]
    waivers: tuple[WaiverFact, ...] = ()  # those that count
    early_runs: tuple[str, ...] = ()  # codes of those that were started before these criteria were agreed

    @property
    def is_met(self) -> bool:
        return evaluation.is_met(self.lines)

    @property
    def status_counts(self) -> list[tuple[RequirementStatus, int]]:
        counted = Counter(requirement.status for requirement in self.requirements)
        return [(status, counted[status]) for status in RequirementStatus if counted[status]]

    def manifest(self) -> dict[str, Any]:
        """Return what is signed, as JSON values."""
        document = self.criteria_set.document
        return {
            "scope": self.phase.code if self.phase else "project",
            "criteria set": {
                "version": self.criteria_set.version,
                "state": self.criteria_set.state,
                "document": document.label if document else None,
                "document sha256": document.body_sha256 if document else None,
            },
            "criteria": [
                criterion_manifest(line.criterion) | _found(line, check)
                for line, check in zip(self.lines, self.checks, strict=True)
            ],
            "requirements": [
                {"number": row.code, "version": row.version, "status": row.status.value} for row in self.requirements
            ],
            "cases": [_case_manifest(row) for row in self.cases],
            "open defects": [
                {
                    "number": row.code,
                    "title": row.title,
                    "severity": row.severity.value,
                    "state": row.state,
                    "fix planned on": row.fix_planned_on,
                }
                for row in self.defects
            ],
            "evidence": [
                {"key": row.key, "name": row.name, "size": row.size, "sha256": row.sha256} for row in self.files
            ],
            "waivers": [{"number": row.code, "subject": row.subject, "document": row.document} for row in self.waivers],
        } | ({"runs started before agreement": list(self.early_runs)} if self.early_runs else {})


def criteria_manifest(criteria_set: CriteriaSet) -> dict[str, Any]:
    """Return what is signed when criteria are agreed."""
    return {
        "scope": criteria_set.phase.code if criteria_set.phase else "project",
        "version": criteria_set.version,
        "criteria": [criterion_manifest(criterion) for criterion in criteria_set.criteria.all()],
    } | clocks.term_of(criteria_set)


def criterion_manifest(criterion: Any) -> dict[str, Any]:
    """Return one criterion as it is signed; its threshold exactly, as text."""
    label = {"label": criterion.label} if criterion.label else {}  # what was signed before there were labels has none
    return label | {
        "number": criterion.position,
        "statement": criterion.statement,
        "kind": criterion.kind,
        "source": criterion.source,
        "operator": criterion.operator,
        "threshold": str(criterion.threshold),
        "unit": criterion.unit,
        "how": criterion.how,
    }


def read(criteria_set: CriteriaSet) -> Content:
    """Read what an acceptance by these criteria would list now."""
    project, phase = criteria_set.project, criteria_set.phase
    scope = facts.of_scope(project, phase)
    lines = evaluation.evaluate_all(_criteria(criteria_set), scope)
    checks = [scope.check_of(line.criterion) if line.needs_check else None for line in lines]
    executions = [execution.result_id for execution in scope.executions if execution.result_id]
    results = Result.objects.filter(pk__in=executions).select_related("executed_by")
    by_id = {result.pk: result for result in results.prefetch_related("attachments")}
    rows = {(row.run_id, row.case_id): row for row in _planned(scope)}
    latest = [by_id.get(execution.result_id or 0) for execution in scope.executions]
    planned = [rows[execution.run_id, execution.case_id] for execution in scope.executions]
    cases = [_case_line(row, result) for row, result in zip(planned, latest, strict=True)]
    return Content(
        project=project,
        phase=phase,
        criteria_set=criteria_set,
        lines=tuple(lines),
        checks=tuple(checks),
        requirements=tuple(_requirement_line(row, scope) for row in scope.requirements),
        cases=tuple(cases),
        defects=tuple(_defect_line(row) for row in scope.defects),
        files=tuple(_files(cases, latest, lines, checks)),
        waivers=scope.signed_waivers,
        early_runs=tuple(_early(criteria_set, planned)),
    )


def _criteria(criteria_set: CriteriaSet) -> list:
    criteria = list(criteria_set.criteria.all())
    for criterion in criteria:
        criterion.criteria_set = criteria_set
    return criteria


def _planned(scope: facts.ScopeFacts):
    runs = {execution.run_id for execution in scope.executions}
    return Execution.objects.filter(run__in=runs).select_related("run", "case")


def _early(criteria_set: CriteriaSet, planned: list[Execution]) -> list[str]:
    """Return the runs that were started before the criteria they are judged by now were agreed."""
    agreed_at = criteria_set.agreed_at
    early = {row.run.code for row in planned if agreed_at and row.run.started_at and row.run.started_at < agreed_at}
    return sorted(early)


def _case_line(row: Execution, result: Result | None) -> CaseLine:
    return CaseLine(
        code=row.case.code,
        title=row.case.title,
        version=row.case.version,
        priority=row.case.priority,
        run=row.run.code,
        outcome=Outcome(row.outcome),
        ran_version=result.case_version if result else None,
        build=result.build if result else "",
        executed_by=result.executed_by.name if result else "",
        executed_at=result.executed_at if result else None,
    )


def _requirement_line(row: RequirementFact, scope: facts.ScopeFacts) -> RequirementLine:
    return RequirementLine(f"R-{row.number:03d}", row.title, row.version, scope.statuses[row.number])


def _defect_line(row: DefectFact) -> DefectLine:
    return DefectLine(f"DF-{row.number:03d}", row.title, Severity(row.severity), row.state, row.fix_planned_on)


def _files(cases, results, lines, checks):
    """Yield the files attached to the results and checks that count."""
    for case, result in zip(cases, results, strict=True):
        for file in result.attachments.all() if result else ():
            yield _file_line(case.code, file)
    for line, check in zip(lines, checks, strict=True):
        for file in check.attachments.all() if check else ():
            yield _file_line(str(line.criterion.position), file)


def _file_line(belongs_to: str, file: Attachment) -> FileLine:
    return FileLine(f"{belongs_to} #{file.pk}", belongs_to, file.name, file.size, file.sha256)


def _found(line: Line, check: Check | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "verdict": line.verdict.value,
        "measured": None if line.measured.value is None else str(line.measured.value),
        "counts": list(line.measured.counts) if line.measured.counts else None,
    }
    if check:
        found["checked by"] = check.checked_by.name
        found["checked at"] = check.checked_at
        found["comment"] = check.comment
    return found


def _case_manifest(row: CaseLine) -> dict[str, Any]:
    return {
        "number": row.code,
        "version": row.version,
        "run": row.run,
        "result": row.outcome.value,
        "version run": row.ran_version,
        "build": row.build,
        "by": row.executed_by,
        "at": row.executed_at,
    }
