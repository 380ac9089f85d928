"""The figures of one project's front page: what the person may see of it, counted in one query per kind of thing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cockpit.domain.status import ProjectFigures, Status, judge
from delivery.models import Task
from projects.enums import ProjectState
from projects.models import Project
from projects.roles import visible_in
from quality.enums import Outcome, Severity
from quality.models import Defect, Execution, TestRun
from requirements.enums import RequirementState
from requirements.models import Requirement

NOTHING_YET = ("none", _("Nothing yet"))
IN_PROGRESS = ("progress", _("In progress"))
ON_TRACK = ("good", _("On track"))
AT_RISK = ("risk", _("At risk"))
OFF_TRACK = ("bad", _("Off track"))


@dataclass(frozen=True)
class Overview:
    """Counts of one project on one day, of what one person sees."""

    tasks: int
    tasks_done: int
    tasks_overdue: int
    milestones_overdue: int
    requirements: int
    requirements_signed: int
    cases_planned: int
    cases_passed: int
    cases_failed: int
    cases_not_run: int
    blockers: int
    criticals: int
    majors: int
    minors: int

    @property
    def defects(self) -> int:
        return self.blockers + self.criticals + self.majors + self.minors

    @property
    def tasks_state(self) -> tuple[str, str | Promise]:
        """Family and word of the status chip; the same for the three below."""
        if not self.tasks:
            return NOTHING_YET
        if self.milestones_overdue:
            return OFF_TRACK
        return AT_RISK if self.tasks_overdue else ON_TRACK

    @property
    def requirements_state(self) -> tuple[str, str | Promise]:
        if not self.requirements:
            return NOTHING_YET
        return ("good", _("Signed")) if self.requirements_signed == self.requirements else IN_PROGRESS

    @property
    def cases_state(self) -> tuple[str, str | Promise]:
        if not self.cases_planned:
            return NOTHING_YET
        if self.cases_failed:
            return AT_RISK
        return ("good", _("Passed")) if self.cases_passed == self.cases_planned else IN_PROGRESS

    @property
    def defects_state(self) -> tuple[str, str | Promise]:
        if self.blockers or self.criticals:
            return OFF_TRACK
        return AT_RISK if self.majors else ON_TRACK


def overview_of(project: Project, user: User, *, on: date) -> Overview:
    """Return the figures of the project page on day `on`, counted from what `user` may see."""
    overdue = Q(progress_percent__lt=100, ends_on__lt=on)
    executions = Execution.objects.counting(project).filter(
        run__in=visible_in(TestRun.objects.all(), user, project).values("pk")
    )
    return Overview(
        **visible_in(Task.objects.all(), user, project).aggregate(
            tasks=Count("pk"),
            tasks_done=Count("pk", filter=Q(progress_percent=100)),
            tasks_overdue=Count("pk", filter=overdue),
            milestones_overdue=Count("pk", filter=overdue & Q(is_milestone=True)),
        ),
        **visible_in(Requirement.objects.in_scope(), user, project).aggregate(
            requirements=Count("pk"),
            requirements_signed=Count("pk", filter=Q(state=RequirementState.SIGNED)),
        ),
        **executions.aggregate(
            cases_planned=Count("pk"),
            cases_passed=Count("pk", filter=Q(outcome=Outcome.PASSED)),
            cases_failed=Count("pk", filter=Q(outcome=Outcome.FAILED)),
            cases_not_run=Count("pk", filter=Q(outcome=Outcome.NOT_RUN)),
        ),
        **visible_in(Defect.objects.unclosed(), user, project).aggregate(
            blockers=Count("pk", filter=Q(severity=Severity.BLOCKER)),
            criticals=Count("pk", filter=Q(severity=Severity.CRITICAL)),
            majors=Count("pk", filter=Q(severity=Severity.MAJOR)),
            minors=Count("pk", filter=Q(severity=Severity.MINOR)),
        ),
    )


def status_of(project: Project, overview: Overview, *, on: date) -> Status:
    """Return the status that the figures of an overview make, with its reasons."""
    return judge(
        ProjectFigures(
            go_live_on=project.go_live_on,
            is_live=project.state != ProjectState.ACTIVE,
            overdue_tasks=overview.tasks_overdue - overview.milestones_overdue,
            overdue_milestones=overview.milestones_overdue,
            open_blockers=overview.blockers,
            open_criticals=overview.criticals,
        ),
        on=on,
    )
