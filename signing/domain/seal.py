"""The cryptographic seal: prepare a PDF with all its signature fields, then sign them in order (PAdES, EN 319 142).

`prepare` is deterministic: body pages as they were shown, evidence pages behind them, attachments, one field for the
platform and one per signer. `apply` certifies and signs; each signature is an increment, nothing before it moves.
Levels: B-T where a time-stamp authority is configured, else B-B with the server's clock. Never one for the other: if
the authority does not answer, sealing fails and is repeated.
"""

import asyncio
import logging
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import uharfbuzz
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import TextStampStyle

from common.pdf import File
from signing.domain.certificates import Seal

PLATFORM, ARCHIVE = "Platform", "ArchiveTimestamp"
TOKEN_SLACK = 200  # bytes that one token of an authority is longer than another at most
ATTRIBUTES = 1500  # bytes that a signature takes at most beside its certificates, its own value and a time stamp
SERVER_CLOCK = "server clock"
PDFUA = '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>'


@dataclass(frozen=True)
class Field:
    """A signature field: where its stamp stands on the evidence pages (page from 0, points), or nowhere."""

    name: str
    tooltip: str
    page: int = 0
    box: tuple[float, float, float, float] = (0, 0, 0, 0)


@dataclass(frozen=True)
class Act:
    """What one signature in the PDF says."""

    field: str
    name: str
    reason: str
    stamp: tuple[str, ...] = ()  # lines; empty for the invisible one of the platform


def field_names(signers: int) -> list[str]:
    """Return the names of the fields of a sealed file, in the order in which they are signed."""
    return [PLATFORM, *(f"Signer{number}" for number in range(1, signers + 1))]


def prepare(body: bytes, evidence: bytes, fields: Sequence[Field], files: Sequence[File], created: datetime) -> bytes:
    """Return body and evidence as one tagged PDF/A-3a with empty signature fields; same input, same bytes."""
    with pikepdf.open(BytesIO(body)) as pdf, pikepdf.open(BytesIO(evidence)) as behind:
        first = len(pdf.pages)
        pdf.pages.extend(behind.pages)
        _join_structure(pdf, behind, first)
        for file in files:
            _attach(pdf, file, created)
        _add_fields(pdf, fields, first)
        _declare_accessible(pdf)
        out = BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def apply(prepared: bytes, seal: Seal, acts: Sequence[Act], *, contact: str, tsa_url: str = "") -> bytes:
    """Certify with the first act, sign with each that follows, add an archive time stamp where there is an authority.

    `contact` is the address at which the document can be checked. Raises OSError if the authority does not answer.
    """
    stamper = time_stamper(tsa_url) if tsa_url else None
    with ThreadPoolExecutor(1) as thread:  # pyHanko is asynchronous, and the caller may be inside a loop of its own
        return thread.submit(asyncio.run, _apply(prepared, seal, acts, contact, stamper)).result()


