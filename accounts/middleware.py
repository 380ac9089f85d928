from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation


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
