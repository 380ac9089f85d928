"""How a project stands, by rules that anyone can check: figures in, one word and its reasons out.

Ours (no outside source): red where a promise is already broken, amber where one is in danger, else green.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class ProjectFigures:
    """What the rules look at; all counts are of one project on one day."""

    go_live_on: date | None
    is_live: bool
    overdue_tasks: int
    overdue_milestones: int
    open_blockers: int
    open_criticals: int


@dataclass(frozen=True)
class Status:
    """`family` is that of the status chip: good, risk or bad; `reasons` are whole sentences, worst first."""

    family: str
    word: str
    reasons: tuple[str, ...]


def judge(figures: ProjectFigures, *, on: date) -> Status:
    """Return the overall status on a day."""
    broken = _broken(figures, on)
    endangered = _endangered(figures)
    if broken:
        return Status("bad", _("Off track"), (*broken, *endangered))
    if endangered:
        return Status("risk", _("At risk"), endangered)
    return Status("good", _("On track"), (_("Nothing is overdue and no blocker or critical defect is open."),))


def _broken(figures: ProjectFigures, on: date) -> tuple[str, ...]:
    found = []
    if figures.go_live_on and figures.go_live_on < on and not figures.is_live:
        late = (on - figures.go_live_on).days
        found.append(ngettext("Go-live is %(days)s day late.", "Go-live is %(days)s days late.", late) % {"days": late})
    if figures.open_blockers:
        found.append(
            ngettext("%(count)s blocker defect is open.", "%(count)s blocker defects are open.", figures.open_blockers)
            % {"count": figures.open_blockers}
        )
    return tuple(found)


def _endangered(figures: ProjectFigures) -> tuple[str, ...]:
    found = []
    if figures.open_criticals:
        found.append(
            ngettext(
                "%(count)s critical defect is open.", "%(count)s critical defects are open.", figures.open_criticals
            )
            % {"count": figures.open_criticals}
        )
    if figures.overdue_milestones:
        found.append(
            ngettext("%(count)s milestone is overdue.", "%(count)s milestones are overdue.", figures.overdue_milestones)
            % {"count": figures.overdue_milestones}
        )
    if figures.overdue_tasks:
        found.append(
            ngettext("%(count)s task is overdue.", "%(count)s tasks are overdue.", figures.overdue_tasks)
            % {"count": figures.overdue_tasks}
        )
    return tuple(found)
