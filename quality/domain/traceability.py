"""Requirement ↔ test case ↔ latest result ↔ defect ↔ criterion, for one scope of build, environment and window.

The whole project is read in three queries, however large it is, and judged by the pure functions of
requirement_status and criteria; defects and criteria are read for the rows that are `shown`.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from accounts.models import User
from common.dates import start_of_day
from projects.models import Project
from projects.roles import sight_of, visible_in
from quality.domain.criteria import Measured, execution_rate, pass_rate
from quality.domain.queries import visible_defects
from quality.domain.requirement_status import LinkedTest, coverage, requirement_status, verified_coverage
from quality.enums import OUTCOME_FAMILIES, CaseState, Outcome, RequirementStatus
from quality.models import CriteriaSet, Execution, Result, TestRun
from requirements.models import Requirement

NAMED = 500  # cases that a query names one by one; of more, all defects are read
RANKS = {status: rank for rank, status in enumerate(RequirementStatus)}  # gaps first: the enum is worst first


@dataclass(frozen=True)
class Scope:
    """Which results count. Empty means any; the days are those of `zone`, both included."""

    build: str = ""
    environment: str = ""
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"

    def executions(self) -> Q:
        """The executions in scope: with a window, those run in it, and those not run yet that were planned in it."""
        found = Q()
        if self.build:
            found &= Q(run__build=self.build)
        if self.environment:
            found &= Q(run__environment=self.environment)
        if self.since:
            begin = start_of_day(self.since, self.zone)
            found &= Q(executed_at__gte=begin) | Q(executed_at=None, run__created_at__gte=begin)
        if self.until:
            end = start_of_day(self.until + timedelta(days=1), self.zone)
            found &= Q(executed_at__lt=end) | Q(executed_at=None, run__created_at__lt=end)
        return found


class Planned(NamedTuple):
    """A case in the latest run of the scope that has it, as it is read; `audience` is what `sight_of` asks for."""

    execution_id: int
    outcome: str
    executed_at: datetime | None
    run_number: int
    phase_id: int | None  # whose acceptance the run counts for
    audience: tuple[str, bool]


class Case(NamedTuple):
    """An active case of a requirement, as it is read."""

    pk: int
    number: int
    title: str
    version: int
    audience: tuple[str, bool]


@dataclass(frozen=True)
class CaseLine:
    """A case of a row that is shown. What is not the person's is not named: a case, or the run it was run in."""

    pk: int
    number: int | None
    title: str
    outcome: Outcome
    executed_at: datetime | None
    run_number: int | None

    @property
    def family(self) -> str:
        return OUTCOME_FAMILIES[self.outcome]


@dataclass(frozen=True)
class Link:
    """A thing of another table that belongs to a row."""

    label: str
    number: int
    family: str = ""
    words: str = ""


class Row(NamedTuple):
    """One requirement and how far it is proven."""

    number: int
    title: str
    phase_id: int | None
    status: RequirementStatus
    cases: Sequence[Case]


@dataclass(frozen=True)
class ShownRow:
    """A row with what its cells name and link to."""

    number: int
    title: str
    status: RequirementStatus
    cases: tuple[CaseLine, ...]
    defects: tuple[Link, ...]
    criteria: tuple[CriteriaSet, ...]


@dataclass(frozen=True)
class Matrix:
    """All rows, gaps first, the rates of the scope, and how each case stands there."""

    rows: tuple[Row, ...]
    counts: dict[RequirementStatus, int]
    coverage: Measured
    verified: Measured
    executed: Measured
    passed: Measured
    planned: dict[int, Planned]


def read_matrix(
    project: Project, user: User, scope: Scope, *, phase_id: int | None = None, waived: Collection[int] = ()
) -> Matrix:
    """Return how the requirements that exist for `user` stand in `scope`: three queries.

    `waived` are the numbers of the requirements whose waiver the customer has signed. The status counts every active
    test, also those that the person does not see; these have no name where the row is shown.
    """
    planned = _planned(project, scope)
    ran = _Ran(project, scope)
    rows = []
    for (number, title, version, phase), cases in _requirements(project, user, phase_id):
        tests = [_linked(case, planned.get(case.pk)) for case in cases]
        if all(test.outcome == Outcome.PASSED for test in tests):  # else no version is asked for: it is no proof anyway
            tests = [ran.in_versions(case, planned[case.pk], number) for case in cases]
        status = requirement_status(version, tests, waived=number in waived)
        rows.append(Row(number, title, phase, status, cases))
    rows.sort(key=lambda row: (RANKS[row.status], row.number))
    statuses = [row.status for row in rows]
    counted = Counter(statuses)
    outcomes = [execution.outcome for execution in planned.values()]
    return Matrix(
        rows=tuple(rows),
        counts={status: counted[status] for status in RequirementStatus},
        coverage=coverage(statuses),
        verified=verified_coverage(statuses),
        executed=execution_rate(outcomes),
        passed=pass_rate(outcomes),
        planned=planned,
    )


