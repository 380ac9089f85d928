from typing import Any

from django.utils import timezone

from notices.models import Message


def mark_read(user: Any, pk: int | None = None) -> None:
    """Mark one notice of `user`, or all of them, as read; the instant of the first reading stays."""
    unread = Message.objects.in_app_of(user).unread()
    (unread.filter(pk=pk) if pk else unread).update(read_at=timezone.now())
