"""Work for later. Pages need no broker: what could not be enqueued is found by the sweep of its app."""

import logging

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
# One more try, at once: the pooled connection may be of a broker that was restarted since. No waiting: a page is open.
ONE_MORE_TRY = {"max_retries": 1, "interval_start": 0}


def enqueue(task: Task, *args) -> None:
    """Enqueue `task` once the caller's transaction is committed; a broker that is away is logged and no error."""

    def publish() -> None:
        try:
            task.apply_async(args, retry_policy=ONE_MORE_TRY)
        except (OperationalError, OSError) as error:
            logger.warning("%s%r waits for the sweep: %s", task.name, args, error)

    transaction.on_commit(publish)
