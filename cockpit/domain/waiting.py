"""What waits for one person, from every app, most urgent first: the page after sign-in and the mail that repeats it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cockpit.domain import punch_items
from delivery.enums import WORKERS, DeliverableState, Raci
from delivery.models import Deliverable, DeliverableVersion, RaciEntry, Task
from projects.enums import Role
from projects.models import GateFinding, Project
from quality.enums import ActionState, AuditState, FindingState, RunState, Turn
from quality.models import Audit, CorrectiveAction, Defect, Execution, Result
from signing.domain.authority import contract_day
from signing.enums import RequestState
from signing.models import Signer
from success.enums import ReportState
from success.models import HealthReport

SOON = timedelta(days=7)
MOST = 100  # of each source; more than that is a list page, not a to-do


@dataclass(frozen=True)
class Waiting:
    """One thing a person is waited for. `act` is the verb on its button; without `due` it comes after what has one."""

    act: str
    title: str
    project: Project
    url: str
    rank: int  # among things due on the same day: what others wait for comes first
    due: date | None = None

    def family_on(self, day: date) -> str:
        if self.due is None:
            return "none"
        if self.due < day:
            return "bad"
        return "risk" if self.due <= day + SOON else "none"

    def days_late_on(self, day: date) -> int:
        return (day - self.due).days if self.due and self.due < day else 0


def waiting_for(user: User, *, on: date) -> list[Waiting]:
    """Return what waits for `user` on a day, overdue first, then by due date, then what has none.

    At most MOST of each kind; a fixed number of queries whatever there is.
    """
    found = [item for source in SOURCES for item in source(user, on)]
    return sorted(found, key=lambda item: (item.due is None, item.due or on, item.rank, item.title))


def _signatures(user: User, on: date) -> Iterator[Waiting]:
    asked = Signer.objects.filter(
        user=user, signed_at=None, declined_at=None, told_at__isnull=False, request__state=RequestState.SENT
    ).select_related("request__project")
    for signer in asked[:MOST]:
        request = signer.request
        yield Waiting(
            act=_("Sign"),
            title=str(request),
            project=request.project,
            url=request.get_absolute_url(),
            rank=0,
            due=contract_day(request.project, request.expires_at),
        )


def _cases(user: User, on: date) -> Iterator[Waiting]:
    """Test cases to run or to run again: one line per run, since a person works through them in one go."""
    ran = Q(assigned_to=None, pk__in=Result.objects.filter(executed_by=user).values("execution"))
    mine = Execution.objects.filter(Q(assigned_to=user) | ran, run__state=RunState.RUNNING).with_retest()
    by_run: dict[int, list[Execution]] = {}
    for execution in mine.select_related("run__project", "run__phase", "case"):
        if execution.outcome == "not_run" or execution.to_retest:
            by_run.setdefault(execution.run_id, []).append(execution)
    for executions in by_run.values():
        run = executions[0].run
        yield Waiting(
            act=_("Run test cases"),
            title=_("%(run)s: %(count)s still to run") % {"run": run.name, "count": len(executions)},
            project=run.project,
            url=run.get_work_url(),
            rank=1,
            due=run.phase.ends_on if run.phase else None,
        )


@dataclass(frozen=True)
class Owned:
    """A kind of thing that a person owns until it is done, most with a date: all kinds are read in one query.

    `rows(user, on)` are made by `_columns`; `code` writes the number as the title does; `page` is the name of the URL
    that takes the project's key and the number.
    """

    act: str | Promise
    rows: Callable[[User, date], QuerySet]
    page: str
    rank: int
    code: str = ""


def _columns(queryset: QuerySet, *, due: str, words: str, project: str, place: str) -> QuerySet:
    return queryset.order_by().values(due=F(due), words=F(words), of_project=F(project), place=F(place))


def _punch_items(user: User, on: date) -> QuerySet:
    return _of_acceptance(punch_items.owned_by(user))


def _items_to_confirm(user: User, on: date) -> QuerySet:
    return _of_acceptance(punch_items.to_be_confirmed_by(user))


def _of_acceptance(items: QuerySet) -> QuerySet:
    return _columns(items, due="due_on", words="text", project="acceptance__project_id", place="acceptance_id")


def _tasks(user: User, on: date) -> QuerySet:
    mine = Task.objects.unfinished().filter(owner=user, starts_on__lte=on + SOON)
    return _columns(mine, due="ends_on", words="title", project="project_id", place="number")


def _deliverables_to_finish(user: User, on: date) -> QuerySet:
    """What the person works on and is soon due."""
    states = [DeliverableState.PLANNED, DeliverableState.DRAFT]
    return _parts(user, letter__in=WORKERS, deliverable__state__in=states, deliverable__due_on__lte=on + SOON)


def _deliverables_to_review(user: User, on: date) -> QuerySet:
    """What the person is accountable for and another brought to review."""
    return _parts(user, letter=Raci.ACCOUNTABLE, deliverable__state=DeliverableState.IN_REVIEW).exclude(author=user.pk)


def _parts(user: User, **which: Any) -> QuerySet:
    newest = DeliverableVersion.objects.filter(deliverable=OuterRef("deliverable")).order_by("-number")
    mine = RaciEntry.objects.filter(person=user, deliverable__in=Deliverable.objects.visible_to(user), **which)
    return _columns(
        mine.annotate(author=Subquery(newest.values("uploaded_by")[:1])),
        due="deliverable__due_on",
        words="deliverable__title",
        project="deliverable__project_id",
        place="deliverable__number",
    )


def _defects(user: User, on: date) -> QuerySet:
    mine = Defect.objects.of_turn(Turn.OWNER, on=on).filter(owner=user)
    return _columns(mine, due="fix_planned_on", words="title", project="project_id", place="number")


def _gate_actions(user: User, on: date) -> QuerySet:
    mine = GateFinding.objects.filter(owner=user, done_at=None)
    return _columns(mine, due="due_on", words="action", project="review__project_id", place="review__number")


def _corrective_actions(user: User, on: date) -> QuerySet:
    mine = CorrectiveAction.objects.filter(owner=user, state=ActionState.TO_DO, finding__state=FindingState.OPEN)
    return _columns(mine, due="due_on", words="action", project="finding__audit__project_id", place="pk")


def _actions_to_verify(user: User, on: date) -> QuerySet:
    done = CorrectiveAction.objects.filter(
        state=ActionState.DONE, finding__state=FindingState.OPEN, finding__audit__access__people=user
    )
    return _columns(done, due="due_on", words="action", project="finding__audit__project_id", place="pk")


def _audits(user: User, on: date) -> QuerySet:
    """What an auditor audits now; what is reported waits for others, until something is to be verified."""
    mine = Audit.objects.filter(access__people=user, state=AuditState.OPEN)
    return _columns(mine, due="ends_on", words="title", project="project_id", place="number")


OWNED = (
    Owned(gettext_lazy("Finish"), _punch_items, "quality:acceptance_detail", rank=2),
    Owned(gettext_lazy("Confirm"), _items_to_confirm, "quality:acceptance_detail", rank=1),
    Owned(gettext_lazy("Work on task"), _tasks, "delivery:task_detail", rank=3, code="T-%03d"),
    Owned(
        gettext_lazy("Finish deliverable"),
        _deliverables_to_finish,
        "delivery:deliverable_detail",
        rank=3,
        code="DL-%03d",
    ),
    Owned(
        gettext_lazy("Review deliverable"),
        _deliverables_to_review,
        "delivery:deliverable_detail",
        rank=1,
        code="DL-%03d",
    ),
    Owned(gettext_lazy("Fix defect"), _defects, "quality:defect_detail", rank=2, code="DF-%03d"),
    Owned(gettext_lazy("Close gate action"), _gate_actions, "projects:gate_review", rank=2),
    Owned(gettext_lazy("Do corrective action"), _corrective_actions, "quality:corrective_action", rank=2),
    Owned(gettext_lazy("Verify corrective action"), _actions_to_verify, "quality:corrective_action", rank=1),
    Owned(gettext_lazy("Audit"), _audits, "quality:audit_detail", rank=2, code="AU-%03d"),
)


def _owned(user: User, on: date) -> Iterator[Waiting]:
    kinds = [kind.rows(user, on).annotate(kind=Value(index)) for index, kind in enumerate(OWNED)]
    found = list(kinds[0].union(*kinds[1:], all=True).order_by(F("due").asc(nulls_last=True))[:MOST])
    projects = Project.objects.in_bulk({row["of_project"] for row in found}) if found else {}
    for row in found:
        kind, project = OWNED[row["kind"]], projects[row["of_project"]]
        yield Waiting(
            act=str(kind.act),
            title=f"{kind.code % row['place']} {row['words']}" if kind.code else row["words"],
            project=project,
            url=reverse(kind.page, args=[project.key, row["place"]]),
            rank=kind.rank,
            due=row["due"],
        )


def _reports_to_publish(user: User, on: date) -> Iterator[Waiting]:
    managed = user.memberships.filter(role=Role.CSM).values("project")
    unpublished = HealthReport.objects.filter(project__in=managed).exclude(state=ReportState.PUBLISHED)
    for report in unpublished.select_related("project", "system")[:MOST]:
        yield Waiting(
            act=_("Review health report"),
            title=_("%(system)s, %(month)s") % {"system": report.system.name, "month": report.month},
            project=report.project,
            url=report.get_absolute_url(),
            rank=2,
        )


def _reports_to_acknowledge(user: User, on: date) -> Iterator[Waiting]:
    represented = user.memberships.filter(role__in=[Role.SPONSOR, Role.REPRESENTATIVE]).values("project")
    unseen = HealthReport.objects.filter(
        project__in=represented, state=ReportState.PUBLISHED, acknowledged_at=None
    ).select_related("project", "system")
    for report in unseen[:MOST]:
        yield Waiting(
            act=_("Read health report"),
            title=_("%(system)s, %(month)s") % {"system": report.system.name, "month": report.month},
            project=report.project,
            url=report.get_absolute_url(),
            rank=4,
        )


SOURCES = (_signatures, _cases, _owned, _reports_to_publish, _reports_to_acknowledge)


def project_url(project: Project) -> str:
    """Return the address of the page that shows what waits in `project`."""
    return reverse("cockpit:project", args=[project.key])