def shown(rows: Sequence[Row], matrix: Matrix, project: Project, user: User) -> list[ShownRow]:
    """Return rows of a matrix with the unsettled defects of their cases and the criteria that judge them and exist for
    `user`: two queries, so call it with the rows that are shown."""
    sees = sight_of(user, project)
    of_case = _defects({case.pk for row in rows for case in row.cases}, project, user)
    sets = visible_in(CriteriaSet.objects.current(), user, project).select_related("phase")
    of_phase = {criteria_set.phase_id: criteria_set for criteria_set in sets}
    return [
        ShownRow(
            number=row.number,
            title=row.title,
            status=row.status,
            cases=tuple(_line(case, matrix.planned.get(case.pk), sees) for case in row.cases),
            defects=tuple(link for case in row.cases for link in of_case.get(case.pk, ())),
            criteria=tuple(of_phase[phase] for phase in _phases(row, matrix) if phase in of_phase),
        )
        for row in rows
    ]


def scopes_in(project: Project, user: User) -> tuple[list[str], list[str]]:
    """Return the builds and environments of the runs that exist for `user`, the latest first."""
    runs = visible_in(TestRun.objects.all(), user, project).order_by("-number").values_list("build", "environment")
    builds, environments = {}, {}
    for build, environment in runs:
        builds[build] = environments[environment] = True
    return list(builds), list(environments)


def _phases(row: Row, matrix: Matrix) -> Iterable[int | None]:
    """Return the phases whose criteria judge it: its own, those of the runs of its tests, and the whole project."""
    found: dict[int | None, None] = {row.phase_id: None}
    for case in row.cases:
        if case.pk in matrix.planned:
            found[matrix.planned[case.pk].phase_id] = None
    return (*(phase for phase in found if phase is not None), None)


def _defects(cases: set[int], project: Project, user: User) -> dict[int, list[Link]]:
    found = visible_defects(user, project).unclosed().filter(case__isnull=False)  # type: ignore[attr-defined]
    if len(cases) <= NAMED:
        found = found.filter(case__in=cases)
    of_case: dict[int, list[Link]] = {}
    for defect in found.order_by("severity", "number"):
        link = Link(defect.code, defect.number, defect.severity_family, defect.get_severity_display())
        of_case.setdefault(defect.case_id, []).append(link)
    return of_case


def _planned(project: Project, scope: Scope) -> dict[int, Planned]:
    """Return, for every case planned in scope, its execution in the latest run there."""
    executions = Execution.objects.filter(scope.executions(), run__project=project).showing()
    names = ("pk", "outcome", "executed_at", "run__number", "run__phase_id", "run__audience", "run__shared_for_audit")
    rows: Iterable[Any] = executions.order_by("run__number").values_list("case_id", *names)
    latest = {row[0]: row for row in rows}  # the later run overwrites
    return {case_id: Planned(*row[1:6], row[6:]) for case_id, row in latest.items()}  # type: ignore[call-arg]


class _Ran:
    """What the last result of each execution ran, decoded when it is asked for: most statuses do not ask."""

    def __init__(self, project: Project, scope: Scope):
        results = Result.objects.filter(execution__run__project=project, outcome=Outcome.PASSED)
        if scope.build:
            results = results.filter(execution__run__build=scope.build)
        if scope.environment:
            results = results.filter(execution__run__environment=scope.environment)
        text = Cast("requirement_versions", TextField())
        rows = results.order_by("pk").annotate(text=text).values_list("execution_id", "case_version", "text")
        self.of_execution = {pk: (version, requirements) for pk, version, requirements in rows}
        self.decoded: dict[str, dict[str, int]] = {}

    def in_versions(self, case: Case, planned: Planned, requirement: int) -> LinkedTest:
        """Return how a case that has passed stands for a requirement, with the versions that were run."""
        version, text = self.of_execution.get(planned.execution_id, (None, "{}"))
        requirements = self.decoded.get(text)
        if requirements is None:
            requirements = self.decoded[text] = json.loads(text)
        return LinkedTest(planned.outcome, case.version, version, requirements.get(str(requirement)))


def _requirements(
    project: Project, user: User, phase_id: int | None
) -> Iterable[tuple[tuple[int, str, int, int | None], list[Case]]]:
    """Yield (number, title, version, phase) of every requirement in scope with its active cases, from one query."""
    rows = visible_in(Requirement.objects.in_scope(), user, project)
    if phase_id is not None:
        rows = rows.filter(phase=phase_id)
    own = ("number", "title", "version", "phase_id")
    of_case = ("pk", "number", "title", "version", "audience", "shared_for_audit", "state")
    linked: Iterable[Any] = rows.order_by("number").values_list(*own, *(f"test_cases__{name}" for name in of_case))
    found: dict[int, tuple[Any, list[Case]]] = {}
    for row in linked:
        _facts, cases = found.get(row[0]) or found.setdefault(row[0], (row[:4], []))
        if row[10] == CaseState.ACTIVE:
            cases.append(Case(*row[4:8], row[8:10]))  # type: ignore[call-arg]
    for facts, cases in found.values():
        cases.sort(key=itemgetter(1))  # by number
        yield facts, cases


def _linked(case: Case, planned: Planned | None) -> LinkedTest:
    return LinkedTest(planned.outcome if planned else Outcome.NOT_RUN, case.version)


def _line(case: Case, planned: Planned | None, sees: Callable[[str, bool], bool]) -> CaseLine:
    is_seen = sees(*case.audience)
    return CaseLine(
        pk=case.pk,
        number=case.number if is_seen else None,
        title=case.title if is_seen else "",
        outcome=Outcome(planned.outcome) if planned else Outcome.NOT_RUN,
        executed_at=planned.executed_at if planned else None,
        run_number=planned.run_number if planned and sees(*planned.audience) else None,
    )
