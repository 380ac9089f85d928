"""Reads of defects that pages, the API and trends share."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from projects.models import Project
from projects.roles import visible_in
from quality.domain.defect_trend import Known, Moved
from quality.models import Defect, DefectMove


def defects_with_facts(user: User, project: Project) -> QuerySet[Defect]:
    """Return the defects that exist for `user`, with the people that turns and moves ask about, their age, and
    `original_number`: of the defect that a duplicate repeats, if that one exists for `user` too."""
    visible = visible_in(Defect.objects.all(), user, project)
    originals = visible.filter(pk=OuterRef("duplicate_of")).values("number")
    return visible.with_people().with_age(timezone.now()).annotate(original_number=Subquery(originals))


def known_defects(visible: QuerySet[Defect]) -> list[Known]:
    """Return what a trend asks of the defects that exist for a person."""
    return [Known(*row) for row in visible.order_by().values_list("pk", "state", "reported_at")]


def moves_of_defects(visible: QuerySet[Defect]) -> list[Moved]:
    """Return the moves of the defects that exist for a person, in their order."""
    moves = DefectMove.objects.filter(defect__in=visible.order_by().values("pk")).order_by("pk")
    return [Moved(*row) for row in moves.values_list("defect_id", "source", "target", "at")]
