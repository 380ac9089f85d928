"""Reads that pages and the API share."""

from dataclasses import dataclass

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from accounts.models import User
from projects.enums import DELIVERY_TEAM, Audience
from projects.models import Project
from projects.roles import has_role, is_auditor, is_customer, is_team, visible_in
from quality.enums import CaseKind, Outcome
from quality.models import Audit, Check, CriteriaSet, Defect, Execution, Result, TestCase, TestRun
from quality.permissions import can_execute_uat_case
from requirements.models import Requirement

IS_OPEN = Q(outcome=Outcome.NOT_RUN) | (Q(to_retest=True) & ~Q(outcome=Outcome.PASSED))


@dataclass(frozen=True)
class Progress:
    """How many of the cases that concern a person are done."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.done == self.total


def own_executions(run: TestRun, person: User) -> QuerySet[Execution]:
    """Return what `person` is to run in `run`, process by process, each with `to_retest`.

    Given to nobody, a UAT case is for every tester of the customer, another one for the whole team.
    """
    anyones = [Q(case__kind=CaseKind.UAT)] if can_execute_uat_case(person, run) else []
    anyones += [~Q(case__kind=CaseKind.UAT)] if has_role(person, run.project, DELIVERY_TEAM) else []
    theirs = Q(assigned_to=person)
    for kind in anyones:
        theirs |= Q(assigned_to=None) & kind
    rows = run.executions.filter(theirs).with_retest()
    return rows.order_by("case__process", "case__number")


def still_open(executions: QuerySet[Execution]) -> QuerySet[Execution]:
    """Keep what is still to be run of rows with `to_retest`: not run yet, or failed with its defect fixed since."""
    return executions.filter(IS_OPEN)


def is_left(execution: Execution, person: User) -> bool:
    """Whether `person`, who may run it, is still to run a row with `to_retest`."""
    is_open = execution.outcome == Outcome.NOT_RUN or (execution.to_retest and execution.outcome != Outcome.PASSED)  # type: ignore[attr-defined]
    return is_open and execution.assigned_to_id in {None, person.pk}


def own_progress(executions: QuerySet[Execution]) -> Progress:
    """Count the rows that own_executions gives, in one query."""
    counts = executions.order_by().aggregate(total=Count("pk"), open=Count("pk", filter=IS_OPEN))
    return Progress(done=counts["total"] - counts["open"], total=counts["total"])


def next_open(executions: QuerySet[Execution], *, after: TestCase | None = None) -> Execution | None:
    """Return the open one of the rows that own_executions gives that follows a case, going round to the first."""
    rows = still_open(executions).select_related("case", "run__project")
    if after is None:
        return rows.first()
    follows = Q(case__process__gt=after.process) | Q(case__process=after.process, case__number__gt=after.number)
    turn = Case(When(follows, then=0), default=1)
    return rows.exclude(case=after).order_by(turn, "case__process", "case__number").first()


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


def visible_audits(user: User, project: Project) -> QuerySet[Audit]:
    """Return the audits of the project that exist for `user`: all for the team, for the customer those it was given,
    for an auditor their own, whatever became of it."""
    audits = Audit.objects.filter(project=project)
    if is_team(user, project):
        return audits
    if is_customer(user, project):
        return audits.filter(audience=Audience.CUSTOMER)
    return audits.filter(access__people=user) if is_auditor(user, project) else audits.none()
