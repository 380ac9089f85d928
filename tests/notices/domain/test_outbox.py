from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from notices.domain import outbox, sending
from notices.enums import Channel, MessageState
from notices.models import Message
from tests.accounts.factories import UserFactory
from tests.notices.factories import MessageFactory

pytestmark = pytest.mark.django_db

TEMPLATE = "accounts/mails/login_code"


def only_mail():
    return Message.objects.mails().get()


def only_notice():
    return Message.objects.get(channel=Channel.IN_APP)


def test_tell_writes_a_notice_and_a_waiting_mail():
    user = UserFactory()

    outbox.tell(user, TEMPLATE, {"code": "482913"}, url="/there/", project_id=7)

    notice, mail = only_notice(), only_mail()
    assert (notice.recipient, notice.url, notice.project_id, notice.state) == (user, "/there/", 7, MessageState.SENT)
    assert notice.body.startswith("Enter this code")
    assert (mail.address, mail.subject, mail.state) == (user.email, "Your sign-in code", MessageState.WAITING)
    assert mail.body.endswith("\n\nhttp://127.0.0.1:8000/there/")


def test_tell_speaks_the_language_of_the_reader():
    outbox.tell(UserFactory(language="zh-hans"), "accounts/mails/invitation", invitation())

    assert only_mail().language == "zh-hans"
    assert "2026年9月1日" in only_mail().body


@pytest.mark.parametrize(("zone", "day"), [("Asia/Shanghai", "1 Sep 2026"), ("Europe/London", "31 Aug 2026")])
def test_tell_counts_days_in_the_zone_of_the_reader(zone, day):
    outbox.tell(UserFactory(time_zone=zone), "accounts/mails/invitation", invitation())

    assert only_mail().body.splitlines()[4] == f"The link below is for you alone and opens once, until {day}."


def invitation():
    return {
        "inviter": UserFactory(name="Li & Wang"),
        "user": UserFactory(),
        "expires_at": datetime(2026, 8, 31, 18, tzinfo=UTC),
    }


def test_tell_does_not_escape_text():
    outbox.tell(UserFactory(), "accounts/mails/invitation", invitation())

    assert only_mail().subject == "Li & Wang invites you to Landfall"


def test_tell_keeps_a_secret_sealed_and_out_of_the_notice():
    outbox.tell(UserFactory(), "accounts/mails/invitation", invitation(), link="/i/geheim/", url="/", secret=True)

    mail, notice = only_mail(), only_notice()
    assert (notice.body, notice.url, mail.body) == ("", "/", "")
    assert "geheim" not in mail.sealed_body
    assert sending.text_of(mail).endswith("\n\nhttp://127.0.0.1:8000/i/geheim/")


def test_tell_with_a_key_tells_each_person_once():
    one, two = UserFactory(), UserFactory()

    for user in (one, one, two):
        outbox.tell(user, TEMPLATE, {"code": "1"}, key="srs-3-signed")

    assert sorted(Message.objects.mails().values_list("recipient", flat=True)) == [one.pk, two.pk]
    assert Message.objects.filter(channel=Channel.IN_APP).count() == 2


def test_tell_does_not_tell_a_leaver():
    outbox.tell(UserFactory(is_active=False, deactivated_at=datetime(2026, 1, 1, tzinfo=UTC)), TEMPLATE, {"code": "1"})

    assert not Message.objects.exists()


def test_tell_is_undone_with_the_callers_transaction():
    @transaction.atomic
    def step_that_fails():
        outbox.tell(UserFactory(), TEMPLATE, {"code": "1"})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        step_that_fails()

    assert not Message.objects.exists()


def test_mail_goes_to_an_address_without_a_notice():
    outbox.mail("sponsor@example.com", "en", TEMPLATE, {"code": "482913"}, secret=True)

    message = Message.objects.get()
    assert (message.channel, message.recipient, message.address) == (Channel.EMAIL, None, "sponsor@example.com")


def test_message_id_is_fixed_at_creation():
    message = MessageFactory()

    assert message.message_id.endswith("@127.0.0.1>")
    assert Message.objects.get().message_id == message.message_id


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("notices_message_sent_has_instant", {"state": MessageState.SENT, "sent_at": None}),
        ("notices_message_in_app_has_recipient", {"channel": Channel.IN_APP}),
    ],
)
def test_constraint(name, values):
    with pytest.raises(IntegrityError, match=name):
        MessageFactory(**values)


def test_key_is_unique_per_channel_and_address():
    first = MessageFactory(key="once")

    expected = "notices_message_key_is_unique" if connection.vendor == "postgresql" else "UNIQUE constraint failed"
    with pytest.raises(IntegrityError, match=expected):
        MessageFactory(key="once", recipient=first.recipient)
