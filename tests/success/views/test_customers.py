import pytest
from django.urls import reverse

from projects.enums import Role
from success.enums import Band
from tests.projects.factories import ProjectFactory, member
from tests.success.factories import HealthReportFactory, MonitoredSystemFactory

pytestmark = pytest.mark.django_db
URL = "success:customer_list"


def csm_of(*projects):
    user = member(projects[0], Role.CSM)
    for project in projects[1:]:
        project.memberships.create(user=user, role=Role.CSM)
    return user


def test_customer_list_shows_the_worst_newest_health_first(client):
    good, poor, silent = (ProjectFactory() for _ in range(3))
    HealthReportFactory(system__project=good, month="2026-08", band=Band.GOOD)
    system = HealthReportFactory(system__project=poor, month="2026-08", band=Band.POOR).system
    HealthReportFactory(system=HealthReportFactory(system__project=good, month="2026-06", band=Band.POOR).system)
    HealthReportFactory(system__project=poor, band=Band.GOOD, published=True)
    MonitoredSystemFactory(project=silent)
    HealthReportFactory(band=Band.POOR)  # of a customer that is not theirs
    client.force_login(csm_of(good, poor, silent))

    rows = client.get(reverse(URL)).context["page"].rows

    found = {row.name: (row.worst_band, row.unpublished, row.live_systems) for row in rows}
    assert found[poor.customer.name] == (Band.POOR, 1, 2)
    assert found[good.customer.name] == (Band.GOOD, 3, 2)
    assert found[silent.customer.name] == (None, 0, 0)
    assert [row.name for row in rows] == [poor.customer.name, good.customer.name, silent.customer.name]
    assert system.project == poor


@pytest.mark.parametrize("count", [1, 60])
def test_customer_list_costs_the_same_with_one_row_and_many(client, count, django_assert_max_num_queries):
    projects = ProjectFactory.create_batch(count)
    for project in projects:
        HealthReportFactory(system__project=project)
    client.force_login(csm_of(*projects))
    with django_assert_max_num_queries(10):
        assert client.get(reverse(URL)).context["page"].total == count
