"""What leaves the house is first a row here, written in the transaction of what it tells of; a worker sends it.

The template of a message is a text file: its first paragraph is the subject, the rest the body. It is rendered in the
reader's language and zone, without escaping. The house adds the link at the end, and greets and signs nobody.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from common.tasks import enqueue
from notices import tasks
from notices.domain.sealing import seal
from notices.enums import Channel, MessageState
from notices.models import Message


def absolute(url: str) -> str:
    """Return `url` as a mail needs it; a path is one of this installation."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url


@transaction.atomic
def tell(
    user: Any,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    url: str = "",
    link: str = "",
    key: str = "",
    secret: bool = False,
    project_id: int | None = None,
) -> None:
    """Write a notice and a mail to one person, in their language; a deactivated person is not told.

    `url` is where the notice leads; `link` where the mail leads, `url` if not given: give it where the mail carries
    a token of its own, together with `secret=True`, which keeps the mail's text encrypted until it is sent and leaves
    the notice its subject only. A `key` under which this person was told before writes nothing.
    """
    if not user.is_active:
        return
    subject, body = render(template, context or {}, language=user.language, time_zone=user.time_zone)
    shared = {
        "recipient": user,
        "address": user.email,
        "language": user.language,
        "subject": subject,
        "url": url,
        "key": key,
        "project_id": project_id,
    }
    now = timezone.now()
    _write(Message(channel=Channel.IN_APP, state=MessageState.SENT, sent_at=now, body="" if secret else body, **shared))
    _write_mail(Message(channel=Channel.EMAIL, **shared), body, link or url, secret=secret)


@transaction.atomic
def mail(
    address: str,
    language: str,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    link: str = "",
    time_zone: str = settings.TIME_ZONE,
    key: str = "",
    secret: bool = False,
    project_id: int | None = None,
) -> None:
    """Write a mail to an address, with no notice: for people without an account, and for what only a mail may carry."""
    subject, body = render(template, context or {}, language=language, time_zone=time_zone)
    message = Message(
        channel=Channel.EMAIL, address=address, language=language, subject=subject, key=key, project_id=project_id
    )
    _write_mail(message, body, link, secret=secret)


@transaction.atomic
def tell_administrators_in_app(template: str, context: Mapping[str, Any], *, url: str, key: str = "") -> None:
    """Write a notice, and no mail, to every administrator: for what is wrong with the mails themselves."""
    for user in get_user_model().objects.filter(is_administrator=True, is_active=True):
        subject, body = render(template, context, language=user.language, time_zone=user.time_zone)
        _write(
            _notice(
                recipient=user,
                address=user.email,
                language=user.language,
                subject=subject,
                body=body,
                url=url,
                key=key,
            )
        )


def render(template: str, context: Mapping[str, Any], *, language: str, time_zone: str) -> tuple[str, str]:
    """Return subject and body of the text template `template` (a name without `.txt`)."""
    compiled = get_template(f"{template}.txt").template  # type: ignore[attr-defined]
    with translation.override(language), timezone.override(ZoneInfo(time_zone)):
        text = compiled.render(Context({"site_url": settings.SITE_URL, **context}, autoescape=False))
    subject, _, body = text.strip().partition("\n\n")
    return " ".join(subject.split())[:300], body.strip()


def _notice(**fields: Any) -> Message:
    return Message(channel=Channel.IN_APP, state=MessageState.SENT, sent_at=timezone.now(), **fields)


def _write_mail(message: Message, body: str, link: str, *, secret: bool) -> None:
    text = f"{body}\n\n{absolute(link)}" if link else body
    if secret:
        message.sealed_body = seal(text)
    else:
        message.body = text
    if _write(message):
        enqueue(tasks.send, message.pk)


def _write(message: Message) -> bool:
    """Save the message unless its key was used for this channel and address; return whether it was saved."""
    if not message.key:
        message.save(force_insert=True)
        return True
    taken = Message.objects.filter(key=message.key, channel=message.channel, address=message.address)
    if taken.exists():
        return False
    # Two at once: the second waits for the first in the unique index and then writes nothing.
    Message.objects.bulk_create([message], ignore_conflicts=True)
    written = taken.get()
    message.pk = written.pk
    return written.message_id == message.message_id
