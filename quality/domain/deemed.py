"""Acceptance by silence, where the contract says so.

The customer is told on delivery, half-way and on the last day, each on record; only when the last day has passed after
all of that is the scope deemed accepted.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import User
from audit.domain import trail
from common.tasks import enqueue
from notices.domain import outbox
from projects.enums import Role
from quality import tasks
from quality.domain import acceptances, clocks, punch_items
from quality.domain.clocks import Clock
from quality.enums import AcceptanceState, NoticeKind
from quality.models import Acceptance, AcceptanceNotice
from signing.domain import requests
from signing.domain.authority import contract_day
from signing.domain.moves import locked
from signing.models import SignatureRequest

MAILS = {
    NoticeKind.DELIVERY: "quality/mails/deemed_delivery",
    NoticeKind.REMINDER: "quality/mails/deemed_reminder",
    NoticeKind.LAST_DAY: "quality/mails/deemed_last_day",
}


def running() -> QuerySet[Acceptance]:
    """Return the acceptances that a clock may run for."""
    return Acceptance.objects.filter(
        state=AcceptanceState.REQUESTED, criteria_set__deemed_after_days__isnull=False, document__isnull=False
    )


@transaction.atomic
def tick(acceptance_id: int, now: datetime | None = None) -> Acceptance:
    """Do whatever the clock of an acceptance asks for by now; safe to repeat. Returns the acceptance as it then is.

    The request is locked first, as signing does it: who signs or declines at this moment is first or finds it closed.
    """
    now = now or timezone.now()
    request = locked(Acceptance.objects.values_list("document_id", flat=True).get(pk=acceptance_id))
    rows = Acceptance.objects.select_for_update(of=("self",)).select_related("project", "phase", "criteria_set")
    acceptance = rows.get(pk=acceptance_id)
    acceptance.document = request
    clock = clocks.clock_of(acceptance, now) if request.is_open else None
    if clock is None or not clock.is_running:
        return acceptance
    given = {notice.kind: notice for notice in acceptance.notices.all()}
    for kind in NoticeKind:
        if kind not in given and _is_due(kind, clock):
            given[kind] = _give_notice(kind, acceptance, clock, now)
    last = given.get(NoticeKind.LAST_DAY)
    if clock.is_over and last and contract_day(acceptance.project, last.sent_at) < clock.today:
        acceptance = _deem(acceptance, request, clock)
    return acceptance


def _is_due(kind: NoticeKind, clock: Clock) -> bool:
    days = {
        NoticeKind.DELIVERY: clock.delivered_on,
        NoticeKind.REMINDER: clock.reminder_day,
        NoticeKind.LAST_DAY: clock.last_day,
    }
    day = days[kind]
    return day is not None and clock.today >= day


def _give_notice(kind: NoticeKind, acceptance: Acceptance, clock: Clock, now: datetime) -> AcceptanceNotice:
    people = _people(acceptance)
    assert clock.last_day is not None  # it runs
    notice = AcceptanceNotice.objects.create(
        acceptance=acceptance,
        kind=kind,
        told=[f"{person.name} <{person.email}>" for person in people],
        last_day=clock.last_day,
        sent_at=now,
    )
    for person in people:
        context = {"acceptance": acceptance, "project": acceptance.project, "clock": clock}
        outbox.tell(
            person,
            MAILS[kind],
            context,
            url=acceptance.get_absolute_url(),
            key=f"deemed-{acceptance.pk}-{kind}",
            project_id=acceptance.project_id,
        )
    trail.record("give_notice", acceptance, facts={"notice": kind.value, "signers": notice.told})
    return notice


def _deem(acceptance: Acceptance, request: SignatureRequest, clock: Clock) -> Acceptance:
    with translation.override(acceptance.project.language):
        reason = gettext(
            "Deemed accepted: the customer was asked on %(delivered)s and reminded, and neither declined nor commented "
            "until %(last)s (%(clause)s)."
        ) % {"delivered": clock.delivered_on, "last": clock.last_day, "clause": clock.clause}
    deemed = acceptances.follow_the_clock(request, reason=reason)
    requests.void(request.pk, by=None, reason=reason)
    if deemed.punch_items.exists():
        punch_items.hand_out(deemed)
    enqueue(tasks.print_record, deemed.pk)
    return deemed


def _people(acceptance: Acceptance) -> list[User]:
    """Return whom the notices go to: the customer's signers, sponsors and representatives."""
    assert acceptance.document is not None  # a clock runs of what was sent
    held = acceptance.project.memberships.filter(role__in=[Role.SPONSOR, Role.REPRESENTATIVE]).values("user")
    signing = acceptance.document.signers.filter(side="customer").values("user")
    people = User.objects.filter(pk__in=held) | User.objects.filter(pk__in=signing)
    return list(people.filter(is_active=True).distinct().order_by("name", "pk"))
