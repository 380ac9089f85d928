"""How long the files of a closed project are kept, and the legal hold that stops their removal.

Removed are the bytes of attachments. Rows, hashes and the trail stay, and so do signed documents and reports.
"""

import calendar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from projects.domain import errors
from projects.enums import PictureState, ProjectState
from projects.models import Attachment, LegalHold, Project

REMOVED_AT_ONCE = 500


def kept_until(project: Project) -> date | None:
    """Return the last day on which the files of a closed project are kept, in the customer's zone.

    None while the project is not closed, or if they are kept for ever. A month ends on its last day at the latest.
    """
    if project.closed_at is None or project.keep_months is None:
        return None
    closed_on = project.closed_at.astimezone(ZoneInfo(project.time_zone)).date()
    years, month = divmod(closed_on.month - 1 + project.keep_months, 12)
    year = closed_on.year + years
    return date(year, month + 1, min(closed_on.day, calendar.monthrange(year, month + 1)[1]))


def standing_hold(project: Project) -> LegalHold | None:
    return project.holds.filter(lifted_at=None).select_related("placed_by").first()


@transaction.atomic
def set_retention(project_id: int, keep_months: int | None, *, by: User) -> None:
    """Say for how many months after its closing the files of a project are kept; None: for ever."""
    project = _locked(project_id)
    project.keep_months = keep_months
    project.full_clean(exclude={"customer", "created_by"})
    trail.save(project, by=by, action="set_retention")


@transaction.atomic
def place_hold(project_id: int, *, reason: str, by: User) -> LegalHold:
    """Stop all removal from now on. Raises HoldStands if one stands already."""
    project = _locked(project_id)
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(project=project, reason=reason, placed_by=by, placed_at=timezone.now())
    except IntegrityError:
        raise errors.HoldStands from None
    trail.record("hold", hold, by=by, before={})
    return hold


@transaction.atomic
def lift_hold(project_id: int, *, reason: str, by: User) -> LegalHold:
    """Lift the hold that stands. Raises NoHold if none does."""
    project = _locked(project_id)
    hold = standing_hold(project)
    if hold is None:
        raise errors.NoHold
    before = trail.snapshot(hold)
    hold.lifted_reason, hold.lifted_by, hold.lifted_at = reason, by, timezone.now()
    hold.save(update_fields=["lifted_reason", "lifted_by", "lifted_at"])
    trail.record("lift", hold, by=by, before=before)
    return hold


def due_projects(*, now: datetime) -> list[int]:
    """Return the closed projects whose time of keeping is over, that have files and stand under no hold."""
    closed = Project.objects.filter(state=ProjectState.CLOSED).exclude(keep_months=None)
    with_files = closed.filter(pk__in=Attachment.objects.exclude(file="").values("project"))
    return [project.pk for project in with_files.select_related("customer") if _is_due(project, now)]


def remove_due(project_id: int, *, now: datetime) -> int:
    """Remove the files of a project whose time is over, one after the other, and return how many; again is harmless."""
    attachments = Attachment.objects.filter(project_id=project_id).exclude(file="").order_by("pk")
    ids = list(attachments.values_list("pk", flat=True)[:REMOVED_AT_ONCE])
    return sum(_remove(project_id, attachment_id, now=now) for attachment_id in ids)


@transaction.atomic
def _remove(project_id: int, attachment_id: int, *, now: datetime) -> bool:
    """Remove one file under the lock of its project, which a hold takes too.

    The bytes go before the commit: a crash in between leaves a row whose file is gone, and the next sweep finds it.
    """
    if not _is_due(_locked(project_id), now):
        return False
    attachment = Attachment.objects.select_for_update(of=("self",)).exclude(file="").filter(pk=attachment_id).first()
    if attachment is None:
        return False
    before = trail.snapshot(attachment)
    for stored in (attachment.thumbnail, attachment.display, attachment.file):
        if stored:
            stored.storage.delete(str(stored))
    attachment.file = attachment.thumbnail = attachment.display = ""
    attachment.picture_state, attachment.removed_at = PictureState.NONE, now
    attachment.save(update_fields=["file", "thumbnail", "display", "picture_state", "removed_at"])
    trail.record("remove", attachment, before=before, facts={"sha256": attachment.sha256})
    return True


def _is_due(project: Project, now: datetime) -> bool:
    last_day = kept_until(project)
    today = now.astimezone(ZoneInfo(project.time_zone)).date()
    return last_day is not None and today > last_day and standing_hold(project) is None


def _locked(project_id: int) -> Project:
    return Project.objects.select_for_update(of=("self",)).select_related("customer").get(pk=project_id)
