from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from audit.domain import trail
from common import pdf
from notices.models import Channel, Message
from projects.domain import discussions
from projects.enums import Audience
from quality import tasks
from quality.domain import agreements, clocks, contents, criteria_sets, deemed, records
from quality.domain.errors import DeemingNeedsClause
from quality.enums import AcceptanceState, NoticeKind
from quality.models import AcceptanceNotice, CriteriaSet
from signing.domain import documents, signatures
from signing.enums import RequestState
from signing.models import Signer
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.quality.factories import CriteriaSetFactory
from tests.quality.signing import CLAUSE, requested, silent
from tests.signing.factories import BY_CODE, sign_next

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 30)
FRIDAY, LAST = date(2026, 12, 4), date(2026, 12, 7)  # five working days after a Monday are the next


def at(acceptance, day, clock="10:00"):
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZoneInfo(acceptance.project.time_zone))


def delivered(acceptance, day=MONDAY):
    """The vendor has signed, so that the customer is asked; as if it had been on that day."""
    sign_next(acceptance.document)
    Signer.objects.filter(request=acceptance.document, side="customer").update(told_at=at(acceptance, day))
    return acceptance


def kinds(acceptance):
    return list(acceptance.notices.values_list("kind", flat=True))


def run_until(acceptance, last, first=MONDAY):
    day = first
    while day <= last:
        acceptance = deemed.tick(acceptance.pk, at(acceptance, day))
        day += timedelta(days=1)
    return acceptance


def test_silence_is_acceptance_after_the_last_day_and_all_notices():
    acceptance = run_until(delivered(silent()), LAST)
    assert acceptance.state == AcceptanceState.REQUESTED
    assert kinds(acceptance) == [NoticeKind.DELIVERY, NoticeKind.REMINDER, NoticeKind.LAST_DAY]
    days = [notice.sent_at.date() for notice in acceptance.notices.all()]
    assert days == [MONDAY, date(2026, 12, 2), LAST]
    sponsor = acceptance.document.signers.get(side="customer").user
    mails = Message.objects.filter(channel=Channel.EMAIL, address=sponsor.email, key__startswith="deemed-")
    assert mails.count() == 3
    assert CLAUSE in mails.first().body

    for _ in range(2):
        acceptance = deemed.tick(acceptance.pk, at(acceptance, LAST + timedelta(days=1)))
    assert acceptance.state == AcceptanceState.DEEMED
    acceptance.document.refresh_from_db()
    assert acceptance.document.state == RequestState.VOIDED
    assert "deem" in [entry.action for entry in trail.entries_for(acceptance)]


def test_nothing_runs_without_the_term_or_before_delivery():
    acceptance = requested()
    assert clocks.clock_of(acceptance, at(acceptance, MONDAY)) is None
    assert not deemed.running().exists()
    waiting = silent()
    clock = clocks.clock_of(waiting, at(waiting, MONDAY))
    assert (clock.delivered_on, clock.is_running, clock.is_over) == (None, False, False)
    assert deemed.tick(waiting.pk, at(waiting, date(2027, 6, 1))).state == AcceptanceState.REQUESTED
    assert kinds(waiting) == []


def test_a_comment_of_the_customer_stops_the_clock_and_one_of_the_team_does_not():
    acceptance = delivered(silent())
    discussions.add_comment(acceptance, "Any news?", by=acceptance.requested_by, audience=Audience.CUSTOMER)
    assert run_until(acceptance, FRIDAY).state == AcceptanceState.REQUESTED
    sponsor = acceptance.document.signers.get(side="customer").user
    discussions.add_comment(acceptance, "The balances are wrong", by=sponsor, audience=Audience.CUSTOMER)
    acceptance = run_until(acceptance, date(2026, 12, 24), first=FRIDAY)
    assert acceptance.state == AcceptanceState.REQUESTED
    assert NoticeKind.LAST_DAY not in kinds(acceptance)
    assert f"{sponsor.name} has commented" in " ".join(clocks.words(acceptance, at(acceptance, LAST)))


