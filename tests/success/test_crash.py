"""Reports when the worker is killed: each is drafted once and printed once, whatever dies."""

from datetime import date

import pytest

from audit.domain import trail
from success import tasks
from success.domain import reports
from success.models import HealthReport
from tests.accounts.factories import UserFactory
from tests.crash import wait_until
from tests.success.factories import HealthReportFactory, MonitoredSystemFactory

pytestmark = pytest.mark.crash


@pytest.mark.parametrize(
    ("crash_at", "is_made"),
    [
        ("before success.domain.reports:draft_report", False),
        ("after success.domain.reports:_write_figures", False),  # in the transaction: rolled back as a whole
        ("after success.domain.reports:draft_report", True),
    ],
)
def test_killed_while_drafting_makes_one_report(crash_house, crash_at, is_made):
    MonitoredSystemFactory(live_from=date(2020, 1, 1))
    with crash_house.worker(crash_at) as worker:
        tasks.draft_due_reports.delay()
        worker.wait_for_death()
    assert HealthReport.objects.exists() == is_made

    with crash_house.worker():
        tasks.draft_due_reports.delay()
        wait_until(HealthReport.objects.exists)
        tasks.draft_due_reports.delay()
        tasks.draft_report.delay(MonitoredSystemFactory(live_from=date(2020, 1, 1)).pk)  # a later one is done after it
        wait_until(lambda: HealthReport.objects.count() == 2)

    assert HealthReport.objects.values("system", "month").distinct().count() == 2


@pytest.mark.parametrize(
    "crash_at",
    [
        "before success.domain.documents:print_pdf",
        "after success.domain.documents:print_pdf",
        "after success.domain.reports:print_report",
    ],
)
def test_killed_while_printing_keeps_one_pdf(crash_house, crash_at):
    report = HealthReportFactory(in_review=True)
    with crash_house.worker(crash_at) as worker:
        reports.publish_report(report.pk, by=UserFactory())
        worker.wait_for_death()

    with crash_house.worker():
        tasks.draft_due_reports.delay()
        wait_until(lambda: not reports.unprinted_reports())
        tasks.print_report.delay(report.pk)
        other = HealthReportFactory(published=True)
        tasks.print_report.delay(other.pk)
        wait_until(lambda: not reports.unprinted_reports())

    report.refresh_from_db()
    assert [entry.action for entry in trail.entries_for(report)] == ["publish", "print"]
    assert reports.pdf_of(report).startswith(b"%PDF")
