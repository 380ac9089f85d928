from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.enums import Audience, Role
from projects.models import Membership
from quality.enums import Severity
from tests.accounts.factories import UserFactory
from tests.delivery.factories import TaskFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import DefectFactory, ExecutionFactory, RunFactory
from tests.requirements.factories import RequirementFactory
from tests.signing.factories import make_project, send

pytestmark = pytest.mark.django_db


def day_of(user):
    """The day it is where this person is: a page's today, at some hours not the one in UTC."""
    return timezone.localdate(timezone=ZoneInfo(user.time_zone))


def fill(project, rows):
    phase = PhaseFactory(project=project)
    TaskFactory.create_batch(rows, project=project, phase=phase, milestone=True)
    RequirementFactory.create_batch(rows, project=project)
    DefectFactory.create_batch(rows, project=project)
    ExecutionFactory.create_batch(rows, run=RunFactory(project=project, running=True))


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.SPONSOR])
def test_project_overview_costs_at_most_twelve_queries(client, django_assert_max_num_queries, role, rows):
    project = ProjectFactory()
    fill(project, rows)
    client.force_login(member(project, role))
    with django_assert_max_num_queries(12):
        assert client.get(project.get_absolute_url()).status_code == 200


def test_project_overview_counts_what_the_person_sees(client):
    project = ProjectFactory()
    TaskFactory(project=project, progress_percent=100)
    TaskFactory(project=project, shared=True)
    for role, expected in ((Role.ENGINEER, (2, 1)), (Role.SPONSOR, (1, 0)), (Role.AUDITOR, (0, 0))):
        client.force_login(member(project, role))
        overview = client.get(project.get_absolute_url()).context["overview"]
        assert (overview.tasks, overview.tasks_done) == expected


def test_project_overview_lists_documents_that_wait(client):
    project, manager, sponsor = make_project()
    request = send(project, manager, sponsor)
    client.force_login(sponsor)
    assert list(client.get(project.get_absolute_url()).context["unsigned"]) == [request]


@pytest.mark.parametrize("rows", [1, 60])
def test_portfolio_costs_the_same_with_one_project_and_with_many(client, django_assert_max_num_queries, rows):
    user = UserFactory()
    for project in ProjectFactory.create_batch(rows):
        Membership.objects.create(project=project, user=user, role=Role.EXECUTIVE)
    client.force_login(user)
    with django_assert_max_num_queries(10):
        page = client.get(reverse("cockpit:portfolio")).context["page"]
    assert page.total == rows


def test_portfolio_judges_each_project_by_its_own_rows(client):
    user, late, fine = UserFactory(administrator=True), ProjectFactory(key="A"), ProjectFactory(key="B")
    today = day_of(user)
    TaskFactory.create_batch(2, project=late, starts_on=date(2026, 1, 5), ends_on=today - timedelta(days=1))
    DefectFactory(project=late, severity=Severity.CRITICAL)
    TaskFactory(project=fine, ends_on=today)
    client.force_login(user)
    rows = client.get(reverse("cockpit:portfolio")).context["page"].rows
    assert [(row.status.family, row.overdue_tasks, row.open_criticals) for row in rows] == [
        ("risk", 2, 1),
        ("good", 0, 0),
    ]


def test_portfolio_shows_a_customer_their_own_projects_only(client):
    project = ProjectFactory()
    ProjectFactory()
    client.force_login(member(project, Role.KEY_USER))
    assert client.get(reverse("cockpit:portfolio")).context["page"].rows == [project]


@pytest.mark.parametrize("rows", [1, 30])
def test_my_work_costs_the_same_with_much_and_with_little(client, django_assert_max_num_queries, rows):
    project = ProjectFactory()
    user = member(project, Role.PROJECT_MANAGER, Role.CSM)
    today = day_of(user)
    TaskFactory.create_batch(rows, project=project, owner=user, starts_on=today, ends_on=today)
    client.force_login(user)
    with django_assert_max_num_queries(12):
        assert len(client.get("/").context["waiting"]) == rows


def test_my_work_gives_a_customer_the_next_step(client):
    project = ProjectFactory()
    user = member(project, Role.KEY_USER)
    today = day_of(user)
    TaskFactory(project=project, owner=user, audience=Audience.CUSTOMER, starts_on=today, ends_on=today)
    client.force_login(user)
    response = client.get("/")
    assert response.templates[0].name == "cockpit/next_step.html"
    assert response.context["waiting"][0]["item"].due == today
