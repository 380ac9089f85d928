"""Reads of the register of deliverables that pages, the API and later apps share."""

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from delivery.enums import Raci
from delivery.models import Deliverable, RaciEntry
from projects.models import Phase, Project
from projects.roles import visible_in

ACCOUNTABLE = Prefetch(
    "raci", RaciEntry.objects.filter(letter=Raci.ACCOUNTABLE).select_related("person"), to_attr="accountable_entries"
)


def visible_deliverables(user: User, project: Project) -> QuerySet[Deliverable]:
    """Return the deliverables of the project that exist for `user`."""
    return visible_in(Deliverable.objects.all(), user, project)


def for_register(rows: QuerySet[Deliverable]) -> QuerySet[Deliverable]:
    """Let rows come with what a register shows: phase, newest and approved version, who is accountable."""
    return rows.with_latest().select_related("phase", "approved_version").prefetch_related(ACCOUNTABLE)  # type: ignore[attr-defined]


def of_phase(user: User, phase: Phase) -> list[Deliverable]:
    """Return what of a phase's deliverables exists for `user`, in the order of their numbers: two queries."""
    return list(for_register(visible_deliverables(user, phase.project).filter(phase=phase)).order_by("number"))
