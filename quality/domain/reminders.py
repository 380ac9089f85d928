"""The daily mail to those who have cases left to run: once a day, in their morning; where nothing is left, none."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import User
from notices.domain import outbox
from quality.domain.queries import IS_OPEN
from quality.enums import RunState
from quality.models import Execution, TestRun

HOUR = 8  # of the person's morning, from which on the mail goes out


@dataclass(frozen=True)
class Left:
    """What is left of a run to one person."""

    run: TestRun
    count: int
    url: str


def people_to_remind(now: datetime) -> list[int]:
    """Return the ids of the people with cases left in whose zone the hour has come today."""
    people = User.objects.filter(pk__in=_left().values("assigned_to"), is_active=True).order_by("pk")
    return [pk for pk, zone in people.values_list("pk", "time_zone") if now.astimezone(ZoneInfo(zone)).hour >= HOUR]


def remind(user_id: int, *, now: datetime) -> None:
    """Mail one person what is left, unless nothing is or they were mailed on this day of their zone."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    rows = _left().filter(assigned_to=user).select_related("run__project").order_by("run__project__name", "run")
    runs: dict[TestRun, int] = {}
    for execution in rows:
        runs[execution.run] = runs.get(execution.run, 0) + 1
    if not runs:
        return
    left = [Left(run, count, outbox.absolute(run.get_work_url())) for run, count in runs.items()]
    today = now.astimezone(ZoneInfo(user.time_zone)).date()
    outbox.tell(
        user,
        "quality/mails/cases_left",
        {"left": left, "count": sum(runs.values()), "first": left[0].run.name},
        url=left[0].run.get_work_url(),
        key=f"cases-left:{today.isoformat()}",
    )


def _left():
    return Execution.objects.filter(run__state=RunState.RUNNING).exclude(assigned_to=None).with_retest().filter(IS_OPEN)
