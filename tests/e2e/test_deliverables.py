import pytest
from django.urls import reverse
from playwright.sync_api import expect

from projects.enums import Role
from tests.delivery.factories import DeliverableFactory
from tests.e2e.conftest import PHONE, assert_accessible
from tests.projects.factories import PhaseFactory, ProjectFactory, member

CHARTER = {"name": "charter.txt", "mimeType": "text/plain", "buffer": b"Scope: finance and stock"}


@pytest.mark.django_db(transaction=True)
def test_a_deliverable_gets_its_people_a_version_and_an_approval(visit):
    project = ProjectFactory(name="ERP roll-out")
    manager = member(project, Role.PROJECT_MANAGER, name="Chen Gang")
    engineer = member(project, Role.ENGINEER, name="Han Tao")
    phase = PhaseFactory(project=project, number=1, name="Blueprint")
    deliverable = DeliverableFactory(project=project, phase=phase, title="Charter", template="Scope\nOut of scope")

    page = visit(reverse("delivery:raci_edit", args=[project.key, 1]), user=manager)
    page.get_by_label("Chen Gang, DL-001").select_option("A")
    page.get_by_label("Han Tao, DL-001").select_option("R")
    page.get_by_role("button", name="Save matrix").click()
    expect(page.get_by_text("The people of 1 deliverable were saved.")).to_be_visible()
    assert_accessible(page)

    page = visit(deliverable.get_absolute_url(), user=engineer)
    page.get_by_label("File", exact=True).set_input_files(CHARTER)
    page.get_by_role("button", name="Upload version").click()
    expect(page.get_by_text("Version 1 was uploaded.")).to_be_visible()
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Submitted. Who reviews it has been told.")).to_be_visible()

    page = visit("/", user=manager, width=PHONE)
    page.get_by_role("link", name="DL-001 Charter").first.click()
    assert_accessible(page)
    page.get_by_label("Comment").first.fill("Complete.")
    page.get_by_role("button", name="Approve version").click()
    expect(page.get_by_text("Version 1, by Chen Gang")).to_be_visible()

    page.goto(phase.get_absolute_url())
    expect(page.get_by_text("1 of 1 approved")).to_be_visible()
