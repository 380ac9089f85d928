"""Small files of every kind, made here."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def upload(name="notes.txt", content=b"hello"):
    return SimpleUploadedFile(name, content)


def picture(kind="PNG", size=(4, 3)):
    buffer = io.BytesIO()
    Image.new("RGB", size).save(buffer, kind)
    return buffer.getvalue()


def huge_png(width=60_000, height=60_000, *, colour=2, data=None, before=()):
    """A PNG whose header claims a size, with packed pixels (none unless given) and chunks before them."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    pixels = zlib.compress(b"") if data is None else data
    chunks = [(b"IHDR", header), *before, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def phone_photo(size=(40, 30)):
    """A JPEG as phones take it: lying on its side (the left third is blue), with the place it was taken."""
    image = Image.new("RGB", size, "white")
    image.paste((0, 0, 255), (0, 0, size[0] // 3, size[1]))
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned right by 90 degrees
    exif[0x010E] = "Shanghai"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 2.5), 3: "E", 4: (121.0, 29.0, 5.0)})
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, quality=95)
    return buffer.getvalue()


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def office(*parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<xml/>")
    return buffer.getvalue()


def plain_zip():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.exe", "MZ")
    return buffer.getvalue()
