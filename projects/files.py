from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

from projects.models import Attachment


def download(attachment: Attachment) -> FileResponse:
    """Answer with the file as it was uploaded, to be saved and never shown in the page, whatever it holds."""
    if not attachment.is_given_out:
        raise Http404  # its time of keeping is over, or the scanner has not let it through
    return give_out(attachment.file, attachment.name, attachment.media_type)


def give_out(stored: FieldFile, name: str, media_type: str) -> FileResponse:
    """Answer with a stored file under the name that its uploader gave it, to be saved and never shown in the page."""
    response = _answer(stored, media_type, as_attachment=True, filename=name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def show_picture(attachment: Attachment, size: str) -> FileResponse:
    """Answer with a picture that was re-encoded here, to be shown; `size` is one of pictures.SIZES."""
    if not attachment.has_picture:
        raise Http404
    response = _answer(getattr(attachment, size), "image/webp")
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"  # made once; a person who loses the project keeps no more
    return response


def _answer(stored: FieldFile, media_type: str, **kwargs) -> FileResponse:
    try:
        content = stored.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=media_type, **kwargs)
    response["X-Content-Type-Options"] = "nosniff"
    return response
