import pytest
from django.urls import reverse

from projects.enums import Audience, Role
from requirements.enums import BaselineState, Priority, RequirementState
from requirements.models import Requirement
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.requirements.factories import ObjectiveFactory, RequirementFactory, frozen_baseline

pytestmark = pytest.mark.django_db


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


def typed(requirement=None, **fields):
    values = {"title": "Print labels", "statement": "On receipt.", "priority": Priority.MUST, "audience": Audience.TEAM}
    if requirement:
        names = ("process", "title", "statement", "acceptance", "priority", "audience")
        values = {name: getattr(requirement, name) for name in names}
        values["objectives"] = [objective.pk for objective in requirement.objectives.all()]
        values["seen_version"] = requirement.version
    return values | fields


def listed(response):
    return [requirement.code for requirement in response.context["page"].rows]


def test_list_shows_a_customer_only_what_is_shared(client, project):
    RequirementFactory(project=project, audience=Audience.TEAM)
    RequirementFactory(project=project)
    client.force_login(member(project, Role.KEY_USER))
    assert listed(client.get(address("requirement_list", project))) == ["R-002"]


def test_list_answers_htmx_with_the_table_alone(client, project, manager):
    RequirementFactory(project=project)
    response = client.get(address("requirement_list", project), headers={"HX-Request": "true"})
    assert next(template.name for template in response.templates) == "requirements/_requirement_table.html"
    assert response.content.strip().startswith(b'<div id="requirements">')


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=label", ["R-001"]),
        ("q=r-002", ["R-002"]),
        ("q=3", ["R-003"]),
        ("q=procure", ["R-002"]),
        ("priority=must", ["R-001"]),
        ("objective=1", ["R-003"]),
        ("state=withdrawn", ["R-002"]),
        ("priority=nonsense", ["R-001", "R-002", "R-003"]),
        ("sort=-priority", ["R-003", "R-002", "R-001"]),
        ("sort=priority", ["R-001", "R-002", "R-003"]),
    ],
)
def test_list_filters_and_sorts(client, project, manager, query, found):
    objective = ObjectiveFactory(project=project)
    RequirementFactory(project=project, title="Print labels", priority="must", objectives=[])
    RequirementFactory(project=project, title="Match", process="Procure to pay", objectives=[], withdrawn=True)
    RequirementFactory(project=project, title="Post", priority="wont", objectives=[objective])
    assert listed(client.get(f"{address('requirement_list', project)}?{query}")) == found


def test_list_filters_by_phase(client, project, manager):
    phase = PhaseFactory(project=project)
    RequirementFactory(project=project)
    RequirementFactory(project=project, phase=phase)
    assert listed(client.get(f"{address('requirement_list', project)}?phase={phase.number}")) == ["R-002"]


@pytest.mark.parametrize("count", [1, 100])
def test_list_takes_few_queries(client, project, manager, count, django_assert_max_num_queries):
    objective, phase = ObjectiveFactory(project=project), PhaseFactory(project=project)
    RequirementFactory.create_batch(count, project=project, objectives=[objective], phase=phase)
    with django_assert_max_num_queries(10):
        client.get(f"{address('requirement_list', project)}?phase={phase.number}")


@pytest.mark.parametrize("count", [1, 100])
def test_detail_takes_few_queries(client, project, manager, count, django_assert_max_num_queries):
    objectives = ObjectiveFactory.create_batch(count, project=project)
    requirement = RequirementFactory(project=project, objectives=objectives)
    frozen_baseline(project)
    with django_assert_max_num_queries(12):
        assert client.get(requirement.get_absolute_url()).status_code == 200


def test_detail_of_a_hidden_requirement_does_not_exist(client, project):
    requirement = RequirementFactory(project=project, audience=Audience.TEAM)
    client.force_login(member(project, Role.SPONSOR))
    assert client.get(requirement.get_absolute_url()).status_code == 404


def test_add_saves_and_goes_to_the_requirement(client, project, manager):
    objective = ObjectiveFactory(project=project)
    response = client.post(address("requirement_add", project), typed(objectives=[objective.pk]))
    requirement = Requirement.objects.get()
    assert response.url == requirement.get_absolute_url()
    assert (list(requirement.objectives.all()), requirement.created_by) == ([objective], manager)


