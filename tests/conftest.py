"""What every test relies on: both databases, and a way past the triggers of evidence that production does not have."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db.backends.base.operations import BaseDatabaseOperations

_execute_sql_flush = BaseDatabaseOperations.execute_sql_flush


def _flush_past_triggers(operations: BaseDatabaseOperations, statements: Iterable[str]) -> None:
    """Empty all tables after a transactional test although the tables of evidence refuse it.

    Lifting the triggers, emptying and putting them back is one transaction on this process's own test database.
    """
    connection = operations.connection
    if connection.vendor == "postgresql":
        return _execute_sql_flush(operations, ["SET LOCAL session_replication_role = replica", *statements])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = dict(cursor.fetchall())
    drops = [f"DROP TRIGGER {name}" for name in triggers]
    return _execute_sql_flush(operations, [*drops, *statements, *triggers.values()])


# A shared machine is slow at times: an example may take as long as it takes.
hypothesis.settings.register_profile("landfall", deadline=None)
hypothesis.settings.load_profile("landfall")


def pytest_configure() -> None:
    BaseDatabaseOperations.execute_sql_flush = _flush_past_triggers


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.LANDFALL_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def _english(settings):
    """A view that activates a person's language must not leave it to the next test."""
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def crash_house(transactional_db):
    """A real broker, and workers that a test may kill: see tests/crash.py."""
    from tests import crash

    with (
        tempfile.TemporaryDirectory(prefix="landfall-crash-") as folder,
        crash.broker(Path(folder)) as address,
        crash.enqueuing_at(address),
    ):
        yield crash.CrashHouse(Path(folder), address)
