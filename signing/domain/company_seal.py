"""The image of the company's seal (公章), printed on the evidence page where one is set: it looks like a seal, and
protects nothing; the electronic seal does."""

from base64 import b64encode
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image

MAX_PIXELS = 20_000_000  # of the file as it is given
PRINTED = 600  # pixels of the longer side: 42 mm at 360 dpi


def image_uri() -> str:
    """Return the image as a data: address, or nothing where none is set. Raises ValueError if it cannot be used."""
    from django.conf import settings

    return _read(Path(settings.SIGNING_SEAL_IMAGE)) if settings.SIGNING_SEAL_IMAGE else ""


@cache
def _read(path: Path) -> str:
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError(f"{path} has more than {MAX_PIXELS // 1_000_000} megapixels")
            image.thumbnail((PRINTED, PRINTED))
            shown = image.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} cannot be read as a PNG or JPEG: {error}") from error
    paper = Image.new("RGB", shown.size, "white")  # PDF/A viewers differ in how they draw what shines through
    paper.paste(shown, mask=shown.getchannel("A"))
    out = BytesIO()
    paper.quantize(32).save(out, "PNG", optimize=True)
    return f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"
