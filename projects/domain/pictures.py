"""What pages show of a picture that was attached: its pixels, upright and of a bounded size, and nothing else of it.

Cameras write into a file where and when it was taken, and anything may hide behind its last pixel. The original is
kept to the byte and only ever downloaded.
"""

import io
import logging

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps

from projects.domain.file_types import open_picture
from projects.enums import PictureState
from projects.models import Attachment, AudienceQuerySet
from projects.models.attachments import GIVEN_OUT

logger = logging.getLogger(__name__)
SIZES = {"thumbnail": 320, "display": 2000}  # field -> longest side in pixels
SWEPT_AT_ONCE = 200


def waiting_ids() -> list[int]:
    """Return the attachments whose pictures are still to be made, oldest first."""
    waiting = _waiting()
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def _waiting() -> AudienceQuerySet:
    """What the scanner has not let through is not decoded either."""
    return Attachment.objects.filter(picture_state=PictureState.WAITING, scan_state__in=GIVEN_OUT)


def make_pictures(attachment_id: int) -> None:
    """Make the pictures of an attachment that waits for them, once, however often this is called.

    One that cannot be decoded stays a file to download. Without a lock: who comes second throws its work away.
    """
    waiting = _waiting()
    attachment = waiting.filter(pk=attachment_id).first()
    if attachment is None:
        return
    with attachment.file.open("rb") as file:
        original = file.read()
    try:
        pictures = shrink(original)
    except Exception as error:  # a decoder that is fed anything raises anything, also for want of memory or time
        logger.info("The picture of attachment %s cannot be read: %s", attachment_id, error)
        waiting.filter(pk=attachment_id).update(picture_state=PictureState.FAILED)
        return
    for field, content in pictures.items():
        getattr(attachment, field).save("", ContentFile(content), save=False)
    names = {field: getattr(attachment, field).name for field in SIZES}
    with transaction.atomic():
        if waiting.filter(pk=attachment_id).update(picture_state=PictureState.MADE, **names):
            return
    for field in SIZES:
        getattr(attachment, field).delete(save=False)


def shrink(original: bytes) -> dict[str, bytes]:
    """Return a picture as WebP in each of SIZES: turned upright, its pixels and their colour profile, nothing more.

    Decodes once, 50 million pixels at most (attachments.check_upload). Raises whatever Pillow raises for no picture.
    """
    with open_picture(io.BytesIO(original)) as image:
        profile = image.info.get("icc_profile")
        largest = max(SIZES.values())
        image.draft("RGB", (largest, largest))  # a JPEG is decoded at about the size that is needed
        whole = image if image.mode in ("RGB", "RGBA") else image.convert(_mode(image))
        whole.thumbnail((largest, largest))
        upright = ImageOps.exif_transpose(whole)
    upright.info.clear()
    return {field: _webp(upright, side, profile) for field, side in SIZES.items()}


def _mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


def _webp(image: Image.Image, side: int, profile: bytes | None) -> bytes:
    fitting = image.copy()
    fitting.thumbnail((side, side))
    buffer = io.BytesIO()
    fitting.save(buffer, "WEBP", quality=82, icc_profile=profile)
    return buffer.getvalue()
