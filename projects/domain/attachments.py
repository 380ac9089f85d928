"""Files on requirements, tasks, cases, executions and defects: checked by content, hashed, kept under our own names."""

import hashlib
import warnings
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image, UnidentifiedImageError

from accounts.models import User
from audit.domain import trail
from common.tasks import enqueue
from projects import tasks
from projects.domain import errors, scanning
from projects.domain.audiences import audience_for
from projects.domain.file_types import (
    ALLOWED,
    ENDINGS,
    IMAGES,
    FileType,
    clean_name,
    ending_of,
    is_deceptive,
    open_picture,
    sniff,
)
from projects.enums import PictureState, ScanState
from projects.models import Attachment

MEGABYTE = 1024 * 1024
MAX_MEGAPIXELS = 50  # what a good phone takes; a picture that claims more is made to exhaust memory


def check_upload(upload: UploadedFile) -> tuple[str, FileType]:
    """Return the cleaned name and the type of an upload.

    Raises FileNameNotAllowed, FileTooLarge, FileEmpty, FileTypeNotAllowed, FileTypeMismatch and ImageTooLarge.
    """
    if is_deceptive(upload.name or ""):
        raise errors.FileNameNotAllowed
    name = clean_name(upload.name or "")
    if not upload.size:
        raise errors.FileEmpty(name=name)
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise errors.FileTooLarge(name=name, limit=settings.UPLOAD_MAX_BYTES // MEGABYTE)
    kind = sniff(upload)
    is_named = ending_of(name) in ENDINGS  # an SVG is text too, and a program in a browser
    if kind is None or not is_named or (kind in IMAGES and not _is_small_picture(upload, name)):
        raise errors.FileTypeNotAllowed(name=name, allowed=", ".join(allowed.name for allowed in ALLOWED))
    if ending_of(name) not in kind.endings:
        raise errors.FileTypeMismatch(name=name, type=kind.name)
    return name, kind


def _is_small_picture(upload: UploadedFile, name: str) -> bool:
    """Whether the header of a picture can be read; raises ImageTooLarge. No pixel is decoded."""
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            width, height = open_picture(upload).size
    except Image.DecompressionBombError:
        raise errors.ImageTooLarge(name=name, limit=MAX_MEGAPIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False
    finally:
        upload.seek(0)
    if width * height > MAX_MEGAPIXELS * 1_000_000:
        raise errors.ImageTooLarge(name=name, limit=MAX_MEGAPIXELS)
    return True


def attach(target: Any, upload: UploadedFile, by: User, audience: str = "") -> Attachment:
    """Keep `upload` on `target`, an object of a project that its caller found visible to `by`.

    A customer's file is seen by both sides; the team chooses, by default for itself. Raises what check_upload raises.
    """
    name, kind = check_upload(upload)
    attachment = Attachment(
        project=target.project,
        target=target,
        name=name,
        media_type=kind.media_type,
        size=upload.size or 0,
        sha256=_sha256(upload),
        uploaded_by=by,
        audience=audience_for(by, target.project, audience),
        scan_state=scanning.first_state(),
        picture_state=PictureState.WAITING if kind in IMAGES else PictureState.NONE,
    )
    attachment.file.save(name, upload, save=False)
    try:
        with transaction.atomic():
            attachment.save()
            trail.record("attach", attachment, by=by, before={}, facts={"about": str(target)})
            if attachment.scan_state == ScanState.WAITING:
                enqueue(tasks.scan, attachment.pk)
            elif attachment.picture_state == PictureState.WAITING:
                enqueue(tasks.make_pictures, attachment.pk)
    except Exception:
        attachment.file.delete(save=False)  # no row, no file
        raise
    return attachment


def _sha256(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
