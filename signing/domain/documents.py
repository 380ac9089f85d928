"""The body of a document: what people read and sign, frozen as HTML and as a PDF when it is sent."""

import re
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from common import pdf
from signing.domain.manifest import sha256

STYLES = ("css/report.css", "css/signed.css")


@dataclass(frozen=True)
class SignerLine:
    """One person on the front page: who is asked to sign, as what, with which words."""

    order: int
    name: str
    role: str
    organisation: str
    meaning: str


@dataclass(frozen=True)
class Cover:
    """What every document says about itself, whatever its kind."""

    number: str
    version: int
    title: str
    kind: str
    project: str
    project_key: str
    customer: str
    vendor: str
    sent_by: str
    sent_at: datetime
    manifest_sha256: str
    signers: tuple[SignerLine, ...]

    @property
    def label(self) -> str:
        return f"{self.number} v{self.version}"


@dataclass(frozen=True)
class Body:
    html: str  # the kind's own part, as pages show it
    pdf: bytes
    pages: int

    @property
    def sha256(self) -> str:
        return sha256(self.pdf)


def make_body(template: str, facts: Any, cover: Cover, *, language: str, time_zone: str) -> Body:
    """Print the body and read it back: every word of it must be found in the PDF, or DocumentFault is raised."""
    with translation.override(language), timezone.override(time_zone):
        html = render_to_string(template, {"facts": facts, "cover": cover, "language": language})
    whole = pdf.render_document_html(
        "signing/document.html",
        {"body": html, "cover": cover},
        language,
        created=cover.sent_at,
        time_zone=time_zone,
    )
    printed = pdf.print_html(whole, created=cover.sent_at, variant=pdf.SIGNED, styles=STYLES)
    pdf.check_text(printed.pdf, [*texts_of(html), cover.title, cover.label, *(line.name for line in cover.signers)])
    return Body(html=html, pdf=printed.pdf, pages=printed.pages)


def store(name: str, content: bytes) -> None:
    """Write a file under exactly this name, in the place of what a run that died may have left there."""
    if default_storage.exists(name):
        default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(content))
    if stored != name:
        raise OSError(f"{name} was written by someone else at the same time")


def read(name: str) -> bytes:
    """Return the bytes stored under `name`. Raises FileNotFoundError."""
    with default_storage.open(name) as file:
        return file.read()


class _Texts(HTMLParser):
    HIDDEN = frozenset({"script", "style", "title", "desc", "head"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        self._hidden += tag in self.HIDDEN

    def handle_endtag(self, tag):
        self._hidden -= tag in self.HIDDEN

    def handle_data(self, data):
        if not self._hidden and data.strip():
            self.texts.append(re.sub(r"\s+", " ", data.strip()))


def texts_of(html: str) -> list[str]:
    """Return every visible text of an HTML fragment, in order."""
    parser = _Texts()
    parser.feed(html)
    parser.close()
    return parser.texts
