from django.http import HttpResponse
from django.utils.http import content_disposition_header

from signing.domain import documents


def pdf_response(stored: str, name: str) -> HttpResponse:
    """Hand out a stored PDF (a few hundred kilobytes) as a download, never shown in our own origin."""
    response = HttpResponse(documents.read(stored), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
