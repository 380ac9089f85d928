from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.domain import trail
from projects.enums import Audience, Role
from success.domain.imports import import_checks
from success.models import HealthReport, MaintenanceWindow
from tests.projects.factories import ProjectFactory, member
from tests.success.factories import HealthReportFactory, MaintenanceWindowFactory, MonitoredSystemFactory, add_checks

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def csm(client, project):
    user = member(project, Role.CSM)
    client.force_login(user)
    return user


@pytest.mark.parametrize("rows", [1, 100])
def test_system_list_costs_the_same_with_one_row_and_a_hundred(
    client, project, csm, rows, django_assert_max_num_queries
):
    for system in MonitoredSystemFactory.create_batch(rows, project=project):
        HealthReportFactory(system=system)
        add_checks(system, datetime(2026, 8, 1, tzinfo=UTC), count=2)
    with django_assert_max_num_queries(10):
        page = client.get(reverse("success:system_list", args=[project.key])).context["page"]
    assert page.total == rows


def test_system_list_shows_the_worst_health_first(client, project, csm):
    good = HealthReportFactory(system__project=project, band=2).system
    poor = HealthReportFactory(system__project=project, band=0).system
    page = client.get(reverse("success:system_list", args=[project.key])).context["page"]
    assert list(page.rows) == [poor, good]


