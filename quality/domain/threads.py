"""The end of the thread of evidence of one requirement: the defects of its tests, what judges it, what was accepted."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from projects.roles import visible_in
from quality.domain.queries import visible_defects
from quality.enums import CaseState
from quality.models import Acceptance, CriteriaSet, Defect, Execution
from requirements.models import Requirement

MOST = 100  # defects; what is more is in their table


@dataclass(frozen=True)
class Thread:
    """What exists for one person."""

    defects: list[Defect]
    criteria: list[CriteriaSet]
    acceptances: list[Acceptance]


def thread_of(requirement: Requirement, user: User) -> Thread:
    """Return what became of a requirement: four queries.

    It is judged by the current criteria of its own phase, of the phases of the runs that have its active tests, and of
    the whole project.
    """
    project, cases = requirement.project, requirement.test_cases.filter(state=CaseState.ACTIVE).values("pk")
    found = visible_defects(user, project).filter(case__in=cases).order_by("-number")[:MOST]
    runs = Execution.objects.showing().filter(case__in=cases, run__phase__isnull=False)
    phases = {requirement.phase_id, *runs.order_by().values_list("run__phase", flat=True).distinct()} - {None}
    judging = Q(phase__in=phases) | Q(phase=None)
    criteria = visible_in(CriteriaSet.objects.current(), user, project).filter(judging)
    accepted = visible_in(Acceptance.objects.all(), user, project).filter(judging)
    return Thread(
        defects=list(found),
        criteria=list(criteria.select_related("phase").order_by("phase__number")),
        acceptances=list(accepted.select_related("phase", "document").order_by("-requested_at", "-pk")),
    )
