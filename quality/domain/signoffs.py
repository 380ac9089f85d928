"""A business process of a run, tested: signed off by its key user, and taken back when something in it fails later."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.enums import Role
from quality.domain.errors import ProcessIsNotDone, ProcessIsOfOthers, RunMoveNotAllowed
from quality.enums import CaseKind, Outcome, RunState
from quality.models import Defect, ProcessSignOff, TestRun


@dataclass(frozen=True)
class ProcessState:
    """How the user acceptance of one process stands in a run: numbers of cases by their latest result."""

    name: str
    planned: int
    passed: int
    failed: int
    blocked: int
    skipped: int
    again: int  # not passed, with a defect fixed since
    has_testers: bool  # some case is given to a person
    is_of_person: bool  # some case is given to the person who asks
    signed_by: str  # name of the person whose sign-off stands
    signed_at: datetime | None

    @property
    def left(self) -> int:
        return self.planned - self.passed - self.failed - self.blocked - self.skipped

    @property
    def is_ready(self) -> bool:
        """All of it has a result, and none speaks against it."""
        return self.signed_at is None and self.passed > 0 and self.passed + self.skipped == self.planned

    @property
    def is_theirs(self) -> bool:
        """Whether who asks is its key user: a case of it is theirs, or none of it is anybody's in particular."""
        return self.is_of_person or not self.has_testers

    @property
    def state(self):
        """Family and word of its status chip."""
        if self.signed_at is not None:
            return "good", _("Signed off")
        if self.failed:
            return "bad", _("Failed")
        if self.blocked:
            return "risk", _("Blocked")
        if self.left:
            return ("progress", _("In progress")) if self.left < self.planned else ("none", _("Not run"))
        return "waiting", _("To be signed off")


def processes_of(run: TestRun, person: User) -> list[ProcessState]:
    """Return the processes of the UAT cases of a run, by name, as `person` sees them."""
    fixed = Defect.objects.to_retest().filter(project=run.project_id).values("case")
    counts = {
        "planned": Count("pk"),
        **{
            name: Count("pk", filter=Q(outcome=outcome))
            for name, outcome in (
                ("passed", Outcome.PASSED),
                ("failed", Outcome.FAILED),
                ("blocked", Outcome.BLOCKED),
                ("skipped", Outcome.SKIPPED),
            )
        },
        "again": Count("pk", filter=Q(case__in=fixed) & ~Q(outcome__in=[Outcome.PASSED, Outcome.NOT_RUN])),
        "given": Count("assigned_to"),
        "own": Count("pk", filter=Q(assigned_to=person)),
    }
    standing = ProcessSignOff.objects.standing().filter(run=run, process=OuterRef("case__process"))
    signed = {
        "signed_by": Subquery(standing.values("signed_by__name")[:1]),
        "signed_at": Subquery(standing.values("signed_at")[:1]),
    }
    rows = run.executions.filter(case__kind=CaseKind.UAT).order_by("case__process").values("case__process")
    found: Iterable[dict[str, Any]] = rows.annotate(**signed, **counts)  # type: ignore[assignment]
    return [
        ProcessState(
            name=row["case__process"],
            has_testers=row["given"] > 0,
            is_of_person=row["own"] > 0,
            signed_by=row["signed_by"] or "",
            signed_at=row["signed_at"],
            **{name: row[name] for name in ("planned", "passed", "failed", "blocked", "skipped", "again")},
        )
        for row in found
    ]


@transaction.atomic
def sign_off(run_id: int, process: str, *, by: User) -> ProcessSignOff:
    """Record that `by` has seen the process work as agreed; once it stands, it is the same sign-off.

    Raises RunMoveNotAllowed in a planned run, ProcessIsNotDone while a case of it is open or did not pass, and
    ProcessIsOfOthers if its cases are given to others.
    """
    run = TestRun.objects.select_for_update(of=("self",)).select_related("project").get(pk=run_id)
    if run.state == RunState.PLANNED:
        raise RunMoveNotAllowed(run=run.code, state=run.get_state_display())
    found = next((state for state in processes_of(run, by) if state.name == process), None)
    if found is not None and found.signed_at is not None:
        return ProcessSignOff.objects.standing().get(run=run, process=process)
    if found is None or not found.is_ready:
        raise ProcessIsNotDone(process=process)
    if not found.is_theirs:
        raise ProcessIsOfOthers(process=process)
    signed = ProcessSignOff.objects.create(
        run=run,
        process=process,
        passed=found.passed,
        skipped=found.skipped,
        signed_by=by,
        signed_at=timezone.now(),
    )
    trail.record("sign_off", signed, by=by, before={})
    for person in _managers(run) - {by}:
        _tell(person, "quality/mails/process_signed_off", signed)
    return signed


def take_back(run: TestRun, processes: Collection[str], *, by: User, because: str) -> None:
    """Take back what stands of these processes, in the caller's transaction; who signed and the managers are told.

    `because` names the cases that speak against it, by number and title.
    """
    standing = ProcessSignOff.objects.standing().select_for_update(of=("self",)).filter(run=run, process__in=processes)
    for signed in standing.select_related("signed_by"):
        signed.run = run
        before = trail.snapshot(signed)
        signed.taken_back_at, signed.taken_back_because = timezone.now(), because[:300]
        signed.save(update_fields=["taken_back_at", "taken_back_because"])
        trail.record("take_back", signed, by=by, before=before)
        for person in {signed.signed_by, *_managers(run)}:
            _tell(person, "quality/mails/sign_off_taken_back", signed)


def _managers(run: TestRun) -> set[User]:
    return set(User.objects.filter(memberships__project=run.project_id, memberships__role=Role.PROJECT_MANAGER))


def _tell(person: User, template: str, signed: ProcessSignOff) -> None:
    facts = {"signed": signed, "run": signed.run, "project": signed.run.project}
    outbox.tell(person, template, facts, url=signed.run.get_absolute_url(), project_id=signed.run.project_id)
