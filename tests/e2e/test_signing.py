"""The signer's page on a phone: nothing is chosen beforehand, and the one button says what it will do."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, assert_accessible
from tests.projects.factories import ProjectFactory
from tests.test_access import ROUTES, address


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_button_follows_the_decision(visit, theme):
    path = address("signing:sign", ROUTES["signing:sign"], ProjectFactory())
    page = visit(path, width=PHONE, theme=theme)
    page.get_by_role("button", name="Open the document").click()
    expect(page.get_by_role("radio", name="Accept")).not_to_be_checked()
    expect(page.get_by_role("radio", name="Decline")).not_to_be_checked()
    assert_accessible(page)
    page.get_by_role("radio", name="Accept").check()
    expect(page.get_by_role("button", name="Sign and accept")).to_be_visible()
    expect(page.get_by_label("Reason")).to_be_hidden()
    assert_accessible(page)
    page.get_by_role("radio", name="Decline").check()
    expect(page.get_by_role("button", name="Send decline")).to_be_visible()
    expect(page.get_by_label("Reason")).to_be_visible()
    expect(page.get_by_role("button", name="Sign and accept")).to_be_hidden()
    assert_accessible(page)
