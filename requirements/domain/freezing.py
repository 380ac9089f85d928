"""Freezing the scope into a baseline."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.domain import trail
from projects.domain.numbers import next_number
from projects.enums import Audience
from projects.models import Project
from requirements.domain import baselines
from requirements.domain.errors import AnotherBaselineStands, NotReadyToFreeze, SharingNotConfirmed
from requirements.domain.scopes import lock_scope
from requirements.enums import RequirementState
from requirements.models import Baseline, BaselineItem, BaselineObjective, Objective, Requirement


@dataclass(frozen=True)
class Gap:
    """A requirement that cannot be frozen, and what it lacks."""

    requirement: Requirement
    lacks: tuple[str, ...]  # lazily translated

    def __str__(self):
        return f"{self.requirement.code} ({', '.join(map(str, self.lacks))})"


@dataclass(frozen=True)
class Readiness:
    """What a freeze would take, what stands in its way, and what it would share with the customer."""

    requirements: Sequence[Requirement]
    objectives: Sequence[Objective]
    gaps: tuple[Gap, ...]

    @property
    def is_ready(self) -> bool:
        return bool(self.requirements) and not self.gaps

    @property
    def to_share(self) -> list[Requirement | Objective]:
        rows: list[Requirement | Objective] = [*self.objectives, *self.requirements]
        return [row for row in rows if row.audience == Audience.TEAM]

    @property
    def codes_to_share(self) -> str:
        return ", ".join(row.code for row in self.to_share)


def readiness(project: Project) -> Readiness:
    """Look at the scope as a freeze would: every requirement needs an objective and an acceptance text."""
    scope = Requirement.objects.filter(project=project).in_scope().select_related("phase", "project")
    requirements = list(scope.prefetch_related("objectives"))
    gaps = [Gap(requirement, tuple(_lacks(requirement))) for requirement in requirements]
    objectives = list(Objective.objects.filter(project=project).select_related("project"))
    return Readiness(requirements, objectives, tuple(gap for gap in gaps if gap.lacks))


@transaction.atomic
def freeze(project: Project, *, by: User, share: bool = False) -> Baseline:
    """Freeze all requirements in scope and all objectives into the project's next baseline.

    `share` says that what only the team sees may be shared with the customer, who is to sign it. Raises
    AnotherBaselineStands, NotReadyToFreeze (with what is missing) or SharingNotConfirmed.
    """
    lock_scope(project)
    standing = baselines.standing(project)
    if standing is not None:
        raise AnotherBaselineStands(baseline=standing.code, state=standing.get_state_display())
    found = readiness(project)
    if not found.is_ready:
        missing = "; ".join(map(str, found.gaps)) or _("there are none")
        raise NotReadyToFreeze(missing=missing)
    if found.to_share and not share:
        raise SharingNotConfirmed(codes=found.codes_to_share)
    baseline = Baseline.objects.create(
        project=project, number=next_number(Baseline, project), frozen_at=timezone.now(), frozen_by=by
    )
    _share(found, baseline, by=by)
    BaselineObjective.objects.bulk_create(_frozen_objective(baseline, objective) for objective in found.objectives)
    BaselineItem.objects.bulk_create(_frozen_item(baseline, requirement) for requirement in found.requirements)
    trail.record("freeze", baseline, by=by, facts={"requirements": len(found.requirements)})
    baselines.move_requirements(baseline, RequirementState.FROZEN, action="freeze", by=by)
    return baseline


def _lacks(requirement: Requirement):
    if not requirement.objectives.all():
        yield gettext_lazy("no objective")
    if not requirement.acceptance.strip():
        yield gettext_lazy("no acceptance text")


def _share(found: Readiness, baseline: Baseline, *, by: User) -> None:
    to_share = found.to_share
    for row in to_share:
        row.audience = Audience.CUSTOMER
    Objective.objects.bulk_update([row for row in to_share if isinstance(row, Objective)], ["audience"])
    Requirement.objects.bulk_update([row for row in to_share if isinstance(row, Requirement)], ["audience"])
    trail.record_many("share", to_share, by=by, facts={"baseline": baseline.code})


def _frozen_objective(baseline: Baseline, objective: Objective) -> BaselineObjective:
    return BaselineObjective(
        baseline=baseline,
        objective=objective,
        number=objective.number,
        title=objective.title,
        measure=objective.measure,
        baseline_value=objective.baseline_value,
        target_value=objective.target_value,
        due_on=objective.due_on,
    )


def _frozen_item(baseline: Baseline, requirement: Requirement) -> BaselineItem:
    return BaselineItem(
        baseline=baseline,
        requirement=requirement,
        number=requirement.number,
        version=requirement.version,
        process=requirement.process,
        title=requirement.title,
        statement=requirement.statement,
        acceptance=requirement.acceptance,
        priority=requirement.priority,
        phase=str(requirement.phase or ""),
        objective_numbers=sorted(objective.number for objective in requirement.objectives.all()),
    )
