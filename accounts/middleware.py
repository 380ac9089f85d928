from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's, but a fragment asked for after the sign-in ran out makes the whole page go and sign in, and come back.

    A plain redirect would be followed by htmx and put the sign-in page where the fragment belongs.
    """

    def handle_no_permission(self, request, view_func):
        if not request.htmx:
            return super().handle_no_permission(request, view_func)
        back = urlencode({self.get_redirect_field_name(view_func): request.htmx.current_url_abs_path or "/"})
        return HttpResponseClientRedirect(f"{resolve_url(self.get_login_url(view_func))}?{back}")


class PreferencesMiddleware:
    """Show every page in the person's own language and zone; a stranger's language comes from cookie or browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated:
            language, zone = user.language, ZoneInfo(user.time_zone)
        else:
            language, zone = translation.get_language_from_request(request), ZoneInfo(settings.TIME_ZONE)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
