"""The board of defects: by drag, by keyboard, and on a phone; only legal moves are taken."""

from playwright.sync_api import expect

from projects.enums import Role
from quality.enums import DefectState
from tests.e2e.conftest import PHONE, assert_accessible
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import DefectFactory


def column(page, state):
    return page.locator(f"[data-lf-column={state}]")


def test_a_card_moves_by_drag_and_by_keyboard_and_asks_for_its_reason(visit):
    project = ProjectFactory()
    manager = member(project, Role.PROJECT_MANAGER)
    manager.language = "en"
    manager.save()
    defect = DefectFactory(project=project, title="Tax is rounded wrongly")
    page = visit(f"/projects/{project.key}/defects/board/", user=manager)
    assert_accessible(page)
    card = page.get_by_role("listitem").filter(has_text="Tax is rounded wrongly")

    card.drag_to(column(page, "closed"))  # no step leads there
    expect(page.get_by_role("dialog")).to_be_hidden()
    card.drag_to(column(page, "declined"))
    page.get_by_label("Why is it no defect").fill("As agreed in the SRS")
    page.get_by_role("dialog").get_by_role("button", name="Decline").click()
    expect(column(page, "declined")).to_contain_text("Tax is rounded wrongly")

    summary = column(page, "declined").locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_label("What is still wrong?").fill("It is one after all")
    page.keyboard.press("Control+Enter")
    expect(column(page, "open")).to_contain_text("Tax is rounded wrongly")
    defect.refresh_from_db()
    assert defect.state == DefectState.OPEN

    phone = visit(f"/projects/{project.key}/defects/board/", user=manager, width=PHONE, theme="dark")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE
    assert_accessible(phone)
