"""How an acceptance ends, in the browser: with conditions, declined, in part, by silence; the customer on a phone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from quality import tasks
from quality.domain import deemed
from quality.models import Acceptance
from signing.domain import links, sealing
from signing.models import Signer
from tests.e2e.conftest import PHONE, assert_accessible
from tests.projects.factories import PhaseFactory, ProjectFactory
from tests.quality.factories import CriteriaSetFactory, CriterionFactory
from tests.quality.signing import people, requested, requested_with_conditions, silent
from tests.signing.factories import sign_next

pytestmark = pytest.mark.django_db(transaction=True)


def speaking(acceptance, language):
    """Both sides read this language; returns the manager and the sponsor."""
    for signer in acceptance.document.signers.select_related("user"):
        signer.user.language = language
        signer.user.save()
    return [acceptance.document.signers.get(order=order).user for order in (1, 2)]


def opened(visit, acceptance, language):
    """The sponsor's phone at the page of decision, by the link in the mail, signed in: no code is needed."""
    sponsor = acceptance.document.signers.select_related("user").get(order=2)
    page = visit(links.make_link(sponsor), user=sponsor.user, width=PHONE, language=language)
    page.locator("form[action$='/open/'] button").click()
    return page


def sign(page):
    page.locator("[name=decision][value=accept]").check()
    page.locator("[name=method][value=typed]").check()
    page.locator("#id_consent").check()
    page.locator("button.sign-accept").click()
    expect(page.locator("#receipt [aria-busy=true]")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_conditions_are_signed_done_and_confirmed_on_a_phone(visit, language):
    acceptance = requested_with_conditions(project=ProjectFactory(language=language))
    _manager, sponsor = speaking(acceptance, language)
    sign_next(acceptance.document)
    page = opened(visit, acceptance, language)
    expect(page.locator(".sign-conditions li")).to_contain_text("Correct the opening balances")
    assert_accessible(page)
    expect(page.locator("button.sign-accept")).to_have_text(
        {"en": "Sign with conditions", "zh-hans": "签署（有条件）"}[language]
    )
    sign(page)
    sealing.seal_and_deliver(acceptance.document.pk)

    item = acceptance.punch_items.get()
    item.owner.language = language
    item.owner.save()
    team = visit(acceptance.get_absolute_url(), user=item.owner, language=language)
    team.locator("#item-1 summary").click()
    team.locator("#item-1 [name=comment]").fill("Corrected; the ledger agrees.")
    assert_accessible(team)
    team.locator("#item-1 form button").click()
    expect(team.locator("#item-1")).to_contain_text("Corrected; the ledger agrees.")

    page = visit(acceptance.get_absolute_url(), user=sponsor, width=PHONE, language=language)
    assert_accessible(page)
    page.locator("#item-1 form[action$='/confirm/'] button").click()
    expect(page.locator("#punch-title")).to_contain_text("1 / 1")
    acceptance.refresh_from_db()
    assert acceptance.fulfilled_at is not None


def test_a_decline_shows_its_reason_and_gives_its_record(visit):
    acceptance = requested()
    manager, _sponsor = speaking(acceptance, "en")
    sign_next(acceptance.document)
    page = opened(visit, acceptance, "en")
    page.locator("[name=decision][value=decline]").check()
    page.get_by_label("Reason").fill("The invoices are late")
    page.get_by_role("button", name="Send decline").click()
    page.get_by_role("button", name="Decline for good").click()
    expect(page.locator("#receipt")).to_contain_text("The invoices are late")
    tasks.print_record(acceptance.pk)

    page.goto(acceptance.get_absolute_url())
    expect(page.get_by_text("The invoices are late")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="DEC-001").click()
    assert download.value.suggested_filename.endswith("-DEC-001.pdf")
    team = visit(acceptance.get_absolute_url(), user=manager)
    expect(team.get_by_role("link", name="Request acceptance anew")).to_be_visible()


def test_a_part_is_requested_signed_and_the_rest_offered(visit):
    project = ProjectFactory()
    first, second = PhaseFactory(project=project, name="Finance"), PhaseFactory(project=project, name="Sales")
    CriterionFactory(criteria_set=CriteriaSetFactory(project=project, agreed=True), position=1)
    manager, _sponsor = people(project)
    team = visit(f"/projects/{project.key}/acceptance/_project/request/?partial=1", user=manager)
    team.get_by_role("checkbox", name=str(second)).uncheck()
    assert_accessible(team)
    team.get_by_role("button", name="Send for signature").click()
    team.wait_for_url("**/documents/**")
    acceptance = Acceptance.objects.get()
    speaking(acceptance, "en")
    sign_next(acceptance.document)
    page = opened(visit, acceptance, "en")
    expect(page.locator(".sign-paper")).to_contain_text("Remaining scope")
    sign(page)
    page.goto(acceptance.get_absolute_url())
    expect(page.get_by_role("listitem").filter(has_text=str(first)).get_by_text("Accepted", exact=True)).to_be_visible()
    assert_accessible(page)
    team.goto(f"/projects/{project.key}/acceptance/_project/request/")
    expect(team.get_by_role("checkbox", name=str(second))).to_be_checked()
    expect(team.get_by_role("checkbox", name=str(first))).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_silence_counts_with_its_clock_in_sight(visit, language):
    acceptance = silent(project=ProjectFactory(language=language))
    speaking(acceptance, language)
    sign_next(acceptance.document)
    page = opened(visit, acceptance, language)
    expect(page.get_by_role("note")).to_contain_text(
        {"en": "5 working days left", "zh-hans": "还剩 5 个工作日"}[language]
    )
    assert_accessible(page)
    page.goto(acceptance.get_absolute_url())
    expect(page.locator("#clock-title")).to_be_visible()
    assert_accessible(page)

    told = Signer.objects.get(request=acceptance.document, order=2).told_at
    zone = ZoneInfo(acceptance.project.time_zone)
    for days in range(16):
        day = told.astimezone(zone).date() + timedelta(days=days)
        acceptance = deemed.tick(acceptance.pk, datetime.combine(day, time(23), tzinfo=zone))
    tasks.print_record(acceptance.pk)
    page.reload()
    expect(page.locator("#notices-title")).to_be_visible()
    expect(page.get_by_role("link", name="DEM-001")).to_be_visible()
    assert_accessible(page)
