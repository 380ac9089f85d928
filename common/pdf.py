"""HTML template in, PDF bytes out: the same bytes on every host, and nothing fetched from anywhere.

Why it is as it is: docs/adr and documents.md. In short: fontconfig sees only our own font folder and DejaVu, dates come
only from the caller, the fetcher serves only packaged assets, and the result is read back before anyone signs it.
"""

import logging
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation

SIGNED, REPORT = "pdf/a-3a", "pdf/ua-1"
STYLES = ("css/report.css",)
MAX_PAGE_BREAKS = 3  # that one text may run over
ASSET = "asset:"  # the scheme of packaged files: asset:img/logo.svg
DEJAVU_FOLDERS = ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu", "/opt/homebrew/share/fonts")

# WeasyPrint and its font configuration are not safe for threads; a worker has one thread, a web process may have more.
_lock = threading.Lock()


class DocumentFault(Exception):
    """The PDF does not say what its facts say: a missing glyph, a denied fetch, a text that is not found in it."""


@dataclass(frozen=True)
class File:
    """A file that travels inside a PDF."""

    name: str
    content: bytes
    description: str
    media_type: str = "application/json"
    relationship: str = "Data"


@dataclass(frozen=True)
class Place:
    """Where an element with an id came to lie: page from 0, points from the page's lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Printed:
    pdf: bytes
    pages: int
    places: dict[str, Place]


def render_pdf(
    template: str,
    facts: Any,
    language: str,
    *,
    created: datetime,
    variant: str = REPORT,
    attachments: Iterable[File] = (),
    time_zone: str = "UTC",
) -> bytes:
    """Return the PDF of a document template, which finds its facts as `facts`.

    The same arguments give the same bytes on every host and on every day: `created` is the document's only date.
    Raises DocumentFault if a glyph is missing or the document asks for something that is not packaged.
    """
    html = render_document_html(template, {"facts": facts}, language, created=created, time_zone=time_zone)
    return print_html(html, created=created, variant=variant, attachments=attachments).pdf


def render_document_html(
    template: str, context: dict[str, Any], language: str, *, created: datetime, time_zone: str = "UTC"
) -> str:
    """Return the HTML of a document in its own language and zone, whatever the reader's are."""
    with translation.override(language), timezone.override(time_zone):
        return render_to_string(template, {**context, "language": language, "created": created, "pdf": True})


def print_html(
    html: str,
    *,
    created: datetime,
    variant: str = REPORT,
    attachments: Iterable[File] = (),
    styles: Sequence[str] = STYLES,
    measure: bool = False,
) -> Printed:
    """Print a whole HTML document with its packaged styles. With `measure`, say where the elements with an id lie."""
    engine = _engine()
    with _lock, _Faults() as faults:
        fetcher = engine.fetcher()
        document = engine.weasyprint.HTML(
            string=_dated(html, created), url_fetcher=fetcher, base_url="asset:/", media_type="print"
        ).render(
            font_config=engine.fonts,
            stylesheets=[engine.style(name) for name in styles],
            pdf_variant=variant,
        )
        files = [_attachment(engine, fetcher, file, created) for file in attachments]
        pdf = document.write_pdf(pdf_variant=variant, attachments=files, finisher=_finish)
    if faults.found or fetcher.denied:
        raise DocumentFault("; ".join([*faults.found, *fetcher.denied]))
    return Printed(pdf, len(document.pages), _places(document) if measure else {})


def check_text(pdf: bytes, expected: Iterable[str]) -> None:
    """Read the PDF back with pdftotext and raise DocumentFault unless it holds every expected text.

    Layout breaks lines where it likes, so white space is left out of the comparison; a text that runs over to the
    next page is found in parts, with the footer between them.
    """
    found = "".join(extract_text(pdf).split())
    missing = [text for text in expected if not _is_found("".join(text.split()), found, MAX_PAGE_BREAKS)]
    if missing:
        raise DocumentFault(f"not in the printed document: {missing[:5]}")


def _is_found(text: str, found: str, breaks: int) -> bool:
    if text in found:
        return True
    if not breaks:
        return False
    # The longest part from the start that is there, by bisection: each shorter one is there as well.
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if text[:middle] in found else (low, middle)
    return low > 0 and _is_found(text[low:], found, breaks - 1)


def extract_text(pdf: bytes) -> str:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = ["pdftotext", "-raw", "-nopgbrk", "-enc", "UTF-8", file.name, "-"]
        return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()  # noqa: S603


