import pytest
from django.urls import reverse

from projects.enums import Role
from quality.models import Acceptance
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import MOMENT, CaseFactory, CriteriaSetFactory, DefectFactory, ExecutionFactory, RunFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    person = member(project, Role.PROJECT_MANAGER)
    client.force_login(person)
    return person


def read(client, requirement):
    url = reverse("quality:requirement_thread", args=[requirement.project.key, requirement.number])
    return client.get(url).content.decode()


def accepted(criteria_set, by):
    return Acceptance.objects.create(
        project=criteria_set.project,
        phase=criteria_set.phase,
        criteria_set=criteria_set,
        requested_by=by,
        requested_at=MOMENT,
        audience="customer",
    )


def test_requirement_thread_leads_from_defects_to_what_was_accepted(client, project, manager):
    requirement = RequirementFactory(project=project)
    case = CaseFactory(project=project, requirements=[requirement])
    phase = PhaseFactory(project=project)
    ExecutionFactory(case=case, run=RunFactory(project=project, phase=phase))
    defect = DefectFactory(project=project, case=case, state="closed")
    of_run, of_project = CriteriaSetFactory(project=project, phase=phase), CriteriaSetFactory(project=project)
    other = CriteriaSetFactory(project=project, phase=PhaseFactory(project=project))
    accepted(of_run, manager)
    content = read(client, requirement)
    for thing in (defect, of_run, of_project):
        assert f'href="{thing.get_absolute_url()}"' in content
    assert f'href="{other.get_absolute_url()}"' not in content
    assert content.count("Acceptance of") == 1


def test_requirement_thread_shows_a_customer_what_is_shared(client, project):
    client.force_login(member(project, Role.SPONSOR))
    requirement = RequirementFactory(project=project, audience="customer")
    case = CaseFactory(project=project, requirements=[requirement])
    hidden, open_to_all = (
        DefectFactory(project=project, case=case),
        DefectFactory(project=project, case=case, shared=True),
    )
    CriteriaSetFactory(project=project)
    content = read(client, requirement)
    assert (hidden.title in content, open_to_all.title in content, "Criteria of" in content) == (False, True, False)


def test_requirement_thread_of_nothing_says_so(client, project, manager):
    assert "No defect, no criterion" in read(client, RequirementFactory(project=project))


@pytest.mark.parametrize("count", [1, 50])
def test_requirement_thread_queries(client, project, manager, count, django_assert_max_num_queries):
    requirement = RequirementFactory(project=project)
    for _ in range(count):
        phase = PhaseFactory(project=project)
        case = CaseFactory(project=project, requirements=[requirement])
        ExecutionFactory(case=case, run=RunFactory(project=project, phase=phase))
        DefectFactory(project=project, case=case)
        accepted(CriteriaSetFactory(project=project, phase=phase), manager)
    with django_assert_max_num_queries(10):
        assert "Acceptance of" in read(client, requirement)
