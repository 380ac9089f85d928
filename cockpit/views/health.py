from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cockpit.domain import health
from projects.access import public_page


@public_page("a load balancer has no account; it says only what works")
@require_safe
@never_cache
def health_live(request):
    """This process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@public_page("a load balancer has no account; it says only what works")
@require_safe
@never_cache
def health_ready(request):
    """Pages can be served. 503 only without database or storage; broker and worker are told, not required."""
    found = health.check_all()
    ready = health.is_ready(found)
    parts = {name: "ok" if works else "away" for name, works in found.items()}
    return JsonResponse({"status": "ok" if ready else "away", **parts}, status=200 if ready else 503)
