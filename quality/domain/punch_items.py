"""The punch list of an acceptance with conditions, from its wording until the customer confirms the last item.

The team does an item and says what was done; the customer sees it work and confirms it, or sends it back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.domain.attachments import attach
from projects.enums import VENDOR_ROLES, Audience, Role
from projects.models import Project
from projects.roles import visible_in
from quality.domain.errors import CriterionWithoutItem, OwnerIsNotOfTeam, PunchMoveNotAllowed, ReasonMissing
from quality.domain.evaluation import Line
from quality.enums import WITH_CONDITIONS, PunchState
from quality.models import Acceptance, PunchItem
from signing.domain.authority import contract_day

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "do": ({PunchState.OPEN}, PunchState.DONE),
    "confirm": ({PunchState.DONE}, PunchState.CONFIRMED),
    "send_back": ({PunchState.DONE}, PunchState.OPEN),
}
ASKED = (Role.SPONSOR, Role.REPRESENTATIVE)  # who is asked to confirm; their key users may as well
SOON = timedelta(days=3)  # an owner is reminded this long before the date
AGAIN = 7  # and every so many days after it; the customer, of what waits to be confirmed
MORNING = 8  # o'clock in the zone of the contract: no mail before


@dataclass(frozen=True)
class Wording:
    """An item as it is proposed; its position is its place in the sequence."""

    text: str
    owner: User
    due_on: date
    retest: str
    criterion: int | None = None  # position of the criterion that is not met without it


def check_covers(lines: Iterable[Line], items: Sequence[Wording]) -> None:
    """Raise CriterionWithoutItem unless every criterion that is not met has an item that says how it will be."""
    covered = {item.criterion for item in items}
    bare = [line.criterion.position for line in lines if not line.is_settled and line.criterion.position not in covered]
    if bare:
        raise CriterionWithoutItem(criteria=", ".join(map(str, bare)))


def write(acceptance: Acceptance, items: Sequence[Wording]) -> list[PunchItem]:
    """Write the items that go out for signature with an acceptance. Raises OwnerIsNotOfTeam."""
    criteria = {row.position: row for row in acceptance.criteria_set.criteria.all()}
    team = set(acceptance.project.memberships.filter(role__in=VENDOR_ROLES).values_list("user_id", flat=True))
    for item in items:
        if item.owner.pk not in team:
            raise OwnerIsNotOfTeam(person=item.owner.name)
    return PunchItem.objects.bulk_create(
        PunchItem(
            acceptance=acceptance,
            position=position,
            text=item.text,
            owner=item.owner,
            due_on=item.due_on,
            retest=item.retest,
            criterion=criteria.get(item.criterion or 0),
        )
        for position, item in enumerate(items, start=1)
    )


def of(acceptance: Acceptance) -> list[PunchItem]:
    """Return the items of an acceptance in their order."""
    return list(acceptance.punch_items.select_related("owner", "criterion"))


def manifest(items: Iterable[PunchItem]) -> list[dict[str, Any]]:
    """Return the items as they are signed: their words, not how far they are."""
    return [
        {
            "number": item.position,
            "text": item.text,
            "owner": item.owner.name,
            "due": item.due_on.isoformat(),
            "retest": item.retest,
            "criterion": item.criterion.position if item.criterion else None,
        }
        for item in items
    ]


def visible_to(user: User, project: Project) -> QuerySet[PunchItem]:
    """An item of a punch list exists for those for whom its acceptance does."""
    return PunchItem.objects.filter(acceptance__in=visible_in(Acceptance.objects.all(), user, project))


def hand_out(acceptance: Acceptance) -> None:
    """Tell each owner, once both sides have signed, what is theirs to do."""
    by_owner: dict[User, list[PunchItem]] = {}
    for item in of(acceptance):
        by_owner.setdefault(item.owner, []).append(item)
    for owner, items in by_owner.items():
        _tell(owner, "punch_items_assigned", acceptance, key="", items=items)


@transaction.atomic
def finish_item(item_id: int, *, comment: str, by: User, files: Sequence[UploadedFile] = ()) -> PunchItem:
    """Say that an item is done, with what was done and its evidence; the customer is asked to confirm it.

    Raises ReasonMissing without a comment, PunchMoveNotAllowed, and what a file is refused for.
    """
    if not comment.strip():
        raise ReasonMissing
    now = timezone.now()
    item = _move(item_id, "do", by=by, done_at=now, done_by=by, done_comment=comment.strip())
    for file in files:
        attach(item, file, by, Audience.CUSTOMER)
    for person in confirmers(item.acceptance):
        _tell(person, "punch_item_done", item.acceptance, key="", item=item)
    return item


@transaction.atomic
def confirm_item(item_id: int, *, by: User) -> PunchItem:
    """Confirm for the customer that an item is done; the last one fulfils the conditions, and both sides are told.

    Raises PunchMoveNotAllowed.
    """
    now = timezone.now()
    item = _move(item_id, "confirm", by=by, confirmed_at=now, confirmed_by=by)
    if not item.acceptance.punch_items.unconfirmed().exists():
        _fulfil(item.acceptance, now, by=by)
    return item


@transaction.atomic
def return_item(item_id: int, *, reason: str, by: User) -> PunchItem:
    """Send an item back to its owner: it is not as it was agreed. Raises ReasonMissing, PunchMoveNotAllowed."""
    if not reason.strip():
        raise ReasonMissing
    back = {"returned_at": timezone.now(), "returned_by": by, "returned_reason": reason.strip()}
    item = _move(item_id, "send_back", by=by, done_at=None, done_by=None, done_comment="", **back)
    _tell(item.owner, "punch_item_returned", item.acceptance, key="", item=item, by=by)
    return item


def remind_due(now: datetime | None = None) -> int:
    """Remind owners shortly before an item's date and every week after it, the customer of what waits to be confirmed.

    Not before morning in the zone of the contract, and each reminder once however often this runs. Returns how many
    items there was a reminder for.
    """
    now = now or timezone.now()
    rows = (
        PunchItem.objects.in_force().unconfirmed().select_related("owner", "acceptance__project", "acceptance__phase")
    )
    return sum(_remind(item, now) for item in rows)


def confirmers(acceptance: Acceptance) -> list[User]:
    """Return the customer's people who are asked to confirm what is done."""
    held = acceptance.project.memberships.filter(role__in=ASKED)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True))


