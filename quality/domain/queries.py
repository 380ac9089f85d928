"""Reads that pages and the API share."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from projects.models import Project
from projects.roles import visible_in
from quality.enums import Outcome
from quality.models import Check, CriteriaSet, Defect, Execution, Result, TestCase, TestRun
from requirements.models import Requirement

IS_OPEN = Q(outcome=Outcome.NOT_RUN) | (Q(to_retest=True) & ~Q(outcome=Outcome.PASSED))


@dataclass(frozen=True)
class Progress:
    """How many of the cases that concern a person are done."""

    done: int
    total: int


def executions_of(run: TestRun) -> list[Execution]:
    """Return the executions of a run in the order of its cases, each with `to_retest`."""
    rows = run.executions.with_retest().select_related("case", "assigned_to").order_by("case__number")
    for execution in (found := list(rows)):
        execution.run = run
    return found


def is_open(execution: Execution) -> bool:
    """Still to be run: not run yet, or failed with its defect fixed since."""
    return execution.outcome == Outcome.NOT_RUN or (
        execution.to_retest and execution.outcome != Outcome.PASSED  # type: ignore[attr-defined]
    )


def concerns(execution: Execution, person: User) -> bool:
    """Whether `person` is to run it: it is theirs, or anyone's who tests."""
    return execution.assigned_to_id in {None, person.pk}


def progress_of(executions: Sequence[Execution], person: User) -> Progress:
    """Count the executions that `person` is to run; all of them where none is theirs (the team looks on)."""
    own = [execution for execution in executions if concerns(execution, person)] or list(executions)
    return Progress(done=sum(not is_open(execution) for execution in own), total=len(own))


def next_open(executions: Sequence[Execution], person: User, *, after: int = 0) -> Execution | None:
    """Return the open execution of `person` that follows the case number `after`, going round to the first."""
    open_ones = [execution for execution in executions if concerns(execution, person) and is_open(execution)]
    following = [execution for execution in open_ones if execution.case.number > after]
    others = [execution for execution in open_ones if execution.case.number != after]
    return next(iter(following or others), None)


def own_executions(run: TestRun, person: User) -> QuerySet[Execution]:
    """Return what `person` is to run in `run`, process by process, each with `to_retest`."""
    rows = run.executions.filter(Q(assigned_to=None) | Q(assigned_to=person)).with_retest()
    return rows.order_by("case__process", "case__number")


def still_open(executions: QuerySet[Execution]) -> QuerySet[Execution]:
    """As is_open, of rows with `to_retest`."""
    return executions.filter(IS_OPEN)


def own_progress(executions: QuerySet[Execution]) -> Progress:
    """Count the rows that own_executions gives, in one query."""
    counts = executions.order_by().aggregate(total=Count("pk"), open=Count("pk", filter=IS_OPEN))
    return Progress(done=counts["total"] - counts["open"], total=counts["total"])


def visible_cases(user: User, project: Project) -> QuerySet[TestCase]:
    """Return the test cases of the project that exist for `user`."""
    return visible_in(TestCase.objects.all(), user, project)


def uncovered_requirements(project: Project) -> QuerySet[Requirement]:
    """Return the requirements in scope that no active case is tied to."""
    tied = TestCase.objects.active().filter(requirements=OuterRef("pk"))
    return Requirement.objects.filter(project=project).in_scope().exclude(Exists(tied))


def visible_defects(user: User, project: Project) -> QuerySet[Defect]:
    """Return the defects of the project that exist for `user`."""
    return visible_in(Defect.objects.all(), user, project)


def visible_results(user: User, project: Project) -> QuerySet[Result]:
    """A result exists for those for whom its run does."""
    return Result.objects.filter(execution__run__in=visible_in(TestRun.objects.all(), user, project))


def visible_checks(user: User, project: Project) -> QuerySet[Check]:
    """A check exists for those for whom the criteria do."""
    return Check.objects.filter(criterion__criteria_set__in=visible_in(CriteriaSet.objects.all(), user, project))
