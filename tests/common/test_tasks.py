import time

import kombu.transport.redis  # noqa: F401  # imported before the clock runs: it takes a busy machine seconds
import pytest
from celery import Celery
from django.db import transaction

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


@pytest.mark.django_db
def test_enqueue_goes_on_at_once_when_the_broker_is_away(task, caplog, django_capture_on_commit_callbacks):
    begun = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(task, 7)
    assert time.monotonic() - begun < 2
    assert "away.task(7,) waits for the sweep" in caplog.text


@pytest.mark.django_db
def test_enqueue_sends_nothing_before_the_commit(task, caplog, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        enqueue(task, 7)
    assert (len(callbacks), caplog.text) == (1, "")