def test_add_refuses_another_projects_objective(client, project, manager):
    response = client.post(address("requirement_add", project), typed(objectives=[ObjectiveFactory().pk]))
    assert list(response.context["form"].errors) == ["objectives"]
    assert not Requirement.objects.exists()


def test_edit_saves_the_next_version(client, project, manager):
    requirement = RequirementFactory(project=project)
    client.post(address("requirement_edit", project, 1), typed(requirement, title="Print labels"))
    requirement.refresh_from_db()
    assert (requirement.title, requirement.version) == ("Print labels", 2)


def test_edit_shows_what_someone_else_saved_first(client, project, manager):
    requirement = RequirementFactory(project=project, title="Stored", version=2)
    response = client.post(address("requirement_edit", project, 1), typed(requirement, title="Typed", seen_version=1))
    assert response.context["is_outdated"]
    assert response.context["present"].title == "Stored"
    assert response.context["form"]["title"].value() == "Typed"
    again = client.post(address("requirement_edit", project, 1), typed(requirement, title="Typed", seen_version=2))
    assert again.status_code == 302


def test_edit_asks_before_it_discards_the_frozen_baseline(client, project, manager):
    baseline = frozen_baseline(project)
    requirement = Requirement.objects.get()
    data = typed(requirement, title="Print labels")
    response = client.post(address("requirement_edit", project, 1), data)
    assert response.context["question"].facts == {"baseline": "SRS-001"}
    assert "Discard SRS-001 and save" in response.content.decode()
    assert client.post(address("requirement_edit", project, 1), data | {"discard": "1"}).status_code == 302
    baseline.refresh_from_db()
    assert baseline.state == BaselineState.DISCARDED


def test_edit_explains_that_a_signed_requirement_cannot_change_but_its_sharing_can(client, project, manager):
    frozen_baseline(project, state=BaselineState.SIGNED)
    page = client.get(address("requirement_edit", project, 1)).content.decode()
    assert "The project manager can reopen it, with a reason" in page
    before = Requirement.objects.get()
    client.post(address("requirement_edit", project, 1), typed(before, title="X", shared_for_audit="on", discard="1"))
    after = Requirement.objects.get()
    assert (after.title, after.version, after.shared_for_audit) == (before.title, before.version, True)
    assert list(after.objectives.all()) == list(before.objectives.all())


def test_add_shows_no_form_beside_a_signed_baseline(client, project, manager):
    frozen_baseline(project, state=BaselineState.SIGNED)
    page = client.get(address("requirement_add", project)).content.decode()
    assert ("none can be added" in page, 'name="title"' in page) == (True, False)
    response = client.post(address("requirement_add", project), typed())
    assert (response.status_code, Requirement.objects.count()) == (200, 1)


def test_withdraw_asks_for_a_reason_and_restore_brings_back(client, project, manager):
    requirement = RequirementFactory(project=project)
    url = address("requirement_withdraw", project, 1)
    assert list(client.post(url, {"reason": " "}).context["form"].errors) == ["reason"]
    client.post(url, {"reason": "Out of budget"})
    requirement.refresh_from_db()
    assert (requirement.state, requirement.withdrawn_reason) == (RequirementState.WITHDRAWN, "Out of budget")
    client.post(address("requirement_restore", project, 1))
    requirement.refresh_from_db()
    assert requirement.state == RequirementState.DRAFT


def test_restore_asks_before_it_discards_the_frozen_baseline(client, project, manager):
    requirement = RequirementFactory(project=project, withdrawn=True)
    RequirementFactory(project=project)
    baseline = frozen_baseline(project)
    url = address("requirement_restore", project, 1)
    page = client.post(url)
    assert (page.status_code, page.context["question"].facts) == (200, {"baseline": "SRS-001"})
    assert client.post(url, {"discard": "1"}).url == requirement.get_absolute_url()
    baseline.refresh_from_db()
    assert baseline.state == BaselineState.DISCARDED


def test_delete_removes_a_requirement_that_was_never_frozen(client, project, manager):
    RequirementFactory(project=project)
    assert client.post(address("requirement_delete", project, 1)).url == address("requirement_list", project)
    assert not Requirement.objects.exists()


def test_delete_says_why_a_frozen_requirement_stays(client, project, manager):
    frozen_baseline(project)
    response = client.post(address("requirement_delete", project, 1), follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "R-001 is part of a baseline and cannot be deleted. Withdraw it instead."
    ]
