"""Mails when the worker is killed: none lost, and one repeat at most, with the same Message-ID and link."""

import pytest

from notices import tasks
from notices.domain import outbox
from notices.enums import MessageState
from notices.models import Message
from tests.accounts.factories import UserFactory
from tests.crash import wait_until
from tests.smtp import MailServer

pytestmark = pytest.mark.crash


@pytest.fixture
def server(crash_house):
    server = MailServer()
    crash_house.mail_port = server.port
    with server.running():
        yield server


def tell():
    """Write a mail with a link; the outbox enqueues it on commit."""
    outbox.tell(
        UserFactory(), "accounts/mails/login_code", {"code": "482913"}, link="/sign/a-token/", url="/", secret=True
    )


def is_sent():
    return Message.objects.mails().get().state == MessageState.SENT


def test_killed_between_the_servers_answer_and_the_commit_repeats_once_alike(crash_house, server):
    with crash_house.worker() as worker:
        server.before_quit = worker.kill  # the server has taken the mail, the worker has not committed
        tell()
        worker.wait_for_death()
    assert not is_sent()

    server.before_quit = lambda: None
    with crash_house.worker():
        tasks.sweep.delay()
        wait_until(is_sent)

    first, repeat = server.mails
    assert first["Message-ID"] == repeat["Message-ID"] == Message.objects.mails().get().message_id
    assert first.get_body(("plain",)).get_content() == repeat.get_body(("plain",)).get_content()
    assert "/sign/a-token/" in repeat.get_body(("plain",)).get_content()


@pytest.mark.parametrize("crash_at", ["before notices.domain.sending:send", "before notices.domain.sending:compose"])
def test_killed_before_the_mail_left_sends_it_once(crash_house, server, crash_at):
    with crash_house.worker(crash_at) as worker:
        tell()
        worker.wait_for_death()

    with crash_house.worker():
        tasks.sweep.delay()
        wait_until(is_sent)

    assert len(server.mails) == 1


def test_killed_after_the_commit_sends_no_second_mail(crash_house, server):
    with crash_house.worker("after notices.domain.sending:send") as worker:
        tell()
        worker.wait_for_death()
    assert is_sent()

    with crash_house.worker():
        tasks.sweep.delay()
        tasks.send.delay(Message.objects.mails().get().pk)
        tell()
        wait_until(lambda: Message.objects.filter(channel="email", state=MessageState.SENT).count() == 2)

    assert len({mail["Message-ID"] for mail in server.mails}) == len(server.mails) == 2


def test_worker_that_was_down_sends_later(crash_house, server):
    tell()
    assert server.mails == []

    with crash_house.worker():
        wait_until(is_sent)

    assert len(server.mails) == 1
