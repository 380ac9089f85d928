"""How a project starts from a playbook, and the moves of a project."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import OrganisationKind
from accounts.models import Organisation, User
from audit.domain import trail
from projects import parts
from projects.domain import errors, team
from projects.domain.calendars import Calendar, calendar_for, plan_phases
from projects.domain.playbooks import Playbook, load_playbook
from projects.enums import Audience, PhaseItemKind, ProjectState, Role
from projects.models import Phase, PhaseItem, Project

ITEMS = {
    "inputs": PhaseItemKind.INPUT,
    "outputs": PhaseItemKind.OUTPUT,
    "checks": PhaseItemKind.CHECK,
    "risk_prompts": PhaseItemKind.RISK_PROMPT,
}
KEPT_NONE = frozenset({"phase", "operator", "threshold"})  # fields in which "left out" is not an empty text

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "go_live": ({ProjectState.ACTIVE}, ProjectState.LIVE),
    "close": ({ProjectState.ACTIVE, ProjectState.LIVE}, ProjectState.CLOSED),
    "reopen": ({ProjectState.CLOSED}, ProjectState.ACTIVE),
}


@transaction.atomic
def start_project(
    *,
    key: str,
    name: str,
    customer: Organisation,
    language: str,
    playbook: str,
    starts_on: date,
    go_live_on: date | None = None,
    manager: User | None = None,
    summary: str = "",
    by: User,
) -> Project:
    """Make a project from a playbook: phases, their items, what later apps make of it, and the manager's membership.

    `manager` is `by` unless another person of the vendor is named; a customer not stored yet is stored with it.
    One transaction: all of it or nothing. Raises UnknownPlaybook, GoLiveTooSoon, KeyTaken, NotACustomer and
    RoleDoesNotFit.
    """
    manager = manager or by
    if customer.kind != OrganisationKind.CUSTOMER:
        raise errors.NotACustomer(name=customer.name)
    chosen = _playbook(playbook)
    calendar = calendar_for(chosen, starts_on=starts_on, go_live_on=go_live_on, zone=customer.time_zone)
    if customer.pk is None:
        trail.save(customer, by=by)
    project = Project(
        key=key,
        name=name,
        customer=customer,
        language=language,
        summary=summary,
        playbook=playbook,
        starts_on=starts_on,
        go_live_on=calendar.go_live_on,
        created_by=by,
    )
    _store(project, by)
    team.add_member(project, manager, [Role.PROJECT_MANAGER], by=by)
    phases = _make_phases(project, chosen, calendar, by)
    _make_parts(project, phases, chosen, calendar, by)
    return project


def _playbook(code: str) -> Playbook:
    try:
        return load_playbook(code)
    except KeyError:
        raise errors.UnknownPlaybook(code=code) from None


def _store(project: Project, by: User) -> None:
    try:
        with transaction.atomic():
            trail.save(project, by=by, action="start")
    except IntegrityError:  # somebody else was first: asking before would not have helped
        raise errors.KeyTaken(key=project.key) from None


def _make_phases(project: Project, playbook: Playbook, calendar: Calendar, by: User) -> dict[str, Phase]:
    plans = plan_phases(playbook, calendar, project.language)
    phases = Phase.objects.bulk_create(
        Phase(
            project=project,
            number=plan.number,
            code=plan.code,
            name=plan.name,
            purpose=plan.purpose,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
        )
        for plan in plans
    )
    PhaseItem.objects.bulk_create(
        PhaseItem(phase=phase, kind=kind, position=position, **_item(line))
        for phase, data in zip(phases, playbook.in_language(project.language)["phases"], strict=True)
        for field, kind in ITEMS.items()
        for position, line in enumerate(data[field], start=1)
    )
    trail.record_many("create", phases, by=by, facts={"playbook": playbook.code})
    return {phase.code: phase for phase in phases}


def _item(line: Any) -> dict[str, Any]:
    """Return the fields of a line of a phase: a text, a check with its reference, an output by its title."""
    if isinstance(line, dict):
        return {"text": line["title"]} if "title" in line else line
    return {"text": line}


def _make_parts(project: Project, phases: dict[str, Phase], playbook: Playbook, calendar: Calendar, by: User) -> None:
    """Let each registered part make its rows; what it returns stands in for its codes in the parts after it."""
    data = playbook.in_language(project.language)
    members = {member.role: member.user for member in project.memberships.select_related("user").order_by("-pk")}
    made: dict[str, dict[str, Any]] = {}
    for name in parts.PARTS:
        create = parts.maker_of(name)
        if name == "deliverables":
            outputs = [(output, phases[phase["code"]]) for phase in data["phases"] for output in phase["outputs"]]
            rows = [_deliverable_row(output, phase, calendar) for output, phase in outputs]
        else:
            rows = [_part_row(row, phases, made, members, calendar) for row in data[name]]
        made[name] = (create(project, phases, rows, by) or {}) if create else {}


def _part_row(
    row: dict[str, Any], phases: dict[str, Phase], made: dict[str, dict], members: dict[str, User], calendar: Calendar
) -> dict[str, Any]:
    """Return a row of a part as projects.parts promises it."""
    clean: dict[str, Any] = {
        field: "" if value is None and field not in KEPT_NONE else value for field, value in row.items()
    }
    clean["phase"] = phases.get(row["phase"]) if row["phase"] else None
    for field in ("objectives", "requirements"):
        if field in row:
            clean[field] = [made[field][code] for code in row[field] if code in made[field]]
    if "due" in row:
        clean["due_on"] = calendar.day(clean.pop("due"))
    if "at" in row:
        clean["starts_on"], clean["ends_on"] = calendar.span(clean.pop("at"), row["days"])
        clean["is_milestone"] = row["days"] == 0
        clean["owner_role"] = clean.pop("owner")
        clean["owner"] = members.get(clean["owner_role"])
        clean["audience"] = Audience.CUSTOMER if clean.pop("shared") else Audience.TEAM
    return clean


def _deliverable_row(output: dict[str, Any], phase: Phase, calendar: Calendar) -> dict[str, Any]:
    """Return an output of a phase as projects.parts promises it."""
    return {
        "phase": phase,
        "title": output["title"],
        "kind": output["kind"],
        "headings": output["headings"],
        "due_on": calendar.day(output["due"]) if output["due"] else phase.ends_on,
        "audience": Audience.CUSTOMER if output["shared"] else Audience.TEAM,
        "roles": {
            "A": [output["accountable"]],
            "R": output["responsible"],
            "C": output["consulted"],
            "I": output["informed"],
        },
    }


def moves_of(project: Project) -> list[str]:
    """Return the names of the moves that start from the state `project` is in."""
    return [name for name, (sources, _target) in MOVES.items() if project.state in sources]


@transaction.atomic
def move_project(project_id: int, move: str, *, by: User) -> Project:
    """Say that the system is live, close the project, or reopen it. Raises MoveNotAllowed."""
    project = Project.objects.select_for_update(of=("self",)).select_related("customer").get(pk=project_id)
    sources, target = MOVES[move]
    if project.state not in sources:
        raise errors.MoveNotAllowed(name=project.name, state=project.get_state_display())
    before = trail.snapshot(project)
    project.state = target
    project.closed_at = timezone.now() if target == ProjectState.CLOSED else None
    project.save(update_fields=["state", "closed_at"])
    trail.record(move, project, by=by, before=before)
    return project
