"""Work for later. Pages need no broker: what could not be enqueued is found by the sweep of its app."""

import logging

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(task: Task, *args) -> None:
    """Enqueue `task` once the caller's transaction is committed; a broker that is away is logged and no error."""

    def publish() -> None:
        try:
            task.apply_async(args, retry=False)
        except (OperationalError, OSError) as error:
            logger.warning("%s%r waits for the sweep: %s", task.name, args, error)

    transaction.on_commit(publish)
