from celery import shared_task


@shared_task(name="projects.make_pictures", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def make_pictures(attachment_id: int) -> None:
    from projects.domain import pictures  # leaf: the domain enqueues it

    pictures.make_pictures(attachment_id)


@shared_task(name="projects.sweep")
def sweep() -> None:
    """Find what a crash, or a broker that was away, left undone."""
    from projects.domain import pictures

    for attachment_id in pictures.waiting_ids():
        make_pictures.delay(attachment_id)
