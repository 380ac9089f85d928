import time

import kombu.transport.redis  # noqa: F401  # imported before the clock runs: it takes a busy machine seconds
import pytest
from celery import Celery
from django.db import transaction

from common import tasks
from common.tasks import enqueue


@pytest.fixture
def task(tmp_path, settings):
    """A task whose broker is not there."""
    app = Celery("away", set_as_current=False)
    app.conf.broker_url = f"redis+socket://{tmp_path}/nobody.sock"
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS

    @app.task(name="away.task", shared=False)  # else every other app would get it too
    def task(number):
        raise AssertionError("no worker runs it")

    yield task
    app.close()


@pytest.fixture
def said(monkeypatch) -> list[str]:
    """The warnings of common.tasks, whatever an earlier test did to the loggers of this process."""
    lines: list[str] = []
    monkeypatch.setattr(tasks.logger, "warning", lambda text, *args: lines.append(text % args))
    return lines


@pytest.mark.django_db
def test_enqueue_goes_on_at_once_when_the_broker_is_away(task, said, django_capture_on_commit_callbacks):
    begun = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(task, 7)
    assert time.monotonic() - begun < 2
    assert len(said) == 1
    assert said[0].startswith("away.task(7,) waits for the sweep: Error 2 connecting")


@pytest.mark.django_db
def test_enqueue_sends_nothing_before_the_commit(task, said, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        enqueue(task, 7)
    assert (len(callbacks), said) == (1, [])
