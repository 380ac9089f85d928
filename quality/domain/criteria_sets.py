"""The agreed criteria of a scope: drafted, signed by both sides, locked, reopened into the next version."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.enums import Role
from projects.models import Phase, Project
from quality import sources
from quality.domain.errors import (
    CriteriaMoveNotAllowed,
    CriteriaNotAgreed,
    CriteriaStand,
    DeemingNeedsClause,
    ForeignRows,
    ReasonMissing,
    ScopeIsAccepted,
)
from quality.enums import GIVEN, CriteriaState
from quality.models import SCALE, Acceptance, CriteriaSet, Criterion, scope_name
from signing.domain import requests

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "send": ({CriteriaState.DRAFT}, CriteriaState.SENT),
    "return": ({CriteriaState.SENT}, CriteriaState.DRAFT),  # declined, voided or expired
    "agree": ({CriteriaState.SENT}, CriteriaState.AGREED),
    "reopen": ({CriteriaState.AGREED}, CriteriaState.REOPENED),
}

DEEMING_DAYS = range(3, 61)  # working days: fewer leave no room for the notices


@dataclass(frozen=True)
class Wording:
    """A criterion as it was typed; its position is its place in the sequence."""

    statement: str
    source: str
    kind: str
    operator: str
    threshold: Fraction
    unit: str = ""
    how: str = ""
    label: str = ""


def check_agreed(project: Project, phase: Phase | None) -> None:
    """Raise CriteriaNotAgreed unless the scope's criteria are signed: what is judged is agreed before it is tested."""
    if not CriteriaSet.objects.of_scope(project, phase).agreed().exists():
        raise CriteriaNotAgreed(scope=scope_name(phase))


def default_gate() -> list[Wording]:
    """Return the gate of definitions.md, in the language now active."""
    gate = []
    for key, statement in sources.DEFAULT_GATE:
        source = sources.get(key)
        gate.append(Wording(str(statement), key, source.kind, source.operator, source.threshold, source.unit))
    return gate


@transaction.atomic
def start_set(
    project: Project, phase: Phase | None, *, by: User, criteria: Sequence[Wording] | None = None
) -> CriteriaSet:
    """Begin the criteria of a scope as a draft, with the default gate where no others are given.

    Raises ForeignRows, CriteriaStand if the scope has criteria that are not reopened.
    """
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if phase is not None and phase.project_id != project.pk:
        raise ForeignRows
    if CriteriaSet.objects.of_scope(project, phase).current().exists():
        raise CriteriaStand(scope=scope_name(phase))
    if criteria is None:
        with translation.override(project.language):
            criteria = default_gate()
    return _create(project, phase, criteria, by=by)


@transaction.atomic
def save_criteria(
    set_id: int,
    criteria: Sequence[Wording],
    *,
    by: User,
    deemed_after_days: int | None = None,
    deemed_clause: str = "",
) -> CriteriaSet:
    """Replace the criteria of a draft, and what the contract says of silence: after how many working days, and where.

    Raises CriteriaMoveNotAllowed once it was sent, DeemingNeedsClause for a number of days without its clause.
    """
    criteria_set = _locked(set_id)
    if criteria_set.is_locked:
        raise CriteriaMoveNotAllowed.of(criteria_set)
    before = trail.snapshot(criteria_set)
    clause = deemed_clause.strip()
    if (deemed_after_days is None) != (not clause) or (deemed_after_days or 3) not in DEEMING_DAYS:
        raise DeemingNeedsClause
    criteria_set.deemed_after_days, criteria_set.deemed_clause = deemed_after_days, clause
    criteria_set.save(update_fields=["deemed_after_days", "deemed_clause"])
    criteria_set.criteria.all().delete()
    _write(criteria_set, criteria)
    trail.record("edit", criteria_set, by=by, before=before, facts=_facts(criteria))
    return criteria_set


@transaction.atomic
def agree(set_id: int) -> CriteriaSet:
    """Lock a set that both sides have signed. Raises CriteriaMoveNotAllowed unless it is out for signature."""
    return _move(set_id, "agree", by=None, agreed_at=timezone.now())


