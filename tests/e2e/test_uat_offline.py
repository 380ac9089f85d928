"""A UAT run on a phone whose connection goes in the middle: nothing is lost, nothing is doubled."""

from io import BytesIO

import pytest
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image
from playwright.sync_api import expect

from projects.enums import Role
from quality.domain import runs
from quality.models import Defect, Result
from tests.e2e.conftest import PHONE, assert_accessible
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, ExecutionFactory, RunFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run():
    run = RunFactory(project=ProjectFactory(), running=True)
    for number in (1, 2, 3):
        case = CaseFactory(project=run.project, number=number, title=f"Invoice {number}", shared=True)
        ExecutionFactory(run=run, case=case)
    return run


def photo():
    out = BytesIO()
    Image.new("RGB", (640, 480), "#7a8fa6").save(out, "JPEG")
    return {"name": "till.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_is_lost_when_the_network_goes_in_the_middle_of_a_run(visit, run, language):
    tester = member(run.project, Role.KEY_USER)
    tester.language = language
    tester.save()

    def words(text):
        with translation.override(language):
            return gettext(text)

    def press(name):
        page.get_by_role("button", name=words(name), exact=True).locator("visible=true").click()

    page = visit(run.get_work_url(), user=tester, width=PHONE, language=language)
    page.locator("[data-uat-ready]").wait_for(state="attached")  # the page is kept for use without a network

    # The first case with a network: step by step to "passed".
    page.get_by_role("link", name=words("Start testing")).click()
    expect(page.get_by_role("heading", name="TC-001 Invoice 1")).to_be_visible()
    press("As expected")
    expect(page.get_by_text("Do 2", exact=True)).to_be_visible()
    assert_accessible(page)
    press("As expected")
    expect(page.get_by_role("radio", name=words("Passed"), exact=True)).to_be_checked()
    press("Save result")
    expect(page.get_by_role("heading", name="TC-002 Invoice 2")).to_be_visible()
    expect(page.locator("[data-uat-waiting]")).to_be_hidden()

    # The second one without: it fails at its first step, with a photo, and the page is loaded again before it is saved.
    page.context.set_offline(True)
    press("Not as expected")
    expect(page.get_by_role("radio", name=words("Failed"), exact=True)).to_be_checked()
    page.get_by_label(words("What did you see?")).fill("12.34 instead of 12.35")
    page.locator("input[type=file]").set_input_files(photo())
    expect(page.get_by_text("till.jpg")).to_be_visible()
    page.reload()
    expect(page.get_by_text("till.jpg")).to_be_visible()
    expect(page.get_by_label(words("What did you see?"))).to_have_value("12.34 instead of 12.35")
    press("Save result")
    expect(page.get_by_role("heading", name="TC-003 Invoice 3")).to_be_visible()
    expect(page.locator("[data-uat-waiting]")).to_contain_text(
        words("1 result is kept on this device and not sent yet.")
    )

    page.goto(run.get_work_url())  # to the list, still without a network
    row = page.locator("[data-uat-row='2']")
    expect(row).to_contain_text(words("Not sent yet"))
    expect(page.locator("[data-uat-row='1']")).to_contain_text(words("Passed"))
    assert_accessible(page)
    assert Result.objects.count() == 1

    # The line is back, and cut again before the answer is read: what arrived is sent once more and stays one.
    answers = []

    def lose_the_first_answer(route):
        answers.append(route.fetch().status)
        route.abort() if len(answers) == 1 else route.continue_()

    page.route("**/send/", lose_the_first_answer)
    with page.expect_event("requestfailed"):
        page.context.set_offline(False)
    page.wait_for_timeout(100)  # until the page has seen the fault
    press("Send now")
    expect(row).to_contain_text(words("Failed"))
    expect(page.locator("[data-uat-waiting]")).to_be_hidden()
    assert answers[0] == 200
    assert list(Result.objects.order_by("pk").values_list("outcome", flat=True)) == ["passed", "failed"]
    failed = Result.objects.get(outcome="failed")
    assert [file.name for file in failed.attachments.all()] == ["till.jpg"]
    assert (failed.comment, failed.failed_step, Defect.objects.count()) == ("12.34 instead of 12.35", 1, 1)

    # The third one is recorded after the run was finished: it is not taken, and says so, and stays on the phone.
    runs.finish_run(run.pk, by=run.created_by)
    page.locator("[data-uat-row='3'] a").click()
    press("To the result")
    page.get_by_role("radio", name=words("Passed"), exact=True).check()
    press("Save result")
    expect(page.locator("[data-uat-refusals]")).to_contain_text("TC-003 Invoice 3")
    page.reload()
    expect(page.locator("[data-uat-refusals]")).to_contain_text(
        words("This result was not taken and stays on this device.")
    )
    assert_accessible(page)
    assert Result.objects.count() == 2
