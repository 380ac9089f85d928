from django.http import FileResponse, Http404

from projects.models import Attachment


def download(attachment: Attachment) -> FileResponse:
    """Answer with the file, to be saved and never shown in the page, whatever it holds."""
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=attachment.name, content_type=attachment.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
