import json

import pytest
from django.urls import reverse

from projects.enums import Role
from quality.enums import WaiverState
from quality.models import Waiver
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, CriteriaSetFactory, CriterionFactory
from tests.quality.signing import people
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


def page_of(client, name, project):
    return client.get(reverse(f"quality:{name}", args=[project.key])).content.decode()


def test_a_waiver_is_proposed_on_the_page_and_seen_by_the_customer(client, project):
    manager, sponsor = people(project)
    case = CaseFactory(project=project, title="Book a return")
    client.force_login(manager)
    address = reverse("quality:waiver_create", args=[project.key])
    assert "WV-" not in page_of(client, "waiver_list", project)
    data = {f"signer_vendor_{manager.pk}": "1", f"signer_customer_{sponsor.pk}": "2"}
    data |= {"remind_after_days": 2, "expires_in_days": 14, "reason": "The plant is closed"}
    assert "Choose one thing" in client.post(address, data).content.decode()
    assert client.post(address, data | {"case": case.pk}).status_code == 302
    client.force_login(sponsor)
    page = page_of(client, "waiver_list", project)
    assert "Book a return" in page
    assert "The plant is closed" in page


def test_an_agreed_criterion_offers_its_waiver(client, project):
    manager, _sponsor = people(project)
    criterion = CriterionFactory(criteria_set=CriteriaSetFactory(project=project, agreed=True))
    client.force_login(manager)
    address = f"{reverse('quality:waiver_create', args=[project.key])}?criterion={criterion.pk}"
    assert address in client.get(criterion.get_absolute_url()).content.decode()
    assert f'<option value="{criterion.pk}" selected>' in client.get(address).content.decode()


def test_a_waiver_is_proposed_by_api(client, project):
    manager, sponsor = people(project)
    requirement, foreign = RequirementFactory(project=project), RequirementFactory(number=77)
    client.force_login(manager)
    address = f"/api/v1/projects/{project.key}/waivers/"
    chosen = [
        {"user": person.email, "side": side, "order": order}
        for person, side, order in ((manager, "vendor", 1), (sponsor, "customer", 2))
    ]

    def post(**data):
        return client.post(address, json.dumps({"signers": chosen, "reason": "Not used", **data}), "application/json")

    assert post(requirement=foreign.number).status_code == 400
    assert post().status_code == 409
    assert post(requirement=requirement.number).json()["state"] == WaiverState.SENT
    assert client.get(address).json()["results"][0]["requirement"] == requirement.number


@pytest.mark.parametrize("count", [1, 30])
def test_waiver_list_queries(client, project, count, django_assert_max_num_queries):
    manager = member(project, Role.PROJECT_MANAGER)
    for number in range(count):
        Waiver.objects.create(
            project=project,
            number=number + 1,
            case=CaseFactory(project=project),
            version=1,
            reason="Not used",
            proposed_by=manager,
            proposed_at="2026-06-01T09:00:00Z",
        )
    client.force_login(manager)
    with django_assert_max_num_queries(10):
        assert "WV-001" in page_of(client, "waiver_list", project)
