"""The daily mail to the vendor's people about the defects that wait for them: once a day, in their morning; where
nothing waits, nothing is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from notices.domain import outbox
from projects.enums import VENDOR_ROLES, ProjectState, Role
from projects.models import Membership, Project
from quality.domain.defect_turns import age_in_days
from quality.enums import Turn
from quality.models import Defect

HOUR = 8  # of the person's morning, from which on the mail goes out
MOST = 20  # named in a mail; the page has the rest


@dataclass(frozen=True)
class Line:
    """A defect that waits for the person, with its age in whole days."""

    defect: Defect
    days: int
    url: str


@dataclass(frozen=True)
class ProjectLines:
    project: Project
    lines: list[Line]
    more: int
    url: str


def people_to_tell(now: datetime) -> list[int]:
    """Return the ids of the people of the teams in whose zone the hour has come today, in the order of their ids."""
    held = Membership.objects.filter(role__in=VENDOR_ROLES).exclude(project__state=ProjectState.CLOSED)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")
    zones = people.values_list("pk", "time_zone")
    return [pk for pk, zone in zones if now.astimezone(ZoneInfo(zone)).hour >= HOUR]


def tell(user_id: int, *, now: datetime) -> None:
    """Mail one person what waits for them, unless nothing does or they were mailed on this day of their zone."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    today = now.astimezone(ZoneInfo(user.time_zone)).date()
    projects = [_lines(project, rows, now) for project, rows in _by_project(waiting_for(user, today=today))]
    if not projects:
        return
    count = sum(len(group.lines) + group.more for group in projects)
    outbox.tell(
        user,
        "quality/mails/defect_summary",
        {"projects": projects, "count": count, "first": projects[0].project.name},
        url=projects[0].url,
        key=f"defect-summary:{today.isoformat()}",
    )


def waiting_for(user: User, *, today: date) -> list[Defect]:
    """Return the defects that are the turn of `user`, of the vendor's team: their own to fix, those they reported and
    have to confirm, and, as project manager, those without an owner. Worst first."""
    held = user.memberships.exclude(project__state=ProjectState.CLOSED)
    teams = held.filter(role__in=VENDOR_ROLES).values("project")
    managed = held.filter(role=Role.PROJECT_MANAGER).values("project")
    found: dict[int, Defect] = {}
    for turn, mine in (
        (Turn.OWNER, Q(owner=user)),
        (Turn.REPORTER, Q(finder_id=user.pk)),
        (Turn.MANAGER, Q(project__in=managed)),
    ):
        rows = Defect.objects.of_turn(turn, on=today).filter(mine, project__in=teams).select_related("project")
        found |= {defect.pk: defect for defect in rows}
    return sorted(found.values(), key=lambda row: (row.project.name, row.severity, row.priority, row.number))


def _by_project(defects: Iterable[Defect]) -> list[tuple[Project, list[Defect]]]:
    groups: dict[Project, list[Defect]] = {}
    for defect in defects:
        groups.setdefault(defect.project, []).append(defect)
    return list(groups.items())


def _lines(project: Project, rows: list[Defect], now: datetime) -> ProjectLines:
    lines = [
        Line(row, age_in_days(row.reported_at, row.closed_at, now), outbox.absolute(row.get_absolute_url()))
        for row in rows[:MOST]
    ]
    url = f"{reverse('quality:defect_list', args=[project.key])}?state=unclosed"
    return ProjectLines(project, lines, len(rows) - len(lines), url)
