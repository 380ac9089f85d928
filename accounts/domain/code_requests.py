"""How often a sign-in code may be asked for: counted per address in the database, so for all web processes together."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.domain.errors import TooManyCodes
from accounts.models import CodeRequest

LIMIT = 5
WINDOW = timedelta(minutes=15)


@transaction.atomic
def count(address: str) -> None:
    """Count one request. Raises TooManyCodes when the address had its share; unknown ones are counted alike."""
    address, now = address.lower(), timezone.now()
    CodeRequest.objects.filter(requested_at__lte=now - WINDOW).delete()
    if CodeRequest.objects.filter(address=address).count() >= LIMIT:
        raise TooManyCodes(limit=LIMIT)
    CodeRequest.objects.create(address=address, requested_at=now)
