"""Adding and editing objectives. Each is a change of the scope: see changes.py."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.domain import trail
from projects.domain.numbers import next_number
from requirements.domain.changes import frozen_difference, in_language_of, in_words, open_for_change
from requirements.domain.errors import EditedMeanwhile
from requirements.domain.scopes import lock_scope
from requirements.models import Objective


@transaction.atomic
def add_objective(objective: Objective, *, by: User, discard: bool = False) -> Objective:
    """Save a new objective under the next number of its project.

    Raises ScopeIsSigned, or BaselineIsOpen and RequestIsOpen unless `discard` says that the open baseline may go.
    """
    project = objective.project
    lock_scope(project)
    with in_language_of(project):
        difference = _("%(title)s is added") % {"title": objective.title}
    open_for_change(project, difference, by=by, discard=discard)
    objective.number = next_number(Objective, project)
    objective.created_by = by
    trail.save(objective, by=by)
    return objective


@transaction.atomic
def edit_objective(
    objective: Objective, *, by: User, seen_version: int | None = None, discard: bool = False
) -> Objective:
    """Save the edited `objective`; a change makes it the next version.

    `seen_version` is the version that the person edited: another one now raises EditedMeanwhile. Raises also as
    add_objective does, but not where only its audience changes.
    """
    project = objective.project
    lock_scope(project)
    stored = Objective.objects.get(pk=objective.pk)
    if seen_version not in (None, stored.version):
        raise EditedMeanwhile(object=stored.code)
    with in_language_of(project):
        difference = frozen_difference(stored, objective)
        words = in_words(objective.code, difference)
    if difference:
        open_for_change(project, words, by=by, discard=discard)
    objective.version = stored.version + (trail.snapshot(stored) != trail.snapshot(objective))
    trail.save(objective, by=by)
    return objective