def test_system_list_answers_htmx_with_the_table_alone(client, project, csm):
    answer = client.get(reverse("success:system_list", args=[project.key]), headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div id="systems">')


def test_system_list_shows_a_customer_only_what_is_shared(client, project):
    shared = MonitoredSystemFactory(project=project, audience=Audience.CUSTOMER)
    MonitoredSystemFactory(project=project)
    HealthReportFactory(system=shared)  # a draft, which is not theirs to see
    client.force_login(member(project, Role.SPONSOR))
    (row,) = client.get(reverse("success:system_list", args=[project.key])).context["page"].rows
    assert (row, row.last_month) == (shared, None)


@pytest.mark.parametrize("count", [0, 100])
def test_system_detail_costs_the_same_however_much_there_is(client, project, csm, count, django_assert_max_num_queries):
    system = MonitoredSystemFactory(project=project, live=True)
    add_checks(system, timezone.now() - timedelta(days=80), every=timedelta(hours=12), count=count, down=range(3, 6))
    for number in range(count // 10):
        MaintenanceWindowFactory(system=system)
        HealthReportFactory(system=system, month=f"2025-{number + 1:02}")
    with django_assert_max_num_queries(12):
        answer = client.get(system.get_absolute_url())
    assert answer.status_code == 200


def test_system_detail_shows_the_figures_of_the_month_asked_for(client, project, csm):
    system = MonitoredSystemFactory(project=project, live=True)
    add_checks(system, datetime(2026, 7, 31, 16, tzinfo=UTC), count=31 * 48 + 1, down=[100, 101])
    context = client.get(system.get_absolute_url(), {"month": "2026-08"}).context
    assert dict(context["formula"])["Availability, A = 1 − D / (T − M − U)"] == "99.8655 %"
    assert context["can_draft"]
    assert client.get(system.get_absolute_url(), {"month": "August"}).status_code == 404


NEW = {"name": "Store tills", "target_percent": "99.5", "coverage_floor_percent": "90", "audience": "customer"}


def test_system_create_names_and_numbers_a_system_on_record(client, project, csm):
    MonitoredSystemFactory(project=project)
    answer = client.post(reverse("success:system_create", args=[project.key]), NEW)
    system = project.systems.get(name="Store tills")
    assert (answer.status_code, answer.url) == (302, system.get_absolute_url())
    assert (system.number, system.audience) == (2, "customer")
    (entry,) = trail.entries_for(system)
    assert (entry.action, entry.actor) == ("create", csm)


def test_system_create_refuses_a_name_that_the_project_has(client, project, csm):
    MonitoredSystemFactory(project=project, name="Store tills")
    answer = client.post(reverse("success:system_create", args=[project.key]), NEW)
    assert answer.context["form"].errors == {"name": ["The project has a system “Store tills” already."]}
    assert project.systems.count() == 1


def test_checks_of_a_system_added_by_hand_join_it(client, project, csm):
    client.post(reverse("success:system_create", args=[project.key]), NEW)
    data = b"service,checked_at,status,http_code,response_ms\nStore tills,2026-08-01T00:00:00Z,up,200,120\n"
    imported = import_checks(project, data, file_name="checks.csv", by=csm)
    assert (imported.record.rows_new, imported.record.systems_made) == (1, 0)


def test_system_edit_sets_go_live_and_targets_on_record(client, project, csm):
    system = MonitoredSystemFactory(project=project)
    data = {
        "live_from": "2026-07-01", "target_percent": "99.5", "target_p95_ms": "800",
        "coverage_floor_percent": "90", "audience": "customer",
    }  # fmt: skip
    answer = client.post(reverse("success:system_edit", args=[project.key, system.number]), data)
    assert answer.status_code == 302
    system.refresh_from_db()
    assert (system.live_from, system.target_p95_ms, system.audience) == (date(2026, 7, 1), 800, "customer")
    (entry,) = trail.entries_for(system)
    assert entry.changes["target_percent"] == ["99.900", "99.5"]


def test_system_edit_refuses_a_target_above_a_hundred(client, project, csm):
    system = MonitoredSystemFactory(project=project)
    data = {"target_percent": "100.1", "coverage_floor_percent": "90", "audience": "team"}
    answer = client.post(reverse("success:system_edit", args=[project.key, system.number]), data)
    assert answer.status_code == 200
    assert "target_percent" in answer.context["form"].errors


def test_maintenance_create_reads_times_in_the_zone_of_the_contract(client, project, csm):
    system = MonitoredSystemFactory(project=project)
    data = {
        "reason": "Database upgrade", "starts_at": "2026-08-16T01:00", "ends_at": "2026-08-16T03:00",
        "announced_at": "2026-08-10T09:00", "agreed_with": "Chen Min",
    }  # fmt: skip
    client.post(reverse("success:maintenance_create", args=[project.key, system.number]), data)
    window = MaintenanceWindow.objects.get()
    assert window.starts_at == datetime(2026, 8, 15, 17, tzinfo=UTC)
    assert (window.counts, window.created_by) == (True, csm)


def test_maintenance_create_refuses_an_end_before_the_start(client, project, csm):
    system = MonitoredSystemFactory(project=project)
    data = {
        "reason": "x", "starts_at": "2026-08-16T03:00", "ends_at": "2026-08-16T01:00",
        "announced_at": "2026-08-10T09:00",
    }  # fmt: skip
    answer = client.post(reverse("success:maintenance_create", args=[project.key, system.number]), data)
    assert answer.status_code == 200
    assert not MaintenanceWindow.objects.exists()


def test_maintenance_delete_keeps_what_it_held_in_the_trail(client, project, csm):
    window = MaintenanceWindowFactory(system__project=project)
    pk = window.pk
    client.post(reverse("success:maintenance_delete", args=[project.key, window.system.number, pk]))
    assert not MaintenanceWindow.objects.exists()
    window.pk = pk
    assert trail.entries_for(window).get().facts["held"]["reason"] == "Database upgrade"


def test_maintenance_of_another_system_is_not_deleted(client, project, csm):
    window = MaintenanceWindowFactory()
    system = MonitoredSystemFactory(project=project)
    answer = client.post(reverse("success:maintenance_delete", args=[project.key, system.number, window.pk]))
    assert (answer.status_code, MaintenanceWindow.objects.count()) == (404, 1)


def test_report_draft_makes_the_report_of_a_closed_month(client, project, csm):
    system = MonitoredSystemFactory(project=project, live=True)
    client.post(reverse("success:report_draft", args=[project.key, system.number, "2026-08"]))
    assert HealthReport.objects.get().month == "2026-08"


def test_report_draft_says_why_there_is_none(client, project, csm):
    system = MonitoredSystemFactory(project=project, live=True)
    answer = client.post(reverse("success:report_draft", args=[project.key, system.number, "2099-01"]), follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["2099-01 is not over yet."]
    assert not HealthReport.objects.exists()
