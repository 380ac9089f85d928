import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PHONE, assert_accessible

WORDS = {"en": ("Sign in", "en"), "zh-hans": ("登录", "zh-Hans")}
PAGES = ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_entrance_is_accessible(visit, language, width, theme):
    page = visit(PAGES[0], width=width, language=language, theme=theme)
    heading, html_language = WORDS[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("html")).to_have_attribute("lang", html_language)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    for path in PAGES:
        page.goto(path)
        assert_accessible(page)


def test_refused_sign_in_leads_to_the_summary_and_keeps_the_address(visit, person):
    page = visit("/accounts/login/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Please check")).to_be_focused()
    expect(page.get_by_label("Email")).to_have_value(person.email)
    assert_accessible(page)


def test_language_switch_keeps_the_page(visit):
    page = visit("/accounts/login/code/", width=PHONE)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert page.url.endswith("/accounts/login/code/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_sign_in_without_scripts(browser, live_server, person):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/?next=/preferences/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/preferences/")
    context.close()
