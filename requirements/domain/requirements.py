"""Adding, editing, withdrawing and deleting requirements. Each is a change of the scope: see changes.py."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.domain import trail
from projects.domain.numbers import next_number
from projects.models import Project
from requirements.domain.changes import frozen_difference, in_language_of, in_words, open_for_change
from requirements.domain.errors import EditedMeanwhile, MoveNotAllowed, ReasonMissing, WasBaselined
from requirements.domain.scopes import lock_scope
from requirements.enums import RequirementState
from requirements.models import Objective, Requirement

# Every legal move that a person makes on one requirement: name -> (states it starts from, state it ends in). The
# moves of all requirements of a baseline at once are in baselines.py.
MOVES = {
    "withdraw": ({RequirementState.DRAFT}, RequirementState.WITHDRAWN),
    "restore": ({RequirementState.WITHDRAWN}, RequirementState.DRAFT),
}


@transaction.atomic
def add_requirement(
    requirement: Requirement, objectives: Iterable[Objective], *, by: User, discard: bool = False
) -> Requirement:
    """Save a new requirement under the next number of its project.

    Raises ScopeIsSigned, or BaselineIsOpen and RequestIsOpen unless `discard` says that the open baseline may go.
    """
    project = requirement.project
    lock_scope(project)
    with in_language_of(project):
        difference = _("%(title)s is added") % {"title": requirement.title}
    open_for_change(project, difference, by=by, discard=discard)
    requirement.number = next_number(Requirement, project)
    requirement.created_by = by
    requirement.save()
    requirement.objectives.set(objectives)
    trail.record("create", requirement, by=by, before={}, facts={"objectives": _codes(objectives)})
    return requirement


@transaction.atomic
def edit_requirement(
    requirement: Requirement,
    objectives: Iterable[Objective],
    *,
    by: User,
    seen_version: int | None = None,
    discard: bool = False,
) -> Requirement:
    """Save the edited `requirement`; a change of what a baseline freezes makes it the next version.

    `seen_version` is the version that the person edited: another one now raises EditedMeanwhile. Raises also
    MoveNotAllowed (withdrawn), ScopeIsSigned, BaselineIsOpen, RequestIsOpen.
    """
    project = requirement.project
    lock_scope(project)
    stored = Requirement.objects.get(pk=requirement.pk)
    if stored.state == RequirementState.WITHDRAWN:
        raise MoveNotAllowed.of(stored)
    if seen_version not in (None, stored.version):
        raise EditedMeanwhile(object=stored.code)
    before, after = _codes(stored.objectives.all()), _codes(objectives)
    with in_language_of(project):
        difference = frozen_difference(stored, requirement)
        if before != after:
            difference[_("Objectives")] = (", ".join(before), ", ".join(after))
        words = in_words(requirement.code, difference)
    if difference:
        open_for_change(project, words, by=by, discard=discard)
    requirement.state = Requirement.objects.values_list("state", flat=True).get(pk=requirement.pk)
    requirement.version = stored.version + bool(difference)
    snapshot = trail.snapshot(stored)
    requirement.save()
    requirement.objectives.set(objectives)
    facts = {"objectives": [before, after]} if before != after else {}
    if facts or snapshot != trail.snapshot(requirement):
        trail.record("edit", requirement, by=by, before=snapshot, facts=facts)
    return requirement


@transaction.atomic
def withdraw_requirement(requirement_id: int, *, reason: str, by: User, discard: bool = False) -> Requirement:
    """Take a requirement out of the scope; it stays on record and can be restored.

    Raises ReasonMissing, MoveNotAllowed, ScopeIsSigned, BaselineIsOpen or RequestIsOpen.
    """
    if not reason.strip():
        raise ReasonMissing
    return _move(
        requirement_id,
        "withdraw",
        by=by,
        discard=discard,
        withdrawn_at=timezone.now(),
        withdrawn_by=by,
        withdrawn_reason=reason.strip(),
    )


@transaction.atomic
def restore_requirement(requirement_id: int, *, by: User, discard: bool = False) -> Requirement:
    """Bring a withdrawn requirement back into the scope. Raises as withdraw_requirement does."""
    return _move(
        requirement_id, "restore", by=by, discard=discard, withdrawn_at=None, withdrawn_by=None, withdrawn_reason=""
    )


@transaction.atomic
def delete_requirement(requirement_id: int, *, by: User) -> None:
    """Delete a requirement that no baseline ever held. Its number is not given out again.

    Raises WasBaselined.
    """
    requirement = Requirement.objects.select_related("project").get(pk=requirement_id)
    lock_scope(requirement.project)
    if requirement.frozen.exists():
        raise WasBaselined(requirement=requirement.code)
    trail.delete(requirement, by=by)


def _move(requirement_id: int, name: str, *, by: User, discard: bool, **fields) -> Requirement:
    requirement = Requirement.objects.select_related("project").get(pk=requirement_id)
    project = requirement.project
    lock_scope(project)
    open_for_change(project, _in_words(name, requirement, project), by=by, discard=discard)
    requirement.refresh_from_db()
    sources, target = MOVES[name]
    if requirement.state not in sources:
        raise MoveNotAllowed.of(requirement)
    before = trail.snapshot(requirement)
    requirement.state = target
    for field, value in fields.items():
        setattr(requirement, field, value)
    requirement.save(update_fields=["state", *fields])
    trail.record(name, requirement, by=by, before=before)
    return requirement


def _in_words(name: str, requirement: Requirement, project: Project) -> str:
    with in_language_of(project):
        template = {"withdraw": _("%(code)s is withdrawn"), "restore": _("%(code)s is restored")}[name]
    return template % {"code": requirement.code}


def _codes(objectives: Iterable[Objective]) -> list[str]:
    return [objective.code for objective in sorted(objectives, key=lambda objective: objective.number)]
