import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from notices.domain.sealing import seal
from notices.enums import Channel, MessageState
from notices.models import Message
from tests.accounts.factories import UserFactory


class MessageFactory(DjangoModelFactory):
    """A mail that waits to be sent."""

    class Meta:
        model = Message

    channel = Channel.EMAIL
    recipient = factory.SubFactory(UserFactory)
    address = factory.SelfAttribute("recipient.email")
    language = "en"
    subject = factory.Sequence(lambda n: f"Subject {n}")
    body = "What happened.\n\nhttps://landfall.example/there/"

    class Params:
        secret = factory.Trait(body="", sealed_body=factory.LazyFunction(lambda: seal("The code is 123456.")))
        sent = factory.Trait(state=MessageState.SENT, sent_at=factory.LazyFunction(timezone.now))
        failed = factory.Trait(state=MessageState.FAILED, last_error="550 unknown")
        in_app = factory.Trait(channel=Channel.IN_APP, sent=True, body="What happened.", url="/there/")
