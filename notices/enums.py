from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    IN_APP = "in_app", _("In the application")
    EMAIL = "email", _("E-mail")


class MessageState(TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    SENT = "sent", _("Mail sent")
    FAILED = "failed", _("Refused by the mail server")
