"""Somebody at a browser window: reads the pages in a language, finds things by the words on them."""

import re

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import assert_accessible

PATIENCE = 20_000  # ms: a page may be slow on a shared machine, and is then not wrong
OPTIONAL_OR_REQUIRED = r"\s*([(（][^)）]*[)）])?\s*"


class Person:
    """A name, an address and a window. Words are given as in the code (English) and sought in the person's language."""

    def __init__(self, name: str, email: str, page: Page, language: str):
        self.name, self.email, self.page, self.language = name, email, page, language
        page.set_default_timeout(PATIENCE)

    def words(self, message: str, **facts) -> str:
        with translation.override(self.language):
            return gettext(message) % facts if facts else gettext(message)

    def link(self, message: str, **facts) -> Locator:
        return self.page.get_by_role("link", name=self.words(message, **facts), exact=True)

    def button(self, message: str, **facts) -> Locator:
        return self.page.get_by_role("button", name=self.words(message, **facts), exact=True)

    def field(self, label: str, **facts) -> Locator:
        """A control by its label, whether or not that also says "(optional)"."""
        words = re.escape(capfirst(self.words(label, **facts)))
        return self.page.get_by_label(re.compile(rf"^\s*{words}{OPTIONAL_OR_REQUIRED}$"))

    def follow(self, message: str, **facts) -> None:
        """Click a link and look at the page behind it."""
        before = self.page.url
        self.link(message, **facts).first.click()
        self.page.wait_for_url(lambda url: url != before, timeout=PATIENCE)
        self.look()

    def press(self, message: str, **facts) -> None:
        """Send a form by its button, and look at the answer."""
        with self.page.expect_navigation(timeout=PATIENCE):
            self.button(message, **facts).first.click()
        self.look()

    def follow_first_row(self) -> None:
        """Open what the first row of the page's table names."""
        with self.page.expect_navigation(timeout=PATIENCE):
            self.page.get_by_role("rowheader").get_by_role("link").first.click()
        self.look()

    def open_waiting(self, act: str) -> None:
        """Go to the page after sign-in, and from there to the first thing that waits for this."""
        self.open("/")
        rows = self.page.locator("main").get_by_role("listitem").filter(has_text=f"{self.words(act)} ·")
        with self.page.expect_navigation(timeout=PATIENCE):
            rows.get_by_role("link").first.click()
        self.look()

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def look(self) -> None:
        """The page is there, in this person's language, and axe finds nothing on it."""
        expect(self.page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
        expect(self.page.locator("html")).to_have_attribute("lang", {"en": "en", "zh-hans": "zh-Hans"}[self.language])
        assert_accessible(self.page)

    def sees(self, text: str | re.Pattern) -> None:
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible(timeout=PATIENCE)

    def is_told(self, message: str, **facts) -> None:
        """The page says so in one of its messages."""
        found = self.page.get_by_role("status").filter(has_text=self.words(message, **facts))
        expect(found.first).to_be_visible(timeout=PATIENCE)
