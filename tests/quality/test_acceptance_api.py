import pytest

from projects.enums import Role
from quality.models import Acceptance
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CriteriaSetFactory, CriterionFactory
from tests.quality.test_api import address, chosen, send
from tests.signing.factories import sign_next

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def test_an_acceptance_with_conditions_is_followed_by_api(client, project, manager):
    CriterionFactory(criteria_set=CriteriaSetFactory(project=project, agreed=True), position=1)
    sponsor, url = member(project, Role.SPONSOR), address(project, "acceptances/")
    item = {"text": "Correct", "owner": manager.email, "due_on": "2030-01-15", "retest": "Compare", "criterion": 1}
    bare = send(client, "post", url, chosen(manager, sponsor) | {"punch_list": [item | {"criterion": None}]})
    assert (bare.status_code, "criterion 1" in bare.json()["detail"]) == (409, True)
    asked = send(client, "post", url, chosen(manager, sponsor) | {"punch_list": [item]})
    assert asked.json()["punch_list"][0]["state"] == "open"
    one = f"{url}{asked.json()['id']}/items/1/"
    assert send(client, "post", f"{one}finish/", {"comment": "Done"}).status_code == 409
    document = Acceptance.objects.get().document
    for _ in range(2):
        sign_next(document)
    assert send(client, "post", f"{one}finish/", {"comment": "Done"}).json()["punch_list"][0]["state"] == "done"
    assert send(client, "post", f"{one}confirm/").status_code == 403
    client.force_login(sponsor)
    assert send(client, "post", f"{one}return/", {"reason": "No"}).json()["punch_list"][0]["returned_reason"] == "No"
    client.force_login(manager)
    send(client, "post", f"{one}finish/", {"comment": "Now"})
    client.force_login(sponsor)
    assert send(client, "post", f"{one}confirm/").json()["fulfilled_at"] is not None
