import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.db import connection, transaction
from django.utils import timezone

from notices import tasks
from notices.domain import outbox, sending
from notices.enums import Channel, MessageState
from notices.models import Message
from tests.accounts.factories import UserFactory
from tests.notices.factories import MessageFactory
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    """A mail server that is not started yet, and Django told of it."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    return server


def wait_is_over():
    Message.objects.update(not_before=timezone.now())


def test_send_delivers_text_and_html_with_the_fixed_message_id(server):
    message = MessageFactory(subject="基线已签署", body="第一段 <b>\n\nhttps://landfall.example/there/?a=1&b=2")

    with server.running():
        sending.send(message.pk)

    mail = server.mails[0]
    assert (mail["Message-ID"], mail["Subject"], mail["To"]) == (message.message_id, "基线已签署", message.address)
    assert mail.get_body(("plain",)).get_content().startswith("第一段 <b>\n\nhttps://landfall.example/there/?a=1&b=2\n")
    html = mail.get_body(("html",)).get_content()
    assert "第一段 &lt;b&gt;" in html
    assert '<a href="https://landfall.example/there/?a=1&amp;b=2">' in html


def test_send_marks_the_message_sent(server):
    message = MessageFactory()

    with server.running():
        sending.send(message.pk)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (MessageState.SENT, 1, "")
    assert timezone.now() - message.sent_at < timedelta(minutes=1)


def test_send_twice_sends_once(server):
    message = MessageFactory()

    with server.running():
        sending.send(message.pk)
        sending.send(message.pk)

    assert len(server.mails) == 1


def test_send_of_a_missing_message_does_nothing():
    sending.send(0)

    assert django_mail.outbox == []


def test_send_empties_a_sealed_text_once_sent(server, settings):
    settings.LANDFALL_DEMO = False
    message = MessageFactory(secret=True)

    with server.running():
        sending.send(message.pk)

    message.refresh_from_db()
    assert (message.body, message.sealed_body) == ("", "")
    assert server.mails[0].get_body(("plain",)).get_content().startswith("The code is 123456.")


def test_send_in_the_demo_keeps_a_sealed_text_for_the_outbox_page():
    message = MessageFactory(secret=True)

    sending.send(message.pk)

    message.refresh_from_db()
    assert sending.text_of(message) == "The code is 123456."


def test_send_to_a_server_that_is_away_tries_later_and_delivers(server):
    message = MessageFactory()

    sending.send(message.pk)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.WAITING, 1)
    assert "refused" in message.last_error.lower()
    assert timedelta(seconds=50) < message.not_before - timezone.now() <= timedelta(minutes=1)

    wait_is_over()
    with server.running():
        tasks.sweep.apply()
        for message_id in sending.due_ids():
            sending.send(message_id)
    message.refresh_from_db()
    assert (message.state, len(server.mails)) == (MessageState.SENT, 1)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 2), (2, 4), (5, 32), (6, 60), (500, 60)])
def test_send_waits_longer_each_time_up_to_an_hour(server, attempts, minutes):
    message = MessageFactory(attempts=attempts)

    sending.send(message.pk)

    message.refresh_from_db()
    wait = message.not_before - timezone.now()
    assert timedelta(minutes=minutes) - timedelta(seconds=10) < wait <= timedelta(minutes=minutes)


@pytest.mark.parametrize("answers", [{"on_rcpt": "550 No such user"}, {"on_data": "554 Refused"}])
def test_send_of_a_refused_mail_fails_and_says_why(server, answers):
    vars(server).update(answers)
    message = MessageFactory()

    with server.running():
        sending.send(message.pk)

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (MessageState.FAILED, None)
    assert next(iter(answers.values()))[:3] in message.last_error
    assert sending.due_ids() == []


def test_send_of_a_refused_mail_tells_the_administrators_in_the_application_only(server):
    administrator = UserFactory(administrator=True)
    UserFactory(administrator=True, is_active=False, deactivated_at=timezone.now())
    server.on_rcpt = "550 No such user"
    message = MessageFactory(address="gone@example.com")

    with server.running():
        sending.send(message.pk)

    notice = Message.objects.exclude(pk=message.pk).get()
    assert (notice.recipient, notice.channel) == (administrator, Channel.IN_APP)
    assert notice.subject == "A mail to gone@example.com was refused"


@pytest.mark.parametrize("answers", [{"on_rcpt": "450 Busy"}, {"on_data": "451 Try later"}])
def test_send_of_a_mail_refused_for_now_waits(server, answers):
    vars(server).update(answers)
    message = MessageFactory()

    with server.running():
        sending.send(message.pk)

    message.refresh_from_db()
    assert message.state == MessageState.WAITING


def test_send_of_a_text_sealed_under_a_lost_key_fails(settings):
    message = MessageFactory(secret=True)
    settings.SECRET_KEY = "another"

    sending.send(message.pk)

    message.refresh_from_db()
    assert message.state == MessageState.FAILED
    assert message.last_error.startswith("Its text cannot be read")


def test_send_reads_a_text_sealed_under_the_key_before(settings):
    message = MessageFactory(secret=True)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

    sending.send(message.pk)

    assert django_mail.outbox[0].body.startswith("The code is 123456.")


def test_send_again_puts_a_refused_mail_up_at_once():
    message = MessageFactory(failed=True, not_before=timezone.now() + timedelta(hours=1))

    sending.send_again(message.pk)

    assert sending.due_ids() == [message.pk]


def test_send_again_leaves_a_sent_mail_alone():
    message = MessageFactory(sent=True)

    sending.send_again(message.pk)

    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_due_ids_lists_what_waits_and_is_due():
    due = MessageFactory()
    MessageFactory(not_before=timezone.now() + timedelta(minutes=1))
    MessageFactory(sent=True)
    MessageFactory(failed=True)
    MessageFactory(in_app=True)

    assert sending.due_ids() == [due.pk]


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (ConnectionRefusedError(), False),
        (TimeoutError(), False),
        (smtplib.SMTPServerDisconnected(), False),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), False),
        (smtplib.SMTPSenderRefused(530, b"sign in first", "landfall@example.com"), False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"unknown")}), True),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (450, b"busy")}), False),
        (smtplib.SMTPNotSupportedError(), True),
        (UnicodeError(), True),
    ],
)
def test_is_permanent(error, permanent):
    assert sending.is_permanent(error) is permanent


def test_subject_with_a_line_break_cannot_add_a_header():
    outbox.mail("a@example.com", "en", "accounts/mails/invitation", {"inviter": UserFactory(name="A\r\nBcc: x@y.z")})

    sending.send(Message.objects.get().pk)

    assert django_mail.outbox[0].message()["Bcc"] is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no row locks: IMMEDIATE serialises instead")
def test_send_skips_a_row_that_another_worker_holds(server):
    message = MessageFactory()
    other = threading.Thread(target=lambda: (sending.send(message.pk), connection.close()))

    with server.running(), transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk)
        other.start()
        other.join(timeout=10)

    assert not other.is_alive()
    assert server.mails == []