@transaction.atomic
def take_back(set_id: int) -> CriteriaSet:
    """Make a set whose request was declined, voided or has expired a draft again: it can be changed and sent anew."""
    return _move(set_id, "return", by=None)


@transaction.atomic
def reopen(set_id: int, *, reason: str, by: User) -> CriteriaSet:
    """Reopen agreed criteria; they and their document stay, both sides are told. Returns the next version, a draft.

    Raises ReasonMissing, ScopeIsAccepted, CriteriaMoveNotAllowed unless they are agreed.
    """
    if not reason.strip():
        raise ReasonMissing
    now = timezone.now()
    reopened = _move(set_id, "reopen", by=by, reopened_at=now, reopened_by=by, reopened_reason=reason.strip())
    accepted = Acceptance.objects.filter(
        project=reopened.project, phase=reopened.phase, state__in=GIVEN, is_partial=False
    )
    if accepted.exists():
        raise ScopeIsAccepted(scope=scope_name(reopened.phase))
    following = _create(
        reopened.project,
        reopened.phase,
        [wording_of(row) for row in reopened.criteria.all()],
        by=by,
        deemed_after_days=reopened.deemed_after_days,
        deemed_clause=reopened.deemed_clause,
    )
    for person in people_who_agreed(reopened.project) - {by}:
        outbox.tell(
            person,
            "quality/mails/criteria_reopened",
            {"scope": scope_name(reopened.phase), "project": reopened.project, "by": by, "reason": reason.strip()},
            url=following.get_absolute_url() if person.is_of_vendor else reopened.get_absolute_url(),
            project_id=reopened.project_id,
        )
    requests.recheck(reopened.project, by)
    return following


def wording_of(criterion: Criterion) -> Wording:
    """Return a stored criterion as it was typed."""
    names = ("statement", "source", "kind", "operator", "threshold", "unit", "how", "label")
    return Wording(**{name: getattr(criterion, name) for name in names})


def people_who_agreed(project: Project) -> set[User]:
    """Return those of both sides whom a change of what was agreed concerns."""
    roles = [Role.PROJECT_MANAGER, Role.SPONSOR, Role.REPRESENTATIVE]
    people = User.objects.filter(memberships__project=project, memberships__role__in=roles)
    return set(people.select_related("organisation"))


def _create(
    project: Project, phase: Phase | None, criteria: Sequence[Wording], *, by: User, **term: Any
) -> CriteriaSet:
    last = CriteriaSet.objects.of_scope(project, phase).aggregate(last=Max("version"))["last"]
    criteria_set = CriteriaSet(project=project, phase=phase, version=(last or 0) + 1, created_by=by, **term)
    criteria_set.save(force_insert=True)
    _write(criteria_set, criteria)
    trail.record("create", criteria_set, by=by, before={}, facts=_facts(criteria))
    return criteria_set


def _write(criteria_set: CriteriaSet, criteria: Sequence[Wording]) -> None:
    rows = []
    for position, wording in enumerate(criteria, start=1):
        fields = asdict(wording)
        threshold_scaled = int(fields.pop("threshold") * SCALE)
        rows.append(
            Criterion(criteria_set=criteria_set, position=position, threshold_scaled=threshold_scaled, **fields)
        )
    Criterion.objects.bulk_create(rows)


def _facts(criteria: Sequence[Wording]) -> dict[str, Any]:
    return {"criteria": [asdict(wording) | {"threshold": str(wording.threshold)} for wording in criteria]}


def _locked(set_id: int) -> CriteriaSet:
    return CriteriaSet.objects.select_for_update(of=("self",)).select_related("project", "phase").get(pk=set_id)


def _move(set_id: int, name: str, *, by: User | None, **fields: Any) -> CriteriaSet:
    """Lock the set, check the move, set and record the new state and the fields of the move."""
    criteria_set = _locked(set_id)
    starts, target = MOVES[name]
    if criteria_set.state not in starts:
        raise CriteriaMoveNotAllowed.of(criteria_set)
    before = trail.snapshot(criteria_set)
    criteria_set.state = target
    for field, value in fields.items():
        setattr(criteria_set, field, value)
    criteria_set.save(update_fields=["state", *fields])
    trail.record(name, criteria_set, by=by, before=before)
    return criteria_set
