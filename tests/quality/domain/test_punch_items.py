from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from audit.domain import trail
from notices.models import Channel, Message
from quality.domain import acceptances, punch_items
from quality.domain.errors import (
    CriteriaNotMet,
    CriterionWithoutItem,
    OwnerIsNotOfTeam,
    PunchMoveNotAllowed,
    ReasonMissing,
)
from quality.domain.punch_items import Wording
from quality.enums import AcceptanceState, PunchState
from quality.models import Acceptance, PunchItem
from tests.projects.factories import ProjectFactory
from tests.quality.factories import CriteriaSetFactory, CriterionFactory
from tests.quality.signing import accepted_scope, conditional, people, signers, wording
from tests.signing.factories import sign_next

pytestmark = pytest.mark.django_db
DUE = date(2027, 1, 15)  # a Friday


def unmet_scope():
    """A scope whose one criterion, the first, nobody has checked."""
    criteria_set = CriteriaSetFactory(agreed=True)
    CriterionFactory(criteria_set=criteria_set, position=1)
    return criteria_set


def ask(criteria_set, *items, manager=None, sponsor=None):
    if manager is None:
        manager, sponsor = people(criteria_set.project)
    return acceptances.request_acceptance(
        criteria_set.project, None, by=manager, punch_list=items, signers=signers(manager, sponsor)
    )


def mails(template_words):
    return list(
        Message.objects.filter(channel=Channel.EMAIL, subject__contains=template_words).values_list(
            "address", flat=True
        )
    )


def test_a_scope_that_is_not_met_is_accepted_with_conditions():
    acceptance = conditional()
    assert acceptance.document.number == f"{acceptance.project.key}-CAC-001"
    assert (acceptance.state, acceptance.fulfilled_at) == (AcceptanceState.CONDITIONAL, None)
    (item,) = acceptance.punch_items.all()
    assert mails("Yours to finish") == [item.owner.email]
    (signed,) = acceptance.document.manifest["punch list"]
    assert (signed["text"], signed["due"], signed["criterion"]) == (item.text, "2027-01-15", 1)
    for text in (item.text, item.owner.name, item.retest, "2027-01-15"):
        assert text in acceptance.document.body_html


def test_a_punch_list_must_cover_what_is_not_met_and_name_owners_of_the_team():
    criteria_set = unmet_scope()
    manager, sponsor = people(criteria_set.project)
    both = {"manager": manager, "sponsor": sponsor}
    with pytest.raises(CriteriaNotMet):
        ask(criteria_set, **both)
    with pytest.raises(CriterionWithoutItem) as refusal:
        ask(criteria_set, wording(manager, criterion=None), **both)
    assert "criterion 1" in str(refusal.value)
    with pytest.raises(OwnerIsNotOfTeam):
        ask(criteria_set, wording(sponsor), **both)
    assert not Acceptance.objects.exists()


def test_a_scope_that_is_met_can_be_accepted_with_conditions_too():
    criteria_set = accepted_scope()
    manager, sponsor = people(criteria_set.project)
    acceptance = ask(criteria_set, wording(manager, criterion=None), manager=manager, sponsor=sponsor)
    assert acceptance.document.kind == acceptances.CONDITIONAL_KIND


def test_the_request_stays_true_while_it_waits():
    criteria_set = unmet_scope()
    manager, sponsor = people(criteria_set.project)
    acceptance = ask(criteria_set, wording(manager), manager=manager, sponsor=sponsor)
    sign_next(acceptance.document)  # rechecks the manifest
    acceptance.refresh_from_db()
    assert acceptance.state == AcceptanceState.REQUESTED


def test_items_are_followed_to_the_end():
    acceptance = conditional(items=2)
    first, second = acceptance.punch_items.all()
    sponsor = acceptance.document.signers.get(order=2).user
    photo = SimpleUploadedFile("seen.txt", b"Balances agree")
    punch_items.finish_item(first.pk, comment="Corrected", by=first.owner, files=[photo])
    punch_items.finish_item(second.pk, comment="Corrected", by=first.owner)
    assert mails("Please confirm") == [sponsor.email] * 2
    assert first.attachments.get().name == "seen.txt"

    punch_items.return_item(second.pk, reason="Three are still wrong", by=sponsor)
    second.refresh_from_db()
    assert (second.state, second.done_at, second.returned_reason) == (PunchState.OPEN, None, "Three are still wrong")
    assert mails("Sent back") == [second.owner.email]
    punch_items.finish_item(second.pk, comment="All of them now", by=first.owner)
    punch_items.confirm_item(first.pk, by=sponsor)
    acceptance.refresh_from_db()
    assert acceptance.fulfilled_at is None

    punch_items.confirm_item(second.pk, by=sponsor)
    acceptance.refresh_from_db()
    assert (acceptance.state, acceptance.fulfilled_at is None) == (AcceptanceState.CONDITIONAL, False)
    assert mails("Conditions fulfilled") == [acceptance.requested_by.email]
    assert [entry.action for entry in trail.entries_for(second)] == ["do", "send_back", "do", "confirm"]


