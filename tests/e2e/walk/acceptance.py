"""Criteria agreed, UAT run on a phone, a defect found and fixed, acceptance requested."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, expect

from projects.models import Phase
from tests.e2e.walk.cast import Cast
from tests.e2e.walk.house import link_in_mail
from tests.e2e.walk.person import PATIENCE, Person
from tests.e2e.walk.scope import enter, send_for_signature

CHOSEN = 3  # cases of the playbook in the run
FAILING = 2  # the place of the one that fails, from 0


def uat(cast: Cast) -> Phase:
    return cast.project.phases.get(code="uat")


def scope_of_uat(person: Person, cast: Cast) -> Locator:
    """The part of the acceptance page about the UAT phase."""
    return person.page.get_by_role("region", name=uat(cast).name)


def agree_on_criteria(cast: Cast) -> None:
    """The playbook has drafted the usual gate and one criterion that a person checks; its words are changed."""
    manager = cast.manager
    enter(manager, cast)
    manager.follow("Acceptance")
    with manager.page.expect_navigation(timeout=PATIENCE):
        scope_of_uat(manager, cast).get_by_role(
            "link", name=manager.words("Criteria, version %(version)s", version=1)
        ).click()
    manager.look()
    manager.follow("Edit criteria")
    manager.field("Criterion").nth(5).fill(cast.typed["criterion"])
    manager.press("Save criteria")
    manager.is_told("The criteria were saved.")
    manager.sees(cast.typed["criterion"])
    send_for_signature(manager)


def start_the_run(cast: Cast) -> None:
    manager = cast.manager
    enter(manager, cast)
    manager.follow("UAT")
    manager.follow("Plan test run")
    manager.field("name").fill(cast.typed["run"])
    manager.field("phase").select_option(value=str(uat(cast).pk))
    manager.field("build").fill("2.4.0")
    manager.field("environment").fill(cast.typed["environment"])
    manager.press("Plan run and choose cases")
    for case in cast.project.test_cases.order_by("number")[:CHOSEN]:
        manager.page.get_by_role("checkbox", name=str(case)).check()
        manager.field("Who runs %(case)s", case=case.code).select_option(label=cast.key_user.name)
    manager.press("Save cases")
    manager.press("Start run")


def run_the_cases(cast: Cast) -> None:
    """Two pass, the last one fails: with what was seen and a photo."""
    tester = cast.key_user
    tester.open(link_in_mail(tester, "/uat/"))
    tester.follow("Start testing")
    tester.link("Start testing").click()
    for place in range(CHOSEN):
        expect(
            tester.page.get_by_text(tester.words("{done} of {total} done").format(done=place, total=CHOSEN))
        ).to_be_visible()
        tester.button("To the result").click()
        if place == FAILING:
            tester.page.get_by_role("radio", name=tester.words("Failed"), exact=True).check()
            tester.field("Which step failed?").select_option(index=2)
            tester.field("How bad is it?").select_option(value="major")
            tester.field("What did you see?").fill(cast.typed["failure"])
            tester.field("Photos or screenshots").set_input_files(
                {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()}
            )
        else:
            tester.page.get_by_role("radio", name=tester.words("Passed"), exact=True).check()
        tester.button("Save result").click()
    to_be_run = tester.page.get_by_role("region", name=tester.words("To be run"))
    expect(to_be_run.get_by_text(tester.words("Failed"), exact=True)).to_be_visible(timeout=PATIENCE)


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), "#7a8fa6").save(out, "JPEG")
    return out.getvalue()


def fix_the_defect(cast: Cast) -> None:
    manager = cast.manager
    manager.follow("Defects")
    manager.follow_first_row()
    manager.sees(cast.typed["failure"])
    manager.sees("photo.jpg")
    manager.link("Mark as fixed").click()
    manager.field("Fixed in build").fill("2.4.1")
    manager.press("Mark as fixed")
    expect(manager.page.get_by_text(manager.words("Fixed"), exact=True).first).to_be_visible(timeout=PATIENCE)


def test_again(cast: Cast) -> None:
    """From the mail that asks for it; the pass closes the defect."""
    tester = cast.key_user
    tester.open(link_in_mail(tester, "/cases/"))
    tester.page.get_by_role("radio", name=tester.words("Passed"), exact=True).check()
    tester.field("What did you see?").fill(cast.typed["passed"])
    tester.press("Save result")
    manager = cast.manager
    manager.follow("Defects")
    expect(manager.page.get_by_role("cell", name=manager.words("Closed"), exact=True)).to_have_count(1)


def check_by_hand(cast: Cast) -> None:
    manager = cast.manager
    manager.follow("Acceptance")
    with manager.page.expect_navigation(timeout=PATIENCE):
        manager.page.get_by_role("link", name=cast.typed["criterion"]).click()
    manager.look()
    manager.page.get_by_role("radio", name=manager.words("Yes"), exact=True).check()
    manager.field("What was found, and how").fill(cast.typed["checked"])
    manager.field("Evidence").set_input_files({"name": "load.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    manager.press("Save check")
    manager.is_told("The check is recorded.")
    manager.sees("load.jpg")


def request_acceptance(cast: Cast) -> None:
    manager = cast.manager
    manager.follow("Acceptance")
    scope = scope_of_uat(manager, cast)
    expect(scope.get_by_role("heading")).to_contain_text("6 / 6")
    expect(scope.get_by_text(manager.words("Met"), exact=True)).to_have_count(6)
    manager.follow("Request acceptance")
    manager.press("Send for signature")
    manager.is_told("The acceptance is sent for signature.")
