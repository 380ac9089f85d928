from django.utils.functional import SimpleLazyObject

from notices.models import Message


def unread(request):
    """The number on the bell; asked of the database only by pages that show it."""
    return {"unread_notices": SimpleLazyObject(lambda: _count(request.user))}


def _count(user) -> int:
    return Message.objects.in_app_of(user).unread().count() if user.is_authenticated else 0
