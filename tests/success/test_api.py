from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.enums import Audience, Role
from success.enums import ReportState
from success.models import Check, MaintenanceWindow
from tests.projects.factories import ProjectFactory, member
from tests.success.factories import HealthReportFactory, MonitoredSystemFactory, RecommendationFactory, add_checks
from tests.success.samples import DATA

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def project():
    return ProjectFactory(customer__time_zone="UTC")


@pytest.fixture
def url(project):
    return f"/api/v1/projects/{project.key}/"


def sign_in(client, project, role):
    user = member(project, role)
    client.force_login(user)
    return user


@pytest.mark.parametrize("kind", ["systems", "health-reports"])
@pytest.mark.parametrize("rows", [1, 100])
def test_list_costs_the_same_with_one_row_and_a_hundred(
    client, project, url, kind, rows, django_assert_max_num_queries
):
    HealthReportFactory.create_batch(rows, system__project=project)
    sign_in(client, project, Role.CSM)
    with django_assert_max_num_queries(10):
        answer = client.get(f"{url}{kind}/", {"page_size": 100}).json()
    assert len(answer["results"]) == rows


@pytest.mark.parametrize("path", ["systems/", "check-imports/", "health-reports/"])
def test_routes_are_hidden_from_strangers(client, url, path):
    sign_in(client, ProjectFactory(), Role.CSM)
    assert client.get(f"{url}{path}").status_code == 404


def test_month_gives_the_figures_of_the_command(client, project, url):
    system = MonitoredSystemFactory(project=project, audience=Audience.CUSTOMER)
    add_checks(system, datetime(2026, 8, 1, tzinfo=UTC), count=31 * 48 + 1, down=[5])
    sign_in(client, project, Role.SPONSOR)
    answer = client.get(f"{url}systems/{system.number}/months/2026-08/").json()
    assert (answer["availability_percent"], answer["outage_s"], answer["n"]) == (99.9327, 1800, 1487)


def test_system_is_edited_by_those_who_may(client, project, url):
    system = MonitoredSystemFactory(project=project)
    sign_in(client, project, Role.ENGINEER)
    change = {"live_from": "2026-07-01", "target_percent": "99.5"}
    assert client.patch(f"{url}systems/{system.number}/", change, content_type=JSON).status_code == 403
    sign_in(client, project, Role.CSM)
    assert client.patch(f"{url}systems/{system.number}/", change, content_type=JSON).status_code == 200
    system.refresh_from_db()
    assert str(system.live_from) == "2026-07-01"
    refused = client.patch(f"{url}systems/{system.number}/", {"target_percent": "101"}, content_type=JSON)
    assert refused.status_code == 400


def test_maintenance_is_planned_and_listed(client, project, url):
    system = MonitoredSystemFactory(project=project)
    sign_in(client, project, Role.PROJECT_MANAGER)
    start = datetime(2026, 8, 16, 1, tzinfo=UTC)
    window = {"reason": "Upgrade", "starts_at": start, "ends_at": start + timedelta(hours=2), "agreed_with": "Chen Min"}
    path = f"{url}systems/{system.number}/maintenance/"
    made = client.post(path, window | {"announced_at": start - timedelta(days=3)}, content_type=JSON)
    assert (made.status_code, made.json()["counts"]) == (201, True)
    wrong = client.post(path, window | {"announced_at": start, "ends_at": start}, content_type=JSON)
    assert (wrong.status_code, list(wrong.json())) == (400, ["ends_at"])
    assert [row["reason"] for row in client.get(path).json()] == ["Upgrade"]
    assert MaintenanceWindow.objects.count() == 1


def test_check_import_takes_a_file_once(client, project, url):
    sign_in(client, project, Role.PROJECT_MANAGER)

    def send(content):
        return client.post(f"{url}check-imports/", {"file": SimpleUploadedFile("checks.csv", content)})

    first, again = send((DATA / "checks.csv").read_bytes()), send((DATA / "checks.csv").read_bytes())
    assert (first.status_code, first.json()["rows_new"], first.json()["repeated"]) == (201, 332, False)
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    refused = send(b"a,b\n")
    assert refused.status_code == 400
    assert refused.json()["file"][0].startswith("Row 1")
    assert Check.objects.count() == 332


def test_report_goes_its_way(client, project, url):
    system = MonitoredSystemFactory(project=project, live=True)
    sign_in(client, project, Role.CSM)
    made = client.post(f"{url}health-reports/", {"system": system.number, "month": "2026-08"}, content_type=JSON)
    assert (made.status_code, made.json()["band"], made.json()["figures"]["n"]) == (201, "none", 0)
    report = f"{url}health-reports/{made.json()['id']}/"
    assert client.post(f"{report}publish/").status_code == 409
    for step, state in (("figures", "draft"), ("submit", "in_review"), ("send-back", "draft"), ("submit", "in_review")):
        assert client.post(f"{report}{step}/").json()["state"] == state
    assert client.post(f"{report}publish/").json()["state"] == ReportState.PUBLISHED
    assert client.post(f"{report}acknowledge/").status_code == 403
    sign_in(client, project, Role.REPRESENTATIVE)
    assert client.post(f"{report}acknowledge/").json()["acknowledged_at"]
    assert client.post(f"{report}acknowledge/").status_code == 409
    assert client.get(f"{report}pdf/").content.startswith(b"%PDF")


def test_report_of_a_month_that_is_not_over_is_refused_in_words(client, project, url):
    system = MonitoredSystemFactory(project=project, live=True)
    sign_in(client, project, Role.CSM)
    answer = client.post(f"{url}health-reports/", {"system": system.number, "month": "2098-08"}, content_type=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (409, "2098-08 is not over yet.")


def test_words_of_a_report_are_edited_and_its_figures_are_not(client, project, url):
    line = RecommendationFactory(report__system__project=project)
    sign_in(client, project, Role.CSM)
    path = f"{url}health-reports/{line.report.pk}/"
    before = client.get(path).json()
    change = {
        "summary": "All well.",
        "figures": {"n": 0},
        "recommendations": [
            {
                "id": line.pk, "text": "Move it.", "decided_by": "customer", "decide_on": "2026-09-15",
                "is_left_out": False, "figures": {},
            }
        ],
    }  # fmt: skip
    after = client.patch(path, change, content_type=JSON).json()
    assert (after["summary"], after["recommendations"][0]["text"]) == ("All well.", "Move it.")
    assert after["figures"] == before["figures"]
    assert after["recommendations"][0]["figures"] == before["recommendations"][0]["figures"]


def test_draft_report_does_not_exist_for_the_customer(client, project, url):
    report = HealthReportFactory(system__project=project)
    sign_in(client, project, Role.SPONSOR)
    assert client.get(f"{url}health-reports/{report.pk}/").status_code == 404
    assert client.get(f"{url}health-reports/").json()["count"] == 0


def test_a_system_is_added_and_keeps_its_name(client, project):
    client.force_login(member(project, Role.CSM))
    url = f"/api/v1/projects/{project.key}/systems/"
    added = client.post(url, {"name": "tills"}, content_type=JSON)
    assert (added.status_code, added.json()["name"]) == (201, "tills")
    assert client.post(url, {"name": "tills"}, content_type=JSON).status_code == 409
    number = added.json()["number"]
    change = {"name": "other", "target_percent": "99.5"}
    assert client.patch(f"{url}{number}/", change, content_type=JSON).json()["name"] == "tills"
