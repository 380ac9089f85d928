import pytest
from django.urls import reverse

from projects.enums import Role
from quality.models import CaseProposal, TestCase
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import ProposalFactory

pytestmark = pytest.mark.django_db
ROWS = {
    "steps-TOTAL_FORMS": "1",
    "steps-INITIAL_FORMS": "0",
    "steps-0-action": "Scan",
    "steps-0-expected": "It is shown",
}
TYPED = {"title": "Give back goods", "process": "Sales", "why": "Daily", "preconditions": ""}


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def key_user(client, project):
    person = member(project, Role.KEY_USER)
    client.force_login(person)
    return person


@pytest.fixture
def tester(client, project):
    person = member(project, Role.TESTER)
    client.force_login(person)
    return person


def url(name, project, *args):
    return reverse(f"quality:{name}", args=[project.key, *args])


def test_a_key_user_proposes_a_case(client, project, key_user):
    response = client.post(url("proposal_create", project), TYPED | ROWS)
    proposal = CaseProposal.objects.get()
    assert response.url == proposal.get_absolute_url()
    assert (proposal.proposed_by, proposal.steps[0]["action"]) == (key_user, "Scan")
    assert "Give back goods" in client.get(url("proposal_list", project)).content.decode()


def test_a_proposal_without_a_step_is_asked_for_one(client, project, key_user):
    page = client.post(url("proposal_create", project), TYPED | ROWS | {"steps-0-action": "", "steps-0-expected": ""})
    assert "Say at least one thing that you do" in page.content.decode()
    assert not CaseProposal.objects.exists()


def test_add_step_gives_one_more_row_and_saves_nothing(client, project, key_user):
    data = TYPED | ROWS | {"add_step": "1"}
    page = client.post(url("proposal_create", project), data, headers={"HX-Request": "true"}).content.decode()
    assert 'name="steps-1-action"' in page
    assert "<html" not in page
    assert not CaseProposal.objects.exists()


def test_a_tester_completes_it(client, project, tester):
    proposal = ProposalFactory(project=project)
    page = client.get(url("proposal_complete", project, proposal.number)).content.decode()
    assert "Scan the receipt" in page
    values = {"title": "Give back goods", "kind": "uat", "scenario": "normal", "priority": "2", "audience": "customer"}
    response = client.post(url("proposal_complete", project, proposal.number), values | ROWS)
    case = TestCase.objects.get()
    assert response.url == case.get_absolute_url()
    assert str(case) in client.get(proposal.get_absolute_url()).content.decode()


def test_a_tester_declines_it_and_the_proposer_reads_why(client, project, tester):
    proposal = ProposalFactory(project=project)
    client.post(url("proposal_decline", project, proposal.number), {"reason": "TC-004 does it"})
    client.force_login(member(project, Role.KEY_USER))
    assert "TC-004 does it" in client.get(proposal.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 100])
def test_proposal_list_queries(client, project, key_user, count, django_assert_max_num_queries):
    ProposalFactory.create_batch(count, project=project)
    with django_assert_max_num_queries(10):
        assert client.get(url("proposal_list", project)).status_code == 200


def test_proposal_detail_queries(client, project, tester, django_assert_max_num_queries):
    proposal = ProposalFactory(project=project)
    with django_assert_max_num_queries(12):
        assert client.get(proposal.get_absolute_url()).status_code == 200