@pytest.mark.parametrize(("move", "starts"), [(name, starts) for name, (starts, _end) in punch_items.MOVES.items()])
def test_every_move_starts_only_where_the_table_says(move, starts):
    acceptance = conditional(items=3)
    sponsor = acceptance.document.signers.get(order=2).user
    open_one, done, confirmed = acceptance.punch_items.all()
    for item in (done, confirmed):
        punch_items.finish_item(item.pk, comment="Done", by=item.owner)
    punch_items.confirm_item(confirmed.pk, by=sponsor)
    calls = {
        "do": lambda pk: punch_items.finish_item(pk, comment="Done", by=open_one.owner),
        "confirm": lambda pk: punch_items.confirm_item(pk, by=sponsor),
        "send_back": lambda pk: punch_items.return_item(pk, reason="No", by=sponsor),
    }
    for item in acceptance.punch_items.all():
        if item.state in starts:
            calls[move](item.pk)
        else:
            with pytest.raises(PunchMoveNotAllowed):
                calls[move](item.pk)


def test_nothing_is_done_of_a_list_that_is_only_proposed():
    criteria_set = unmet_scope()
    manager, sponsor = people(criteria_set.project)
    acceptance = ask(criteria_set, wording(manager), manager=manager, sponsor=sponsor)
    item = acceptance.punch_items.get()
    with pytest.raises(PunchMoveNotAllowed):
        punch_items.finish_item(item.pk, comment="Done", by=manager)
    with pytest.raises(ReasonMissing):
        punch_items.finish_item(item.pk, comment=" ", by=manager)
    with pytest.raises(ReasonMissing):
        punch_items.return_item(item.pk, reason="", by=sponsor)


def at(acceptance, day, hour=9):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(acceptance.project.time_zone))


def test_remind_due_reminds_once_before_the_date_and_every_week_after_it():
    acceptance = conditional()
    owner = acceptance.punch_items.get().owner
    manager = acceptance.requested_by
    assert punch_items.remind_due(at(acceptance, DUE - timedelta(days=4))) == 0
    assert punch_items.remind_due(at(acceptance, DUE - timedelta(days=3), hour=7)) == 0
    for day in (3, 2, 0):
        punch_items.remind_due(at(acceptance, DUE - timedelta(days=day)))
    assert mails("Due on") == [owner.email]
    for day in (1, 1, 7):
        punch_items.remind_due(at(acceptance, DUE + timedelta(days=day)))
    assert sorted(mails("Overdue")) == sorted({owner.email, manager.email})
    punch_items.remind_due(at(acceptance, DUE + timedelta(days=8)))
    assert len(mails("Overdue")) == 2 * len({owner.email, manager.email})


def test_remind_due_asks_the_customer_again_for_what_waits_to_be_confirmed():
    acceptance = conditional()
    item = acceptance.punch_items.get()
    punch_items.finish_item(item.pk, comment="Done", by=item.owner)
    item.refresh_from_db()
    assert punch_items.remind_due(item.done_at + timedelta(days=6)) == 0
    for _ in range(2):
        punch_items.remind_due(item.done_at.replace(hour=6) + timedelta(days=8))
    assert mails("Still waiting") == [acceptance.document.signers.get(order=2).user.email]


def test_days_late_counts_from_the_date_until_it_is_done():
    item = PunchItem(due_on=DUE)
    assert [item.days_late(DUE), item.days_late(DUE + timedelta(days=2))] == [0, 2]
    item.state = PunchState.DONE
    assert item.days_late(DUE + timedelta(days=2)) == 0


def test_the_database_keeps_an_item_as_it_was_signed():
    item = conditional().punch_items.get()
    with transaction.atomic(), pytest.raises(IntegrityError, match="stays as it was signed"):
        PunchItem.objects.filter(pk=item.pk).update(text="Something easier")
    with transaction.atomic(), pytest.raises(IntegrityError, match="is not deleted"):
        item.delete()


def test_a_project_without_conditions_has_nothing_to_remind_of():
    ProjectFactory()
    assert punch_items.remind_due() == 0
    assert Wording("x", None, DUE, "y").criterion is None
