"""Is this installation able to serve? Asked by load balancers and by people who wonder why nothing is sent."""

import logging
from collections.abc import Callable

from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

logger = logging.getLogger(__name__)

# Without these no page can be served; without broker and worker pages work and the work waits.
NEEDED = frozenset({"database", "storage"})
WORKER_ANSWERS_WITHIN_S = 1.0


def check_all() -> dict[str, bool]:
    """Return {part: does it work} for database, storage, broker and worker; failures are logged with their reason."""
    found = {name: _works(name, check) for name, check in CHECKS.items()}
    found["worker"] = found["broker"] and _works("worker", _find_worker)
    return found


def is_ready(found: dict[str, bool]) -> bool:
    """Whether pages can be served, given what check_all found: broker and worker may be away."""
    return all(found[name] for name in NEEDED)


def _works(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # whatever a part raises, it does not work
        logger.warning("Health: %s does not work: %s", name, error)
        return False
    return True


def _query_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _write_to_storage() -> None:
    default_storage.delete(default_storage.save("health/probe", ContentFile(b"probe")))


def _connect_to_broker() -> None:
    with current_app.connection_for_write() as broker:  # a fresh one: the pool may hold one that is dead
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)


def _find_worker() -> None:
    with current_app.connection_for_write() as broker:
        if not current_app.control.ping(timeout=WORKER_ANSWERS_WITHIN_S, limit=1, connection=broker):
            raise LookupError("no worker answered")


CHECKS = {"database": _query_database, "storage": _write_to_storage, "broker": _connect_to_broker}
