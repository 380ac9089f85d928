"""Mails out of the outbox: none lost whatever dies, one repeat at most where the worker dies before the commit."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.tasks import enqueue
from notices import tasks
from notices.domain import outbox
from notices.domain.errors import SealBroken
from notices.domain.sealing import unseal
from notices.enums import MessageState
from notices.models import Message

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
SWEEP_SIZE = 500


@transaction.atomic
def send(message_id: int) -> None:
    """Send one waiting mail that is due, holding its row. A second worker skips it; a failure sets the next attempt.

    The mail server's answer and the commit are two events: a worker that dies between them leaves the row waiting,
    and the next one repeats the mail with the same Message-ID and link. The other order could lose it.
    """
    due = Message.objects.due(timezone.now()).select_for_update(skip_locked=True, of=("self",))
    message = due.filter(pk=message_id).first()
    if message is None:
        return  # sent, locked by another worker, or not due yet
    message.attempts += 1
    try:
        compose(message).send()
    except (OSError, SealBroken, ValueError) as error:  # smtplib's own errors are OSErrors
        _not_sent(message, error)
    else:
        message.state, message.sent_at, message.last_error = MessageState.SENT, timezone.now(), ""
        if not settings.LANDFALL_DEMO:  # the demo's mail page is the one place where a link can be read afterwards
            message.sealed_body = ""
    message.save(update_fields=["state", "sent_at", "attempts", "not_before", "last_error", "sealed_body"])


def due_ids() -> list[int]:
    """Return the mails to try now, longest waiting first: what a crash or a server that was away left behind."""
    return list(
        Message.objects.due(timezone.now()).order_by("not_before", "pk").values_list("pk", flat=True)[:SWEEP_SIZE]
    )


def send_again(message_id: int) -> None:
    """Put a refused or waiting mail up for an attempt at once; one already sent stays as it is."""
    unsent = Message.objects.mails().exclude(state=MessageState.SENT).filter(pk=message_id)
    with transaction.atomic():
        if unsent.update(state=MessageState.WAITING, not_before=timezone.now()):
            enqueue(tasks.send, message_id)


def text_of(message: Message) -> str:
    """Return the text of a mail; raises SealBroken."""
    return unseal(message.sealed_body) if message.sealed_body else message.body


def compose(message: Message) -> EmailMultiAlternatives:
    """Return the mail: text, and the same as simple HTML with its link as a button."""
    with translation.override(message.language):
        text = text_of(message)
        footer = _("Sent by Landfall, %(site)s. Replies to this address are not read.") % {"site": settings.SITE_URL}
        paragraphs = [(part, is_link(part)) for part in text.split("\n\n")]
        html = render_to_string(
            "notices/mail.html",
            {"language": message.language, "subject": message.subject, "paragraphs": paragraphs, "footer": footer},
        )
    mail = EmailMultiAlternatives(
        message.subject,
        f"{text}\n\n-- \n{footer}\n",
        settings.DEFAULT_FROM_EMAIL,
        [message.address],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    return mail


def is_link(paragraph: str) -> bool:
    """Whether a paragraph is nothing but an address."""
    return paragraph.startswith(("https://", "http://")) and len(paragraph.split()) == 1


def is_permanent(error: Exception) -> bool:
    """Whether the mail itself was refused for good. A server that is away, busy or wrongly set up is tried again."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return all(code >= 500 for code, _reason in error.recipients.values())
        case smtplib.SMTPDataError():
            return error.smtp_code >= 500
        case smtplib.SMTPNotSupportedError() | SealBroken() | ValueError():
            return True
    return False


def _not_sent(message: Message, error: Exception) -> None:
    message.last_error = str(error)[:300] or type(error).__name__
    if is_permanent(error):
        message.state = MessageState.FAILED
        outbox.tell_administrators_in_app(
            "notices/mails/refused", {"message": message}, url=reverse("notices:mail_list") + "?state=failed"
        )
    else:
        doublings = min(message.attempts - 1, 10)
        message.not_before = timezone.now() + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
    logger.warning("Mail %s not sent (attempt %s): %s", message.pk, message.attempts, type(error).__name__)
