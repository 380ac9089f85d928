"""The clock of a deemed acceptance: runs only where the signed criteria name the clause of the contract that says so.

It begins with the day on which the request reached the customer, and ends after so many working days of the contract's
calendar. A signature, a decline or a comment of the customer before that stops it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from common.working_days import add_working_days, is_working_day
from projects.enums import CUSTOMER_ROLES, Audience
from projects.models import Comment
from quality.enums import AcceptanceState
from quality.models import Acceptance, CriteriaSet
from signing.enums import Side
from signing.models import Signer

MARGIN_DAYS = 7  # a request stays open so much longer than its clock runs


@dataclass(frozen=True)
class Clock:
    """`delivered_on` is None while no one of the customer was asked; then nothing runs yet."""

    working_days: int
    clause: str
    delivered_on: date | None
    last_day: date | None
    stopped_by: Comment | None
    today: date
    zone: str

    @property
    def is_running(self) -> bool:
        return self.delivered_on is not None and self.stopped_by is None

    @property
    def is_over(self) -> bool:
        return self.is_running and self.last_day is not None and self.today > self.last_day

    @property
    def days_left(self) -> int:
        """Working days after today until the last day, and with it."""
        days, day = 0, self.today
        while self.last_day is not None and day < self.last_day:
            day += timedelta(days=1)
            days += is_working_day(day, self.zone)
        return days

    @property
    def reminder_day(self) -> date | None:
        """The day on which half of the time is over."""
        if self.delivered_on is None:
            return None
        return add_working_days(self.delivered_on, self.working_days // 2, self.zone)


def clock_of(acceptance: Acceptance, now: datetime) -> Clock | None:
    """Return the clock of an acceptance that waits for signature; None where the contract knows no such thing."""
    criteria_set = acceptance.criteria_set
    if not criteria_set.deemed_after_days or acceptance.state != AcceptanceState.REQUESTED:
        return None
    zone = acceptance.project.time_zone
    asked = Signer.objects.filter(
        request_id=acceptance.document_id, side=Side.CUSTOMER, told_at__isnull=False
    ).order_by("told_at")
    first = asked.values_list("told_at", flat=True).first()
    delivered_on = first.astimezone(ZoneInfo(zone)).date() if first else None
    return Clock(
        working_days=criteria_set.deemed_after_days,
        clause=criteria_set.deemed_clause,
        delivered_on=delivered_on,
        last_day=add_working_days(delivered_on, criteria_set.deemed_after_days, zone) if delivered_on else None,
        stopped_by=_comment(acceptance),
        today=now.astimezone(ZoneInfo(zone)).date(),
        zone=zone,
    )


def term_of(criteria_set: CriteriaSet) -> dict[str, Any]:
    """Return the term as it is signed with the criteria; nothing where there is none."""
    if not criteria_set.deemed_after_days:
        return {}
    return {"deemed acceptance": {"working days": criteria_set.deemed_after_days, "clause": criteria_set.deemed_clause}}


def in_time_for(acceptance: Acceptance, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of sending, with the request open for at least as long as its clock runs."""
    days = acceptance.criteria_set.deemed_after_days
    if not days:
        return options
    zone = acceptance.project.time_zone
    asked_on = acceptance.requested_at.astimezone(ZoneInfo(zone)).date()
    needed = (add_working_days(asked_on, days, zone) - asked_on).days + MARGIN_DAYS
    return options | {"expires_in_days": max(options.get("expires_in_days", 14), needed)}


def words(acceptance: Acceptance, now: datetime) -> list[str]:
    """Say, in the language now active, what silence means and until when; nothing where it means nothing."""
    clock = clock_of(acceptance, now)
    if clock is None:
        return []
    term = ngettext(
        "If nobody of the customer declines or comments within %(count)s working day after delivery, “%(scope)s” "
        "counts as accepted without a signature (%(clause)s).",
        "If nobody of the customer declines or comments within %(count)s working days after delivery, “%(scope)s” "
        "counts as accepted without a signature (%(clause)s).",
        clock.working_days,
    ) % {"count": clock.working_days, "scope": str(acceptance), "clause": clock.clause}
    return [term, state_words(clock)]


def state_words(clock: Clock) -> str:
    """Say how far the clock is."""
    if clock.stopped_by:
        return gettext("The clock is stopped: %(name)s has commented.") % {"name": clock.stopped_by.author.name}
    if clock.delivered_on is None or clock.last_day is None:
        return gettext("The clock begins when the customer is asked to sign.")
    facts = {
        "delivered": date_format(clock.delivered_on, "DATE_FORMAT"),
        "last": date_format(clock.last_day, "DATE_FORMAT"),
        "count": clock.days_left,
    }
    return (
        ngettext(
            "Delivered on %(delivered)s; the last day is %(last)s, %(count)s working day left.",
            "Delivered on %(delivered)s; the last day is %(last)s, %(count)s working days left.",
            clock.days_left,
        )
        % facts
    )


def _comment(acceptance: Acceptance) -> Comment | None:
    """Return the first comment of the customer on the acceptance: whoever has something to say is not silent."""
    people = acceptance.project.memberships.filter(role__in=CUSTOMER_ROLES).values("user")
    said = Comment.objects.filter(
        content_type=ContentType.objects.get_for_model(acceptance),
        object_id=acceptance.pk,
        author__in=people,
        audience=Audience.CUSTOMER,
    )
    return said.select_related("author").order_by("pk").first()
