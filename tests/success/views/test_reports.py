from datetime import date

import pytest
from django.urls import reverse

from projects.enums import Role
from success.enums import ReportState
from success.models import HealthReport
from tests.projects.factories import ProjectFactory, member
from tests.success.factories import HealthReportFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
FIGURES = {  # what all rules together may print
    "availability_percent": "99.79", "target_percent": "99.9", "outage_s": 5400, "budget_s": 2678.4, "longest_s": 3600,
    "longest_start": "2026-08-03T02:00:00+00:00", "from_hour": 2, "to_hour": 4, "times": 3, "outages": 4,
    "p95_ms": 640, "before_ms": 500, "target_ms": 600, "p50_ms": 200, "p99_ms": 900, "n": 2000,
    "coverage_percent": "80.00", "floor_percent": "95", "unknown_s": 500000,
}  # fmt: skip


@pytest.fixture
def project():
    return ProjectFactory()


def sign_in(client, project, role, **fields):
    user = member(project, role, **fields)
    client.force_login(user)
    return user


def url(name, report):
    return reverse(f"success:report_{name}", args=[report.project.key, report.system.number, report.month])


@pytest.mark.parametrize("rows", [1, 100])
@pytest.mark.parametrize("scope", ["project", "house"])
def test_report_list_costs_the_same_with_one_row_and_a_hundred(
    client, project, scope, rows, django_assert_max_num_queries
):
    HealthReportFactory.create_batch(rows, system__project=project)
    sign_in(client, project, Role.CSM)
    name, args = ("project_report_list", [project.key]) if scope == "project" else ("report_list", [])
    with django_assert_max_num_queries(10):
        page = client.get(reverse(f"success:{name}", args=args)).context["page"]
    assert page.total == rows


@pytest.mark.parametrize("lines", [1, 7])
def test_report_detail_costs_the_same_however_much_is_advised(client, project, lines, django_assert_max_num_queries):
    report = HealthReportFactory(system__project=project, acknowledged=True)
    rules = ["target_missed", "budget_spent", "same_hours", "slower", "above_target", "long_tail", "blind_spots"]
    for position, rule in enumerate(rules[:lines]):
        RecommendationFactory(report=report, position=position, rule=rule, figures=FIGURES)
    sign_in(client, project, Role.CSM)
    with django_assert_max_num_queries(12):
        assert client.get(report.get_absolute_url()).status_code == 200


def test_report_list_shows_a_customer_the_published_ones_only(client, project):
    published = HealthReportFactory(system__project=project, published=True)
    HealthReportFactory(system__project=project)
    HealthReportFactory(published=True)
    sign_in(client, project, Role.SPONSOR)
    assert list(client.get(reverse("success:report_list")).context["page"].rows) == [published]


def test_report_list_is_filtered_by_state(client, project):
    HealthReportFactory(system__project=project, published=True)
    draft = HealthReportFactory(system__project=project)
    sign_in(client, project, Role.CSM)
    page = client.get(reverse("success:report_list"), {"state": "draft"}).context["page"]
    assert (list(page.rows), [chip.value for chip in page.chips]) == ([draft], ["Draft"])


def test_draft_does_not_exist_for_the_customer(client, project):
    report = HealthReportFactory(system__project=project)
    sign_in(client, project, Role.SPONSOR)
    assert client.get(report.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_report_is_shown_in_its_own_language_whatever_the_readers_is(client, project, language):
    report = HealthReportFactory(system__project=project, language=language)
    sign_in(client, project, Role.CSM, language="en")
    content = client.get(report.get_absolute_url()).content.decode()
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in content.split('class="lf-health"')[1][:40]


def test_way_of_a_report_from_draft_to_acknowledged(client, project):
    report = HealthReportFactory(system__project=project)
    sign_in(client, project, Role.CSM)
    for step in ("submit", "send_back", "submit", "publish"):
        assert client.post(url(step, report)).status_code == 302
    sponsor = sign_in(client, project, Role.SPONSOR)
    assert client.get(report.get_absolute_url()).context["can_acknowledge"]
    client.post(url("acknowledge", report))
    report.refresh_from_db()
    assert (report.state, report.acknowledged_by) == (ReportState.PUBLISHED, sponsor)
    again = client.post(url("acknowledge", report), follow=True)
    assert [str(message) for message in again.context["messages"]] == [
        f"{sponsor.name} has acknowledged this report already."
    ]


@pytest.mark.parametrize("step", ["submit", "publish", "acknowledge"])
def test_report_does_not_move_on_get(client, project, step):
    traits = {"submit": {}, "publish": {"in_review": True}, "acknowledge": {"published": True}}[step]
    report = HealthReportFactory(system__project=project, **traits)
    sign_in(client, project, Role.SPONSOR if step == "acknowledge" else Role.CSM)
    assert client.get(url(step, report)).status_code == 405


def words(line, **changes):
    data = {
        "summary": "All well.", "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": line.pk,
        "form-0-text": "Move the backup.", "form-0-decided_by": "customer", "form-0-decide_on": "2026-09-15",
    }  # fmt: skip
    return data | changes


def test_report_edit_saves_the_words(client, project):
    line = RecommendationFactory(report__system__project=project)
    sign_in(client, project, Role.CSM)
    assert client.post(url("edit", line.report), words(line)).status_code == 302
    line.refresh_from_db()
    assert (line.report.summary, line.text, line.decided_by) == ("All well.", "Move the backup.", "customer")
    assert (line.decide_on, line.is_left_out) == (date(2026, 9, 15), False)


def test_report_edit_cannot_reach_figures(client, project):
    line = RecommendationFactory(report__system__project=project)
    sign_in(client, project, Role.CSM)
    client.post(url("edit", line.report), words(line, figures="{}", band="2", **{"form-0-figures": "{}"}))
    assert HealthReport.objects.get().figures == line.report.figures
    line.refresh_from_db()
    assert line.figures == {"p50_ms": 200, "p99_ms": 900, "n": 2000}


def test_report_edit_shows_what_is_missing(client, project):
    line = RecommendationFactory(report__system__project=project)
    sign_in(client, project, Role.CSM)
    answer = client.post(url("edit", line.report), words(line, summary=""))
    assert answer.status_code == 200
    assert "summary" in answer.context["form"].errors


def test_report_edit_of_a_published_report_says_so(client, project):
    line = RecommendationFactory(report=HealthReportFactory(system__project=project, published=True))
    sign_in(client, project, Role.CSM)
    answer = client.post(url("edit", line.report), words(line), follow=True)
    (said,) = answer.context["messages"]
    assert "can no longer be done" in str(said)


def test_report_leaves_out_a_recommendation_that_was_left_out(client, project):
    line = RecommendationFactory(report__system__project=project, is_left_out=True)
    sign_in(client, project, Role.CSM)
    assert client.get(line.report.get_absolute_url()).context["document"].advice == ()


def test_report_pdf_is_an_attachment_named_after_the_document(client, project):
    report = HealthReportFactory(system__project=project, published=True)
    sign_in(client, project, Role.SPONSOR)
    answer = client.get(url("pdf", report))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{report.document_number}.pdf"'
    assert answer.content.startswith(b"%PDF")
