"""What the frame of every page does in the browser, with and without scripts."""

import re

from playwright.sync_api import expect

from projects.enums import Role
from tests.e2e.conftest import PHONE, assert_accessible, sign_in
from tests.projects.factories import ProjectFactory, member
from tests.requirements.factories import RequirementFactory

ACCOUNT = "/preferences/"


def test_question_mark_shows_the_keys_and_escape_closes_them(visit, person):
    page = visit(ACCOUNT, user=person)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def test_keys_are_dead_in_fields(visit, person):
    page = visit(ACCOUNT, user=person)
    page.get_by_label("Job title").fill("")
    page.get_by_label("Job title").press_sequentially("?gl")
    expect(page.get_by_label("Job title")).to_have_value("?gl")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def test_letter_keys_can_be_switched_off(visit, person):
    page = visit(ACCOUNT, user=person)
    page.get_by_label("Single-letter keys").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    assert page.url.endswith(ACCOUNT)


def test_g_and_a_letter_goes_to_a_page_of_the_project(visit):
    project = ProjectFactory()
    page = visit(f"/projects/{project.key}/tasks/", user=member(project, Role.PROJECT_MANAGER))
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile(rf"/projects/{project.key}/plan/$"))


def test_customers_have_no_keys(visit):
    project = ProjectFactory()
    page = visit(ACCOUNT, user=member(project, Role.SPONSOR))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_menu_opens_on_a_phone_without_scripts(browser, live_server, person):
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": PHONE, "height": 800}, java_script_enabled=False
    )
    sign_in(context, person, live_server.url)
    page = context.new_page()
    page.goto(ACCOUNT)
    menu = page.get_by_role("navigation", name="Main menu")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(menu).to_be_visible()
    context.close()


def test_theme_is_kept_with_the_person(visit, person):
    page = visit(ACCOUNT, user=person)
    page.get_by_text(person.name, exact=True).click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.url.endswith(ACCOUNT)
    assert_accessible(page)


def test_offline_shows_a_banner_that_leaves_by_itself(visit, person):
    page = visit(ACCOUNT, user=person)
    page.context.set_offline(True)
    banner = page.get_by_role("alert").filter(has_text="You are offline")
    expect(banner).to_be_visible()
    assert_accessible(page)
    page.context.set_offline(False)
    expect(banner).to_be_hidden()


def test_form_sent_twice_is_sent_once(visit, person):
    page = visit(ACCOUNT, user=person)
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.evaluate(
        "form => { form.requestSubmit(); form.requestSubmit(); }", page.locator("main form").first.element_handle()
    )
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert len(sent) == 1


def test_refused_fragment_shows_the_banner_and_leaves_the_page(visit, person):
    page = visit(ACCOUNT, user=person)
    page.evaluate("htmx.ajax('GET', '/nothing/', {target: 'main', swap: 'innerHTML'})")
    expect(page.get_by_role("alert").filter(has_text="nothing was changed")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")


def test_fragment_after_the_sign_in_ran_out_leads_to_the_sign_in_page(visit, person):
    page = visit(ACCOUNT, user=person)
    page.context.clear_cookies()
    page.evaluate("htmx.ajax('GET', '/preferences/tokens/', {target: 'main'})")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.url.endswith("?next=%2Fpreferences%2F")


def test_toast_says_it_politely_and_can_be_closed(visit, person):
    page = visit(ACCOUNT, user=person)
    page.evaluate("htmx.trigger(document.body, 'app:toast', {level: 'error', text: 'Not saved'})")
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("Not saved")
    assert_accessible(page)
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_be_empty()


def test_session_end_is_announced_and_can_be_put_off_without_losing_what_is_typed(visit, person):
    page = visit(user=person)
    page.clock.install()
    page.goto(ACCOUNT)
    page.get_by_label("Job title").fill("Half written")
    button = page.get_by_role("button", name="Stay signed in")
    expect(button).to_be_hidden()
    page.clock.fast_forward((14 * 24 * 60 - 4) * 60 * 1000)
    expect(page.get_by_role("alert").filter(has_text="signed out in a few minutes")).to_be_visible()
    assert_accessible(page)
    button.click()
    expect(button).to_be_hidden()
    expect(page.get_by_label("Job title")).to_have_value("Half written")
    page.clock.fast_forward((14 * 24 * 60 + 1) * 60 * 1000)
    expect(page.get_by_role("alert").filter(has_text="You have been signed out")).to_be_visible()
    expect(button).to_be_hidden()


def test_ctrl_k_finds_a_requirement_by_keyboard_alone(visit):
    project = ProjectFactory()
    requirement = RequirementFactory(project=project, title="Match the invoice")
    page = visit(f"/projects/{project.key}/tasks/", user=member(project, Role.PROJECT_MANAGER))
    page.keyboard.press("Control+k")
    field = page.get_by_label("Page, number or words")
    expect(field).to_be_focused()
    page.keyboard.type("invoice")
    link = page.get_by_role("dialog").get_by_role("link", name=str(requirement))
    expect(link).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"{requirement.get_absolute_url()}$"))
