import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  recorded where the server cannot tell, not listened on


def client_address(request: HttpRequest) -> str:
    """Return the caller's address: behind TRUSTED_PROXIES proxies what the outermost of them saw."""
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    count = settings.TRUSTED_PROXIES
    address = seen[-count] if 0 < count <= len(seen) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return UNKNOWN


def device(request: HttpRequest) -> str:
    return "".join(c for c in request.META.get("HTTP_USER_AGENT", "") if c.isprintable())[:300]