def stamp(content: bytes, *, tsa_url: str, field: str) -> bytes:
    """Return the file with one more time stamp over all of it, as an increment. Raises OSError as `apply` does."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _stamp(content, time_stamper(tsa_url), field)).result()


async def _stamp(content: bytes, stamper: TimeStamper, field: str) -> bytes:
    token = len((await stamper.async_dummy_response("sha256")).dump()) + TOKEN_SLACK
    writer = IncrementalPdfFileWriter(BytesIO(content))
    out = await PdfTimeStamper(stamper, field_name=field).async_timestamp_pdf(
        writer, "sha256", bytes_reserved=2 * token
    )
    return out.getvalue()


async def _apply(prepared: bytes, seal: Seal, acts: Sequence[Act], contact: str, stamper: TimeStamper | None) -> bytes:
    content, signer = prepared, seal.signer()
    token = len((await stamper.async_dummy_response("sha256")).dump()) + TOKEN_SLACK if stamper else 0
    for number, act in enumerate(acts):
        meta = PdfSignatureMetadata(
            field_name=act.field,
            name=act.name,
            reason=act.reason,
            contact_info=contact,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=number == 0,
            docmdp_permissions=MDPPerm.FILL_FORMS,
        )
        style = _stamp_style(act.stamp) if act.stamp else None
        pdf_signer = PdfSigner(meta, signer=signer, timestamper=stamper, stamp_style=style)
        writer = IncrementalPdfFileWriter(BytesIO(content))
        reserved = 2 * (_size(seal) + token)  # in hex digits; a dry run to learn it would cost a second signature
        out = await pdf_signer.async_sign_pdf(writer, existing_fields_only=True, bytes_reserved=reserved)
        content = out.getvalue()
    if stamper:
        content = await _stamp(content, stamper, ARCHIVE)
    return content


def _size(seal: Seal) -> int:
    """Return how many bytes a signature takes at most: its certificates travel with it."""
    certificates = sum(len(each.public_bytes(Encoding.DER)) for each in (seal.certificate, *seal.chain))
    return certificates + seal.key.key_size // 8 * 2 + ATTRIBUTES


class HttpTimeStamper(TimeStamper):
    """An RFC 3161 authority over HTTP, asked with what Python brings along."""

    def __init__(self, url: str):
        super().__init__()
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await asyncio.to_thread(self._ask, req.dump())

    def _ask(self, body: bytes) -> tsp.TimeStampResp:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        question = urllib.request.Request(self.url, data=body, headers=headers)  # noqa: S310  administrator's setting
        with urllib.request.urlopen(question, timeout=10) as answer:  # noqa: S310
            return tsp.TimeStampResp.load(answer.read(200_000))


def time_stamper(url: str) -> TimeStamper:
    """Return what asks the time-stamping authority at `url`; ten seconds at most."""
    return HttpTimeStamper(url)


def _join_structure(pdf: pikepdf.Pdf, behind: pikepdf.Pdf, first: int) -> None:
    """Hang the tags of the appended pages into the tag tree of the document, under numbers of their own."""
    root, other = pdf.Root.StructTreeRoot, pdf.copy_foreign(behind.Root.StructTreeRoot)
    numbers, more = _numbers(root.ParentTree), _numbers(other.ParentTree)
    offset = max(numbers, default=-1) + 1
    for page in list(pdf.pages)[first:]:
        _shift(page.obj, "/StructParents", offset)
        for annotation in page.obj.get("/Annots", []):
            _shift(annotation, "/StructParent", offset)
    numbers.update({number + offset: value for number, value in more.items()})
    _set_numbers(pdf, numbers)
    kids = [*_array(root.K), *_array(other.K)]
    for kid in _array(other.K):
        kid.P = root
    root.K = Array(kids)
    root.ParentTreeNextKey = max(numbers, default=-1) + 1


def _add_fields(pdf: pikepdf.Pdf, fields: Sequence[Field], first: int) -> None:
    """Make an empty signature field per entry: a widget on its page, tagged as a form element with a tooltip."""
    root = pdf.Root.StructTreeRoot
    numbers, parent = _numbers(root.ParentTree), _array(root.K)[-1]
    made = []
    for field in fields:
        page = pdf.pages[first + field.page].obj
        number = max(numbers, default=-1) + 1
        widget = _widget(pdf, field, page, number)
        numbers[number] = element = _form_element(pdf, field, page, parent, widget)
        parent.K = Array([*_array(parent.get("/K", Array())), element])
        page.Annots = Array([*page.get("/Annots", []), widget])
        page.Tabs = Name.S
        made.append(widget)
    _set_numbers(pdf, numbers)
    root.ParentTreeNextKey = max(numbers, default=-1) + 1
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array(made), SigFlags=3))


def _widget(pdf: pikepdf.Pdf, field: Field, page: pikepdf.Object, number: int) -> pikepdf.Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(field.name),
            TU=String(field.tooltip),
            Contents=String(field.tooltip),
            F=132,  # print, locked
            Rect=Array([round(edge, 2) for edge in field.box]),
            P=page,
            StructParent=number,
            AP=Dictionary(N=_empty_appearance(pdf, field)),
        )
    )


def _form_element(
    pdf: pikepdf.Pdf, field: Field, page: pikepdf.Object, parent: pikepdf.Object, widget: pikepdf.Object
) -> pikepdf.Object:
    """Make the tag under which a screen reader finds the widget."""
    return pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=page,
            Alt=String(field.tooltip),
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),
        )
    )


def _empty_appearance(pdf: pikepdf.Pdf, field: Field) -> pikepdf.Object:
    left, bottom, right, top = field.box
    box = Array([0, 0, round(right - left, 2), round(top - bottom, 2)])
    return pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=Dictionary())


def _attach(pdf: pikepdf.Pdf, file: File, created: datetime) -> None:
    stamp = pikepdf.models.metadata.encode_pdf_date(created)
    specification = pikepdf.AttachedFileSpec(
        pdf,
        file.content,
        description=file.description,
        filename=file.name,
        mime_type=file.media_type,
        creation_date=stamp,
        mod_date=stamp,
        relationship=Name("/" + file.relationship),
    )
    pdf.attachments[file.name] = specification  # pikepdf lists it under /AF as well, as PDF/A-3 wants it


def _declare_accessible(pdf: pikepdf.Pdf) -> None:
    """Say in the metadata that the document is PDF/UA-1 as well as PDF/A-3a: no renderer writes both."""
    packet = pdf.Root.Metadata.read_bytes().decode()
    if "pdfuaid" not in packet:
        pdf.Root.Metadata.write(packet.replace("</rdf:RDF>", f"{PDFUA}</rdf:RDF>", 1).encode())
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _numbers(tree: pikepdf.Object) -> dict[int, pikepdf.Object]:
    """Return a number tree as a dict, whether it is flat or has branches."""
    found = {}
    flat = list(tree.get("/Nums", []))
    found.update({int(number): value for number, value in zip(flat[::2], flat[1::2], strict=True)})
    for branch in tree.get("/Kids", []):
        found.update(_numbers(branch))
    return found


def _set_numbers(pdf: pikepdf.Pdf, numbers: dict[int, pikepdf.Object]) -> None:
    flat = [part for number in sorted(numbers) for part in (number, numbers[number])]
    pdf.Root.StructTreeRoot.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(flat)))


def _shift(obj: pikepdf.Object, key: str, offset: int) -> None:
    if key in obj:
        obj[key] = int(obj[key]) + offset


def _array(value: pikepdf.Object) -> list:
    return list(value) if isinstance(value, Array) else [value]


@dataclass(frozen=True)
class _NameFont(FontEngineFactory):
    """Noto Sans SC cut down to the letters of one stamp before pyHanko opens it: all of it costs half a second."""

    text: str

    def create_font_engine(self, writer, obj_stream=None):
        logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table it cuts
        return GlyphAccumulator(writer, BytesIO(_subset(self.text)), font_size=9, obj_stream=obj_stream)


def _subset(text: str) -> bytes:
    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.UNICODE).set({ord(letter) for letter in text})
    wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update({_tag(name) for name in ("GSUB", "GPOS", "GDEF")})
    return bytes(uharfbuzz.subset(_face(), wanted).blob.data)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


@cache
def _face() -> uharfbuzz.Face:
    from django.conf import settings

    return uharfbuzz.Face((Path(settings.PDF_FONT_DIR) / "NotoSansSC-Regular.ttf").read_bytes())


def _stamp_style(lines: Sequence[str]) -> TextStampStyle:
    text = "\n".join(lines)
    return TextStampStyle(
        stamp_text=text.replace("%", "%%"),
        border_width=0,
        background=None,
        text_box_style=TextBoxStyle(
            font=_NameFont(text), font_size=9, leading=13, text_color=(0.063, 0.149, 0.247), border_width=0
        ),
        inner_content_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MIN, y_align=AxisAlignment.ALIGN_MID, margins=Margins(9, 9, 4, 4)
        ),
    )
