from django.http import HttpResponse
from django.utils.http import content_disposition_header

from signing.domain import documents


def pdf_response(stored: str, name: str) -> HttpResponse:
    """Hand out a stored PDF (a few hundred kilobytes) as a download, never shown in our own origin."""
    return _download(documents.read(stored), "application/pdf", name)


def zip_response(content: bytes, name: str) -> HttpResponse:
    return _download(content, "application/zip", name)


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