def test_a_decline_before_the_end_stops_it():
    acceptance = run_until(delivered(silent()), LAST)
    signatures.decline(acceptance.document.signers.get(side="customer").pk, "Not yet", BY_CODE)
    assert deemed.tick(acceptance.pk, at(acceptance, date(2026, 12, 24))).state == AcceptanceState.DECLINED


def test_nothing_is_deemed_before_the_day_after_the_last_notice():
    """The clock did not run for a while: the notices are given first, and a day is left to answer the last one."""
    acceptance = delivered(silent())
    late = date(2026, 12, 15)
    acceptance = deemed.tick(acceptance.pk, at(acceptance, late))
    assert (acceptance.state, len(kinds(acceptance))) == (AcceptanceState.REQUESTED, 3)
    assert deemed.tick(acceptance.pk, at(acceptance, late, "23:00")).state == AcceptanceState.REQUESTED
    assert deemed.tick(acceptance.pk, at(acceptance, late + timedelta(days=1))).state == AcceptanceState.DEEMED


def test_the_request_stays_open_for_as_long_as_its_clock_runs():
    acceptance = silent(days=40)
    assert acceptance.document.expires_at - acceptance.document.sent_at > timedelta(days=56)


def test_the_clock_counts_working_days_of_the_contract():
    acceptance = delivered(silent(project=ProjectFactory(customer__time_zone="Asia/Shanghai")), date(2026, 9, 29))
    clock = clocks.clock_of(acceptance, at(acceptance, date(2026, 9, 30)))
    assert clock.last_day == date(2026, 10, 12)  # the National Day holiday, and Saturday 10 October is worked
    assert clock.days_left == 4


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_its_record_says_that_nobody_signed_and_why_it_counts(language):
    acceptance = run_until(delivered(silent(project=ProjectFactory(language=language))), LAST + timedelta(days=1))
    tasks.print_record(acceptance.pk)
    record = records.make_record(acceptance.pk)
    assert record.number == f"{acceptance.project.key}-DEM-001"
    words = {"en": "Nobody of the customer has signed", "zh-hans": "客户方无人签署本次验收"}[language]
    pdf.check_text(documents.read(record.file), [words, CLAUSE, "2026-12-07", acceptance.document.label])


def test_the_term_is_signed_with_the_criteria_and_kept_by_the_next_version():
    criteria_set = CriteriaSetFactory(deemed_after_days=5, deemed_clause=CLAUSE, agreed=True)
    term = {"working days": 5, "clause": CLAUSE}
    assert contents.criteria_manifest(criteria_set)["deemed acceptance"] == term
    assert agreements.printed(criteria_set).deemed_after_days == 5
    following = criteria_sets.reopen(criteria_set.pk, reason="More is wanted", by=UserFactory())
    assert (following.deemed_after_days, following.deemed_clause) == (5, CLAUSE)
    assert "deemed acceptance" not in contents.criteria_manifest(CriteriaSetFactory())


@pytest.mark.parametrize(("days", "clause"), [(5, ""), (None, CLAUSE), (2, CLAUSE), (61, CLAUSE)])
def test_save_criteria_asks_for_days_and_clause_together(days, clause):
    criteria_set = CriteriaSetFactory()
    with pytest.raises(DeemingNeedsClause):
        criteria_sets.save_criteria(criteria_set.pk, [], by=UserFactory(), deemed_after_days=days, deemed_clause=clause)


def test_the_database_keeps_notices_and_a_term_with_its_clause():
    acceptance = run_until(delivered(silent()), MONDAY)
    with transaction.atomic(), pytest.raises(IntegrityError, match="append-only"):
        AcceptanceNotice.objects.filter(acceptance=acceptance).delete()
    with transaction.atomic(), pytest.raises(IntegrityError, match="deeming_names_its_clause"):
        CriteriaSet.objects.filter(pk=acceptance.criteria_set_id).update(deemed_clause="")
