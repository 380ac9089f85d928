"""Who is responsible, accountable, consulted and informed: the matrix of people × deliverables of a phase."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.domain import trail
from delivery.domain import errors
from delivery.enums import WEIGHT, Raci
from delivery.models import Deliverable, RaciEntry
from notices.domain import outbox
from projects.enums import VENDOR_ROLES, Audience, Role
from projects.models import Phase, Project

Letters = Mapping[tuple[int, int], str]  # (id of the deliverable, id of the person) -> Raci value, "" for none


def people_of(project: Project) -> list[User]:
    """Return who can have a part in a deliverable: the team and the customer's people; each with `roles`, and
    `is_team`. Auditors look on."""
    members = project.memberships.exclude(role=Role.AUDITOR).filter(user__is_active=True).select_related("user")
    found: dict[int, Any] = {}
    for member in members.order_by("pk"):
        person = found.setdefault(member.user_id, member.user)
        person.roles = [*getattr(person, "roles", []), Role(member.role)]
        person.is_team = bool(VENDOR_ROLES.intersection(person.roles))
    order = list(Role)
    return sorted(found.values(), key=lambda person: (not person.is_team, min(map(order.index, person.roles))))


def can_have_part(person: Any, deliverable: Deliverable) -> bool:
    """Whether `person`, of people_of, sees the deliverable."""
    return person.is_team or deliverable.audience == Audience.CUSTOMER


def token_of(entries: Iterable[RaciEntry]) -> str:
    """Return what a matrix looks like now, so that who saves an older one is told."""
    cells = sorted((entry.deliverable_id, entry.person_id, entry.letter) for entry in entries)
    return hashlib.sha256(repr(cells).encode()).hexdigest()[:16]


@transaction.atomic
def set_letters(phase: Phase, letters: Letters, *, by: User, token: str | None = None) -> int:
    """Write cells of the matrix of a phase; those not named stay. Return how many deliverables changed.

    `token` is token_of the matrix that the editor saw. Who becomes accountable is told. Raises MatrixChangedMeanwhile,
    PersonNotInProject, PersonDoesNotSee and TwoAccountable.
    """
    rows = Deliverable.objects.select_for_update(of=("self",)).filter(phase=phase).select_related("project")
    deliverables = {row.pk: row for row in rows}
    entries = list(RaciEntry.objects.filter(deliverable__phase=phase))
    if token is not None and token != token_of(entries):
        raise errors.MatrixChangedMeanwhile
    present: dict[int, dict[int, str]] = {pk: {} for pk in deliverables}
    for entry in entries:
        present[entry.deliverable_id][entry.person_id] = entry.letter
    people = {person.pk: person for person in people_of(phase.project)}
    changed = 0
    for pk, before in present.items():
        typed = {person: letter for (of, person), letter in letters.items() if of == pk}
        after = {person: letter for person, letter in (before | typed).items() if letter}
        if after != before:
            _check_parts(deliverables[pk], before, after, people)
            _write(deliverables[pk], after, by=by)
            changed += 1
    return changed


@transaction.atomic
def fill_from_playbook(project: Project, *, by: User) -> int:
    """Give the parts that the playbook names to the members who hold these roles, where a deliverable has none yet.

    One person is accountable: the first member in that role. Return how many deliverables were given people.
    """
    people = people_of(project)
    filled = 0
    for deliverable in Deliverable.objects.filter(project=project, raci=None).exclude(planned_roles={}):
        parts = _planned(deliverable, people)
        if parts:
            _write(deliverable, parts, by=by)
            filled += 1
    return filled


def _planned(deliverable: Deliverable, people: list[Any]) -> dict[int, str]:
    """Return person -> letter; the weightier letter first, since a person has one part."""
    parts: dict[int, str] = {}
    for letter in WEIGHT:
        roles = deliverable.planned_roles.get(letter, [])
        holders = [one for one in people if set(roles) & set(one.roles) and can_have_part(one, deliverable)]
        for person in holders[:1] if letter == Raci.ACCOUNTABLE else holders:
            parts.setdefault(person.pk, letter)
    return parts


def _check_parts(
    deliverable: Deliverable, before: dict[int, str], after: dict[int, str], people: dict[int, Any]
) -> None:
    for person_id, _letter in after.items() - before.items():
        person = people.get(person_id)
        if person is None:
            raise errors.PersonNotInProject(person=_name(person_id))
        if not can_have_part(person, deliverable):
            raise errors.PersonDoesNotSee(person=person.name, deliverable=deliverable.code)
    accountable = [_name(person) for person, letter in after.items() if letter == Raci.ACCOUNTABLE]
    if len(accountable) > 1:
        raise errors.TwoAccountable(deliverable=deliverable.code, first=accountable[0], second=accountable[1])


def _name(person_id: int) -> str:
    return User.objects.filter(pk=person_id).values_list("name", flat=True).first() or f"#{person_id}"


def _write(deliverable: Deliverable, letters: dict[int, str], *, by: User) -> None:
    """Make `letters` (person -> letter) those of one deliverable, and record what they were and are."""
    before = list(deliverable.raci.select_related("person"))
    accountable = {entry.person_id for entry in before if entry.letter == Raci.ACCOUNTABLE}
    deliverable.raci.all().delete()
    RaciEntry.objects.bulk_create(
        RaciEntry(deliverable=deliverable, person_id=person, letter=letter)
        for person, letter in sorted(letters.items())
    )
    after = list(deliverable.raci.select_related("person"))
    trail.record("raci", deliverable, by=by, facts={"raci_before": _in_words(before), "raci_after": _in_words(after)})
    for entry in after:
        if entry.letter == Raci.ACCOUNTABLE and entry.person_id not in accountable | {by.pk}:
            _tell_accountable(deliverable, entry.person, by)


def _in_words(entries: list[RaciEntry]) -> list[str]:
    return [f"{entry.letter} {entry.person.name}" for entry in entries]


def _tell_accountable(deliverable: Deliverable, person: User, by: User) -> None:
    outbox.tell(
        person,
        "delivery/mails/deliverable_accountable",
        {"deliverable": deliverable, "project": deliverable.project, "by": by},
        url=deliverable.get_absolute_url(),
        project_id=deliverable.project_id,
    )
