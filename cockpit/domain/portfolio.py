"""Projects with the figures that tell how they stand, in one query for the whole page."""

from datetime import date

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from cockpit.domain.status import ProjectFigures, Status, judge
from delivery.models import Task
from projects.enums import PhaseState, ProjectState
from projects.models import Phase, Project
from quality.enums import Severity
from quality.models import Defect
from signing.enums import RequestState
from signing.models import SignatureRequest


def projects_with_figures(user: User, *, on: date) -> QuerySet[Project]:
    """Return the projects that `user` sees, each with the counts that judge_project() needs."""
    overdue = Task.objects.unfinished().filter(ends_on__lt=on)
    grave = Defect.objects.unclosed()
    phase = Phase.objects.filter(project=OuterRef("pk")).exclude(state=PhaseState.DONE).order_by("number")
    return (
        Project.objects.visible_to(user)
        .select_related("customer")
        .annotate(
            phase_name=Subquery(phase.values("name")[:1]),
            overdue_tasks=_count(overdue.filter(is_milestone=False)),
            overdue_milestones=_count(overdue.filter(is_milestone=True)),
            open_blockers=_count(grave.filter(severity=Severity.BLOCKER)),
            open_criticals=_count(grave.filter(severity=Severity.CRITICAL)),
            unsigned_documents=_count(SignatureRequest.objects.filter(state=RequestState.SENT)),
        )
    )


def judge_project(project: Project, *, on: date) -> Status:
    """Return how an annotated project stands."""
    return judge(
        ProjectFigures(
            go_live_on=project.go_live_on,
            is_live=project.state != ProjectState.ACTIVE,
            overdue_tasks=project.overdue_tasks,  # type: ignore[attr-defined]
            overdue_milestones=project.overdue_milestones,  # type: ignore[attr-defined]
            open_blockers=project.open_blockers,  # type: ignore[attr-defined]
            open_criticals=project.open_criticals,  # type: ignore[attr-defined]
        ),
        on=on,
    )


def _count(rows: QuerySet) -> Coalesce:
    """Count the rows of the outer project in a subquery, so that several counts do not multiply each other."""
    counted = rows.filter(project=OuterRef("pk")).order_by().values("project").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
