from celery import shared_task


@shared_task(name="notices.send")
def send(message_id: int) -> None:
    from notices.domain import sending  # leaf: the domain imports this module

    sending.send(message_id)


@shared_task(name="notices.sweep")
def sweep() -> None:
    """Every minute: what was not sent when it was written, because broker, worker or mail server were away."""
    from notices.domain import sending

    for message_id in sending.due_ids():
        send.delay(message_id)
