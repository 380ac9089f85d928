"""Work of the clock and of the worker. The domain is imported inside: it enqueues these tasks itself."""

from celery import shared_task
from django.utils import timezone

from common.tasks import enqueue


@shared_task(name="success.draft_due_reports")
def draft_due_reports() -> None:
    """Every hour: draft what has become due since, and print what a worker left unprinted."""
    from success.domain import reports

    for system_id in reports.due_systems(timezone.now()):
        enqueue(draft_report, system_id)
    for report_id in reports.unprinted_reports():
        enqueue(print_report, report_id)


@shared_task(name="success.draft_report", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def draft_report(system_id: int) -> None:
    from success.domain import reports

    reports.draft_last_month(system_id, now=timezone.now())


@shared_task(name="success.print_report", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def print_report(report_id: int) -> None:
    from success.domain import reports

    reports.print_report(report_id)
