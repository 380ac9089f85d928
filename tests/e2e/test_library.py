from django.urls import reverse
from playwright.sync_api import expect

from projects.enums import Role
from tests.e2e.conftest import PHONE, assert_accessible
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, SuiteFactory
from tests.requirements.factories import RequirementFactory


def test_a_suggestion_becomes_a_case_and_moves_in_a_suite(visit, transactional_db):
    project = ProjectFactory(language="en")
    RequirementFactory(project=project, title="Number orders", acceptance="When it is saved, the order has a number.")
    suite = SuiteFactory(project=project, cases=[CaseFactory(project=project, title="Cancel an order")])
    tester = member(project, Role.TESTER, language="en")
    page = visit(reverse("quality:suggestion_list", args=[project.key]), user=tester, width=PHONE)

    page.get_by_text("1 step").click()
    expect(page.get_by_text("the order has a number")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Write the case").click()
    expect(page.get_by_label("Title")).to_have_value("Number orders")
    page.get_by_role("button", name="Add test case").click()
    expect(page.get_by_role("heading", name="TC-002 Number orders")).to_be_visible()
    expect(page.get_by_role("link", name="R-001 Number orders")).to_be_visible()

    page.goto(reverse("quality:suite_add", args=[project.key, suite.number]))
    page.get_by_label("TC-002 Number orders").check()
    page.get_by_role("button", name="Add cases").click()
    expect(page.get_by_text("1 case was added.")).to_be_visible()
    expect(page.locator("#suite-cases li").first).to_contain_text("TC-001")
    page.get_by_role("button", name="Move TC-002 up").click()
    expect(page.locator("#suite-cases li").first).to_contain_text("TC-002")
    assert_accessible(page)