def fonts_configuration() -> Path:
    """Write the fontconfig file that names only our own fonts, and return its path."""
    folders = [settings.PDF_FONT_DIR, *(folder for folder in DEJAVU_FOLDERS if Path(folder).is_dir())]
    home = settings.LANDFALL_HOME / "cache"
    home.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in folders)
    content = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"{lines}<cachedir>{escape(str(home / 'fontconfig'))}</cachedir></fontconfig>\n"
    )
    path = home / "fonts.conf"
    if not path.exists() or path.read_text() != content:
        draft = path.with_name(f"fonts.conf.{os.getpid()}")
        draft.write_text(content)
        draft.replace(path)  # another process never reads half a file
    return path


class _Engine:
    """WeasyPrint with one font configuration per process: a new one per document grows the worker without end."""

    def __init__(self) -> None:
        # Before Pango asks fontconfig for the first time. Host fonts would give every host other bytes.
        os.environ["FONTCONFIG_FILE"] = str(fonts_configuration())
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        for name in ("weasyprint", "weasyprint.progress"):  # the gate below reads its warnings, whatever LOG_LEVEL is
            logging.getLogger(name).setLevel(logging.WARNING)
        self.weasyprint = weasyprint
        self.fonts = FontConfiguration()
        self.fetcher = _fetcher_class()
        self._styles: dict[str, tuple[float, Any]] = {}

    def style(self, name: str):
        """Return a parsed style sheet, parsed again only when its file has changed."""
        path = Path(_find_asset(name) or name)
        changed = path.stat().st_mtime
        if name not in self._styles or self._styles[name][0] != changed:
            css = self.weasyprint.CSS(string=path.read_text(), font_config=self.fonts, url_fetcher=self.fetcher())
            self._styles[name] = changed, css
        return self._styles[name][1]


@cache
def _engine_of(process: int) -> _Engine:
    return _Engine()


def _engine() -> _Engine:
    return _engine_of(os.getpid())  # a forked worker must not share the font configuration of its parent


@cache
def _fetcher_class() -> Callable[[], Any]:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class PackagedOnly(URLFetcher):
        """Serves packaged static files and data: addresses; everything else is denied and fails the document."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=["data"], allow_redirects=False)
            self.denied: list[str] = []

        def fetch(self, url, headers=None):
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = _find_asset(url.removeprefix(ASSET).lstrip("/")) if url.startswith(ASSET) else None
            if path is None:
                self.denied.append(f"denied fetch: {url[:200]}")
                raise ValueError(f"not a packaged file: {url[:200]}")
            return URLFetcherResponse(url, Path(path).read_bytes())

    return PackagedOnly


def _find_asset(name: str) -> str | None:
    from django.core.exceptions import SuspiciousFileOperation

    try:
        return finders.find(name)
    except SuspiciousFileOperation:
        return None


def _dated(html: str, created: datetime) -> str:
    instant = created.isoformat(timespec="seconds")
    dates = f'<meta name="dcterms.created" content="{instant}"><meta name="dcterms.modified" content="{instant}">'
    return html.replace("</head>", f"{dates}</head>", 1)


def _attachment(engine: _Engine, fetcher, file: File, created: datetime):
    import base64

    return engine.weasyprint.Attachment(
        url=f"data:{file.media_type};base64,{base64.b64encode(file.content).decode()}",
        url_fetcher=fetcher,
        name=file.name,
        description=file.description,
        created=created,
        modified=created,
        relationship=file.relationship,
    )


def _finish(document, pdf) -> None:
    if "AF" in pdf.catalog:  # WeasyPrint lists an attachment once as associated and once as embedded
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
    _scope_headers(pdf)


def _scope_headers(pdf) -> None:
    """Say of every header cell whether it heads a column or a row: WeasyPrint leaves that to the reader's guess."""

    def parent_of(element):
        return pdf.objects[int(element["P"].split()[0])]

    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/TH":
            group = parent_of(parent_of(element))
            element["A"]["Scope"] = "/Row" if group["S"] == "/TBody" else "/Column"


def _places(document) -> dict[str, Place]:
    points = 0.75  # a CSS pixel
    return {
        name: Place(number, x1 * points, (page.height - y2) * points, x2 * points, (page.height - y1) * points)
        for number, page in enumerate(document.pages)
        for name, (x1, y1, x2, y2) in page.anchors.items()
    }


class _Faults(logging.Handler):
    """Collects what WeasyPrint only logs: glyphs that no font has, files that could not be loaded."""

    TELLING: Sequence[str] = (".notdef", "Failed to load", "harfbuzz")

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if any(sign in message for sign in self.TELLING):
            self.found.append(message[:300])

    def __enter__(self) -> "_Faults":
        for name in ("weasyprint", "fontTools"):
            logging.getLogger(name).addHandler(self)
        return self

    def __exit__(self, *exc) -> None:
        for name in ("weasyprint", "fontTools"):
            logging.getLogger(name).removeHandler(self)
