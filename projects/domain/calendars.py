"""From the relative dates of a playbook to the days of a project. No database."""

from dataclasses import dataclass
from datetime import date, timedelta

from common.working_days import add_working_days, next_working_day, previous_working_day
from projects.domain import errors
from projects.domain.playbooks import Moment, Playbook


@dataclass(frozen=True)
class Calendar:
    """Turns the relative dates of a playbook into days between a start and a go-live."""

    starts_on: date
    go_live_on: date
    nominal_days: int  # from start to go-live, as the playbook was written
    zone: str

    @property
    def ratio(self) -> float:
        return (self.go_live_on - self.starts_on).days / self.nominal_days

    def day(self, moment: Moment) -> date:
        """Return the calendar day of `moment`, never before the start of the project."""
        if moment.anchor == "go_live":
            return max(self.starts_on, self.go_live_on + timedelta(days=moment.days))
        return self.starts_on + timedelta(days=round(moment.days * self.ratio))

    def span(self, moment: Moment, days: int) -> tuple[date, date]:
        """Return first and last day of a task of `days` working days; 0 is a milestone, on one day.

        Work starts on a working day, and what is due on a free day is due before it. In a project shorter than the
        playbook's own, work is shortened as the dates are; in a longer one it keeps its length. What is tied to the
        very day of go-live stays on it, weekend or not.
        """
        day = self.day(moment)
        if days == 0 and moment == Moment("go_live", 0):
            return day, day
        if days == 0:
            due = previous_working_day(day, self.zone)
            due = due if due >= self.starts_on else next_working_day(day, self.zone)
            return due, due
        first = next_working_day(day, self.zone)
        length = max(1, round(days * min(1, self.ratio)))
        return first, add_working_days(first, length - 1, self.zone)


@dataclass(frozen=True)
class PhasePlan:
    """A phase as it will be made."""

    number: int
    code: str
    name: str
    purpose: str
    starts_on: date
    ends_on: date
    milestones: list[tuple[str, date]]


def calendar_for(playbook: Playbook, *, starts_on: date, go_live_on: date | None, zone: str) -> Calendar:
    """Return the calendar of a project; without a go-live day the playbook's own length is used.

    Raises GoLiveTooSoon.
    """
    data = playbook.data
    go_live = go_live_on or starts_on + timedelta(days=data["go_live_day"])
    if (go_live - starts_on).days < data["shortest_days"]:
        raise errors.GoLiveTooSoon(days=data["shortest_days"])
    return Calendar(starts_on, go_live, data["go_live_day"], zone)


def plan_phases(playbook: Playbook, calendar: Calendar, language: str) -> list[PhasePlan]:
    """Return the phases with their dates and milestones, without storing anything."""
    data = playbook.in_language(language)
    milestones: dict[str, list[tuple[str, date]]] = {}
    for task in data["tasks"]:
        if task["days"] == 0:
            milestones.setdefault(task["phase"], []).append((task["title"], calendar.span(task["at"], 0)[0]))
    plans = []
    for index, phase in enumerate(data["phases"], start=1):
        first = calendar.day(phase["starts"])
        plans.append(
            PhasePlan(
                number=index,
                code=phase["code"],
                name=phase["name"],
                purpose=phase["purpose"],
                starts_on=first,
                ends_on=max(first, calendar.day(phase["ends"])),
                milestones=sorted(milestones.get(phase["code"], []), key=lambda milestone: milestone[1]),
            )
        )
    return plans
