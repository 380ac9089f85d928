"""What a file is, told by its content: the name is only what somebody says it is."""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from PIL import Image, ImageFile

TEXT_SAMPLE = 64 * 1024


@dataclass(frozen=True)
class FileType:
    """An allowed type: what it is called, its media type and the endings its files may have."""

    name: str
    media_type: str
    endings: frozenset[str]


def _type(name: str, media_type: str, *endings: str) -> FileType:
    return FileType(name, media_type, frozenset(endings))


PNG = _type("PNG", "image/png", "png")
JPEG = _type("JPEG", "image/jpeg", "jpg", "jpeg", "jfif")
WEBP = _type("WebP", "image/webp", "webp")
PDF = _type("PDF", "application/pdf", "pdf")
OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = _type("Word", f"{OFFICE}.wordprocessingml.document", "docx")
XLSX = _type("Excel", f"{OFFICE}.spreadsheetml.sheet", "xlsx")
PPTX = _type("PowerPoint", f"{OFFICE}.presentationml.presentation", "pptx")
TEXT = _type("Text/CSV", "text/plain", "txt", "csv", "log", "md")
ALLOWED = (PNG, JPEG, WEBP, PDF, DOCX, XLSX, PPTX, TEXT)
ENDINGS = frozenset[str]().union(*(kind.endings for kind in ALLOWED))
IMAGES = frozenset({PNG, JPEG, WEBP})
PICTURE_FORMATS = ("PNG", "JPEG", "WEBP")  # the decoders that a picture may meet
MAGIC = ((b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"%PDF-", PDF))
OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
ACTIVE_CONTENT = re.compile(r"vbaProject\.bin$|/activeX/|/embeddings/.*\.bin$", re.IGNORECASE)


def open_picture(file: IO[bytes]) -> Image.Image:
    """Open a picture of one of our types; half a picture is none. Raises what Pillow raises.

    WeasyPrint, once it is imported, lets Pillow fill what is missing with grey and unpack texts of any size.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return Image.open(file, formats=PICTURE_FORMATS)


def sniff(file: IO[bytes]) -> FileType | None:
    """Return the allowed type that the content of `file` shows, or None. Reads its head, or a zip's directory."""
    file.seek(0)
    head = file.read(TEXT_SAMPLE)
    file.seek(0)
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"PK\x03\x04"):
        return _office_type(file)
    return TEXT if _is_text(head) else None


def _office_type(file: IO[bytes]) -> FileType | None:
    """Tell an office document from any other zip by its directory; nothing is unpacked. Macros are not allowed."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    finally:
        file.seek(0)
    if "[Content_Types].xml" not in names or any(ACTIVE_CONTENT.search(name) for name in names):
        return None
    return next((kind for part, kind in OFFICE_PARTS.items() if part in names), None)


def _is_text(head: bytes) -> bool:
    if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head):
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start >= len(head) - 4 and len(head) == TEXT_SAMPLE:
                return True  # the sample ends in the middle of a character
        else:
            return True
    return False


def is_deceptive(name: str) -> bool:
    """Whether `name` holds characters that hide what follows: controls, or marks that turn the reading direction."""
    return any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in name)


def clean_name(name: str, limit: int = 120) -> str:
    """Return the last part of `name` without what file systems and headers trip over, its ending kept."""
    base = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    base = re.sub(r'[<>:"|?*%]', "_", base).strip(" .") or "file"
    stem, dot, ending = base.rpartition(".")
    if not dot:
        return base[:limit]
    return f"{stem[: limit - len(ending) - 1]}.{ending}"[:limit]


def ending_of(name: str) -> str:
    """Return what follows the last dot of a file name, in small letters; empty without a dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""
