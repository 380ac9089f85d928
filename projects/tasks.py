from celery import shared_task
from django.utils import timezone


@shared_task(name="projects.make_pictures", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def make_pictures(attachment_id: int) -> None:
    from projects.domain import pictures  # leaf: the domain enqueues it

    pictures.make_pictures(attachment_id)


@shared_task(name="projects.scan", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def scan(attachment_id: int) -> None:
    from projects.domain import scanning

    scanning.scan(attachment_id)


@shared_task(name="projects.make_export", soft_time_limit=3600, time_limit=3660)
def make_export(export_id: int) -> None:
    from projects.domain import exports

    exports.make_export(export_id)


@shared_task(name="projects.remove_due")
def remove_due(project_id: int) -> None:
    from projects.domain import retention

    retention.remove_due(project_id, now=timezone.now())


@shared_task(name="projects.sweep")
def sweep() -> None:
    """Find what a crash, or a broker that was away, left undone; delete what has had its days."""
    from projects.domain import exports, pictures, retention, scanning

    for attachment_id in scanning.waiting_ids():
        scan.delay(attachment_id)
    for attachment_id in pictures.waiting_ids():
        make_pictures.delay(attachment_id)
    now = timezone.now()
    exports.give_up(now=now)
    exports.expire(now=now)
    for export_id in exports.due_ids(now=now):
        make_export.delay(export_id)
    for project_id in retention.due_projects(now=now):
        remove_due.delay(project_id)
