import pytest
from django.urls import reverse

from projects.enums import Audience, Role
from requirements.domain import requirements
from requirements.enums import BaselineState
from requirements.models import Baseline, Requirement
from tests.projects.factories import ProjectFactory, member
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


def words(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("count", [1, 100])
def test_list_and_detail_take_few_queries(client, project, manager, count, django_assert_max_num_queries):
    frozen_baseline(project, requirements=count, state=BaselineState.REOPENED)
    baseline = frozen_baseline(project)
    with django_assert_max_num_queries(10):
        client.get(address("baseline_list", project))
    with django_assert_max_num_queries(12):
        assert client.get(baseline.get_absolute_url()).status_code == 200


def test_freeze_page_lists_what_is_missing(client, project, manager):
    RequirementFactory(project=project, acceptance="")
    readiness = client.get(address("baseline_freeze", project)).context["readiness"]
    assert [str(gap) for gap in readiness.gaps] == ["R-001 (no acceptance text)"]


def test_freeze_asks_before_it_shares_with_the_customer(client, project, manager):
    RequirementFactory(project=project, audience=Audience.TEAM, objectives=[ObjectiveFactory(project=project)])
    url = address("baseline_freeze", project)
    assert words(client.post(url)) == [
        "R-001 are seen by the team only. Freezing shares them with the customer: confirm that first."
    ]
    assert client.post(url, {"share": "on"}).url == Baseline.objects.get().get_absolute_url()
    assert Requirement.objects.get().audience == Audience.CUSTOMER


def test_reopen_asks_for_a_reason(client, project, manager):
    baseline = frozen_baseline(project, state=BaselineState.SIGNED)
    url = address("baseline_reopen", project, 1)
    assert list(client.post(url, {"reason": ""}).context["form"].errors) == ["reason"]
    assert client.post(url, {"reason": "New plant"}).url == baseline.get_absolute_url()
    baseline.refresh_from_db()
    assert (baseline.state, baseline.reopened_by) == (BaselineState.REOPENED, manager)


def test_reopen_says_so_when_someone_else_was_quicker(client, project, manager):
    frozen_baseline(project, state=BaselineState.REOPENED)
    response = client.post(address("baseline_reopen", project, 1), {"reason": "New plant"})
    assert response.context["form"].non_field_errors() == [
        "SRS-001 is “Reopened”: this step is not possible from there."
    ]


def test_discard_gives_the_requirements_back(client, project, manager):
    frozen_baseline(project)
    client.post(address("baseline_discard", project, 1), {"reason": "A requirement was forgotten"})
    assert Baseline.objects.get().discarded_reason == "A requirement was forgotten"
    assert Requirement.objects.get().state == "draft"


def test_difference_shows_what_changed_between_two_baselines(client, project, manager):
    frozen_baseline(project, state=BaselineState.REOPENED)
    requirement = Requirement.objects.get()
    requirement.statement = "The system matches each invoice with its order only."
    requirements.edit_requirement(requirement, list(requirement.objectives.all()), by=manager)
    frozen_baseline(project)
    page = client.get(f"{address('baseline_difference', project, 2)}?other=1").content.decode()
    assert "From SRS-001 to SRS-002" in page
    assert "its order <del>and receipt</del><ins>only</ins>." in page


def test_difference_with_nothing_chosen_asks_for_the_other_one(client, project, manager):
    frozen_baseline(project)
    assert client.get(address("baseline_difference", project, 1)).context["difference"] is None


def test_send_asks_both_sides_to_sign(client, project, manager):
    frozen_baseline(project)
    sponsor = member(project, Role.SPONSOR)
    form = client.get(address("baseline_send", project, 1)).context["form"]
    proposed = {bound.html_name: bound.value() for bound, *_ in form.signer_rows()}
    assert proposed == {f"signer_vendor_{manager.pk}": "1", f"signer_customer_{sponsor.pk}": "2"}
    response = client.post(
        address("baseline_send", project, 1), proposed | {"remind_after_days": 2, "expires_in_days": 14}
    )
    baseline = Baseline.objects.get()
    assert (response.url, baseline.state) == (baseline.get_absolute_url(), BaselineState.SENT)
    client.force_login(sponsor)
    page = client.get(baseline.get_absolute_url())
    assert page.context["request_sent"].label == f"{project.key}-SRS-001 v1"


def test_send_without_a_sponsor_says_who_may_sign(client, project, manager):
    frozen_baseline(project)
    response = client.post(address("baseline_send", project, 1), {f"signer_vendor_{manager.pk}": "1"})
    assert response.context["form"].non_field_errors() == ["Choose at least one person of each side to sign."]


def test_send_refuses_what_is_not_frozen(client, project, manager):
    frozen_baseline(project, state=BaselineState.SIGNED)
    response = client.get(address("baseline_send", project, 1), follow=True)
    assert words(response) == ["SRS-001 is “Signed”: this step is not possible from there."]


def test_audit_shows_the_baseline_to_auditors_until_it_is_taken_back(client, project, manager):
    baseline = frozen_baseline(project)
    auditor = member(project, Role.AUDITOR)
    seen = []
    for data in ({"share": "1"}, {}):
        client.force_login(manager)
        client.post(address("baseline_audit", project, 1), data)
        client.force_login(auditor)
        seen.append(client.get(baseline.get_absolute_url()).status_code)
    assert seen == [200, 404]
