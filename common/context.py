"""What every page's frame needs to know; it costs no query that the page does not make itself: the person's roles."""

from django.conf import settings
from django.utils import timezone

from common import navigation
from common.sessions import seconds_left


def site(request):
    user = getattr(request, "user", None)
    project = getattr(request, "project", None)
    signed_in = bool(user and user.is_authenticated)
    is_staff = signed_in and (user.is_administrator or user.works_in_teams)
    context = {
        "demo": settings.LANDFALL_DEMO,
        "shell": "staff.html" if is_staff else "portal.html",
        "theme": user.theme if signed_in else "auto",
    }
    if getattr(request, "htmx", False):
        return context
    if signed_in:
        context["session_seconds"] = seconds_left(request.session, now=timezone.now())
    if is_staff:
        context["menu"] = navigation.staff_menu(request.path, user=user, project=project)
        context["project_menu"] = navigation.project_menu(request.path, user=user, project=project) if project else []
    elif signed_in:
        context["portal_menu"] = navigation.portal_menu(request.path, user=user, project=project)
    return context
