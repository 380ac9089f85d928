import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices.enums import Channel, MessageState


def new_message_id() -> str:
    """Return a Message-ID of our own, fixed when the message is written: a repeated mail carries the same."""
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.SITE_URL).hostname}>"


class MessageQuerySet(models.QuerySet):
    def mails(self):
        return self.filter(channel=Channel.EMAIL)

    def in_app_of(self, user):
        return self.filter(channel=Channel.IN_APP, recipient=user)

    def unread(self):
        return self.filter(read_at=None)

    def due(self, now):
        return self.mails().filter(state=MessageState.WAITING, not_before__lte=now)


class Message(models.Model):
    """One message to one person by one channel: the outbox. Written by domain.outbox, `state` only by domain.sending.

    A secret mail has its text in `sealed_body`, encrypted, until it is sent.
    """

    channel = models.CharField(max_length=10, choices=Channel)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(blank=True)
    sealed_body = models.TextField(blank=True, editable=False)
    url = models.CharField(max_length=500, blank=True)  # where a notice leads, a path of ours
    project_id = models.PositiveBigIntegerField(null=True)
    key = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.WAITING, editable=False)
    message_id = models.CharField(max_length=200, unique=True, default=new_message_id, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)
    not_before = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="notices_message_key_is_unique", fields=["key", "channel", "address"], condition=~Q(key="")
            ),
            models.CheckConstraint(
                name="notices_message_sent_has_instant",
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="notices_message_in_app_has_recipient",
                condition=Q(channel=Channel.EMAIL, read_at=None)
                | Q(channel=Channel.IN_APP, recipient__isnull=False, state=MessageState.SENT),
            ),
        ]
        indexes = [
            models.Index(
                name="notices_message_due", fields=["not_before"], condition=Q(channel="email", state="waiting")
            ),
            models.Index(name="notices_message_in_app", fields=["recipient", "read_at"], condition=Q(channel="in_app")),
        ]

    def __str__(self):
        return f"{self.address}: {self.subject}"

    @property
    def state_family(self) -> str:
        return {"waiting": "waiting", "sent": "good", "failed": "bad"}[self.state]

    @property
    def html_lang(self) -> str:
        return "zh-Hans" if self.language == "zh-hans" else self.language
