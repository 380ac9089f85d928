from celery import shared_task


@shared_task(name="signing.seal", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def seal(request_id: int) -> None:
    from signing.domain import sealing

    sealing.seal_and_deliver(request_id)


@shared_task(name="signing.restamp", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def restamp(sealed_file_id: int) -> None:
    from signing.domain import archiving

    archiving.restamp(sealed_file_id)


@shared_task(name="signing.restamp_due")
def restamp_due() -> None:
    """Enqueue the sealed files whose time stamp grows old."""
    from signing.domain import archiving

    for sealed_file_id in archiving.due():
        restamp.delay(sealed_file_id)


@shared_task(name="signing.sweep")
def sweep() -> None:
    """Enqueue what a crash left signed and not sealed, or sealed and not delivered; close what is overdue."""
    from signing.domain import delegations, requests, sealing

    requests.expire_due()
    delegations.lapse_due()
    requests.remind_due()
    for request_id in sealing.unfinished():
        seal.delay(request_id)
