import logging
import secrets

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template import loader

log = logging.getLogger(__name__)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def server_error(request):
    """The page of an unexpected error: its number stands in the log beside the traceback."""
    incident = secrets.token_hex(4).upper()
    log.exception("Incident %s: %s %s", incident, request.method, request.path)
    return HttpResponseServerError(loader.render_to_string("500.html", {"incident": incident}))