@transaction.atomic
def _remind(item: PunchItem, now: datetime) -> bool:
    day = contract_day(item.project, now)
    if now.astimezone(ZoneInfo(item.project.time_zone)).hour < MORNING:
        return False
    if item.state == PunchState.DONE:
        assert item.done_at is not None  # the database refuses a done item without its instant
        weeks = (day - contract_day(item.project, item.done_at)).days // AGAIN
        for person in confirmers(item.acceptance) if weeks else ():
            key = f"punch-{item.pk}-confirm-{item.done_at:%Y%m%d%H%M%S}-{weeks}"
            _tell(person, "punch_item_waits", item.acceptance, key=key, item=item)
        return weeks > 0
    late = (day - item.due_on).days
    if late > 0:
        weeks = (late - 1) // AGAIN
        for person in {item.owner, item.acceptance.requested_by}:
            _tell(person, "punch_item_overdue", item.acceptance, key=f"punch-{item.pk}-late-{weeks}", item=item)
        return True
    if item.due_on - day <= SOON:
        _tell(item.owner, "punch_item_soon", item.acceptance, key=f"punch-{item.pk}-soon", item=item)
        return True
    return False


def _fulfil(acceptance: Acceptance, now: datetime, *, by: User) -> None:
    before = trail.snapshot(acceptance)
    acceptance.fulfilled_at = now
    acceptance.save(update_fields=["fulfilled_at"])
    trail.record("fulfil", acceptance, by=by, before=before)
    roles = [Role.PROJECT_MANAGER, *ASKED]
    held = acceptance.project.memberships.filter(role__in=roles)
    for person in User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(pk=by.pk):
        _tell(person, "conditions_fulfilled", acceptance, key="")


def _tell(person: User, template: str, acceptance: Acceptance, *, key: str, **context: Any) -> None:
    outbox.tell(
        person,
        f"quality/mails/{template}",
        {"acceptance": acceptance, "project": acceptance.project, **context},
        url=acceptance.get_absolute_url(),
        key=key,
        project_id=acceptance.project_id,
    )


def _move(item_id: int, name: str, *, by: User, **fields: Any) -> PunchItem:
    """Lock acceptance and item, check the move, set and record the new state and the fields of the move."""
    found = PunchItem.objects.values_list("acceptance_id", flat=True).get(pk=item_id)
    acceptance = Acceptance.objects.select_for_update(of=("self",)).select_related("project", "phase").get(pk=found)
    item = PunchItem.objects.select_for_update(of=("self",)).select_related("owner").get(pk=item_id)
    item.acceptance = acceptance  # the one lock for all items: who confirms the last one sees that it is the last
    starts, target = MOVES[name]
    if item.state not in starts or acceptance.state not in WITH_CONDITIONS:
        raise PunchMoveNotAllowed(item=item.position, state=item.get_state_display())
    before = trail.snapshot(item)
    item.state = target
    for field, value in fields.items():
        setattr(item, field, value)
    item.save(update_fields=["state", *fields])
    trail.record(name, item, by=by, before=before)
    return item
