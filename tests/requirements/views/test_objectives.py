import pytest
from django.urls import reverse

from projects.enums import Audience, Role
from requirements.enums import BaselineState
from requirements.models import Objective
from tests.projects.factories import ProjectFactory, member
from tests.requirements.factories import ObjectiveFactory, RequirementFactory, frozen_baseline

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Fewer returns",
    "measure": "Returned parcels of all sent, a month",
    "target_value": "2 %",
    "due_on": "2026-12-31",
    "audience": Audience.CUSTOMER,
}


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def address(name, project, *args):
    return reverse(f"requirements:{name}", args=[project.key, *args])


def test_list_shows_a_customer_only_what_is_shared(client, project):
    ObjectiveFactory(project=project, audience=Audience.TEAM)
    shared = ObjectiveFactory(project=project)
    client.force_login(member(project, Role.SPONSOR))
    assert client.get(address("objective_list", project)).context["page"].rows == [shared]


@pytest.mark.parametrize("count", [1, 100])
def test_list_and_detail_take_few_queries(client, project, manager, count, django_assert_max_num_queries):
    objectives = ObjectiveFactory.create_batch(count, project=project)
    RequirementFactory.create_batch(count, project=project, objectives=objectives[:1])
    with django_assert_max_num_queries(10):
        client.get(address("objective_list", project))
    with django_assert_max_num_queries(12):
        client.get(objectives[0].get_absolute_url())


def test_detail_lists_only_the_requirements_that_the_reader_may_see(client, project):
    objective = ObjectiveFactory(project=project)
    RequirementFactory(project=project, objectives=[objective], audience=Audience.TEAM)
    shared = RequirementFactory(project=project, objectives=[objective])
    client.force_login(member(project, Role.SPONSOR))
    assert list(client.get(objective.get_absolute_url()).context["requirements"]) == [shared]


def test_add_saves_and_goes_to_the_objective(client, project, manager):
    response = client.post(address("objective_add", project), TYPED)
    objective = Objective.objects.get()
    assert (response.url, objective.code, objective.created_by) == (objective.get_absolute_url(), "O-1", manager)


def test_edit_shows_what_someone_else_saved_first(client, project, manager):
    ObjectiveFactory(project=project, title="Stored", version=2)
    url = address("objective_edit", project, 1)
    response = client.post(url, TYPED | {"seen_version": 1})
    assert response.context["is_outdated"]
    assert response.context["present"].title == "Stored"
    assert response.context["form"]["title"].value() == "Fewer returns"
    assert client.post(url, TYPED | {"seen_version": response.context["present"].version}).status_code == 302
    assert Objective.objects.get().title == "Fewer returns"


def test_edit_asks_and_then_discards_the_frozen_baseline(client, project, manager):
    baseline = frozen_baseline(project)
    url = address("objective_edit", project, 1)
    assert client.post(url, TYPED).context["question"].facts == {"baseline": "SRS-001"}
    assert client.post(url, TYPED | {"discard": "1"}).status_code == 302
    baseline.refresh_from_db()
    assert baseline.state == BaselineState.DISCARDED


def test_edit_keeps_the_content_once_signed(client, project, manager):
    frozen_baseline(project, state=BaselineState.SIGNED)
    before = Objective.objects.get()
    client.post(address("objective_edit", project, 1), TYPED | {"audience": Audience.TEAM})
    after = Objective.objects.get()
    assert (after.title, after.audience) == (before.title, Audience.TEAM)
