"""Chromium against a live server. A page fails its test when it breaks the content security policy or throws."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.accounts.factories import UserFactory

HERE = Path(__file__).parent
AXE = django_settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
DESKTOP, PHONE = 1440, 390


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, or the one that Playwright brought."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, so Django would refuse every query of a factory.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        found = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=[*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        yield found
        found.close()


@pytest.fixture
def visit(browser, live_server, settings) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a browser window: `visit("/path/", user=…, width=390, language=…, theme=…)`.

    Each window is a person of their own. After the test none of them may have broken the policy or thrown an error.
    """
    settings.SITE_URL = live_server.url
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_window(path="/", *, user=None, width=DESKTOP, language="en", theme="light") -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            has_touch=width == PHONE,
            locale=LOCALES[language],
            color_scheme=theme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.expose_function("landfallFault", lambda fault: faults.append(fault))
        context.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " event => landfallFault(`${location}: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"
        )
        context.on("weberror", lambda error: faults.append(str(error.error)))
        if user:
            sign_in(context, user, live_server.url)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(context: BrowserContext, user, address: str) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": address}])


@pytest.fixture
def person():
    """Someone of the vendor who signs in with the password "correct horse battery"."""
    user = UserFactory(email="li.na@vendor.example", language="en")
    user.set_password("correct horse battery")
    user.save()
    return user


def assert_accessible(page: Page) -> None:
    """Fail on any axe violation (WCAG 2.2 A and AA, best practice) and on a page wider than its window."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    violations = [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert violations == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"
