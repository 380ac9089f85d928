"""What a copy of a sealed file is put through, by name: each takes the genuine bytes and returns a forgery."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from signing.domain import certificates


def flip(content: bytes, position: int) -> bytes:
    return content[:position] + bytes([content[position] ^ 0x01]) + content[position + 1 :]


def updated(content: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Append an incremental update, which neither pdfsig nor openssl sees."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def rewritten(content: bytes, change: Callable[[pikepdf.Pdf], None] = lambda file: None) -> bytes:
    """Save the whole file anew, as an editor does."""
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as file:
        change(file)
        file.save(out)
    return out.getvalue()


def flip_page_content(content: bytes) -> bytes:
    return flip(content, content.index(b"stream") + 60)


def cut_off_the_last_revision(content: bytes) -> bytes:
    return content[: content.rindex(b"%%EOF", 0, content.rindex(b"%%EOF")) + 6]


def append_bytes(content: bytes) -> bytes:
    return content + b"\n% seen and agreed\n"


def change_the_title(content: bytes) -> bytes:
    def change(writer):
        info = writer.add_object(generic.DictionaryObject({pdf_name("/Title"): pdf_string("Another title")}))
        writer.set_info(info)

    return updated(content, change)


def add_an_annotation(content: bytes) -> bytes:
    def change(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 500, 500, 700))),
                pdf_name("/Contents"): pdf_string("Accepted without reserve"),
                pdf_name("/DA"): pdf_string("/Helv 20 Tf"),
            }
        )
        notes = generic.ArrayObject([*page.get("/Annots", []), writer.add_object(note)])
        page[pdf_name("/Annots")] = notes
        writer.update_container(page)

    return updated(content, change)


def swap_an_attachment(content: bytes) -> bytes:
    """Put another manifest into the place of the signed one, by an update."""

    def change(writer):
        names = writer.root["/Names"]["/EmbeddedFiles"]
        flat = names["/Names"] if "/Names" in names else names["/Kids"][0]["/Names"]
        place = next(number for number in range(0, len(flat), 2) if str(flat[number]) == "manifest.json")
        specification = flat[place + 1]
        specification["/EF"][pdf_name("/F")] = writer.add_object(generic.StreamObject(stream_data=b'{"price": 1}'))
        writer.update_container(specification["/EF"])

    return updated(content, change)


def swap_an_attachment_and_save(content: bytes) -> bytes:
    def change(file):
        file.attachments["manifest.json"] = pikepdf.AttachedFileSpec(file, b'{"price": 1}', filename="manifest.json")

    return rewritten(content, change)


def strip_one_signature(content: bytes) -> bytes:
    """Empty the field of the last signer, by an update."""

    def change(writer):
        field = writer.root["/AcroForm"]["/Fields"][-1]
        field.get_object().pop("/V")
        writer.update_container(field)

    return updated(content, change)


def strip_all_signatures(content: bytes) -> bytes:
    def change(file):
        for field in file.Root.AcroForm.Fields:
            del field["/V"]
        del file.Root["/Perms"]

    return rewritten(content, change)


def save_anew(content: bytes) -> bytes:
    return rewritten(content)


def replace_a_page(content: bytes) -> bytes:
    """Give the first page another content, by an update."""

    def change(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"0 0 595 842 re f"))
        writer.update_container(page)

    return updated(content, change)


def sign_with_a_foreign_certificate(content: bytes) -> bytes:
    """Add one more signature, by somebody else's key."""
    meta = PdfSignatureMetadata(field_name="Signer9", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    return PdfSigner(meta, signer=foreign_seal().signer()).sign_pdf(IncrementalPdfFileWriter(BytesIO(content))).read()


@cache
def foreign_seal() -> certificates.Seal:
    return certificates.own_seal(Path(mkdtemp()) / "foreign")


def act_on_opening(content: bytes) -> bytes:
    """Add a script that runs when the file is opened, by an update."""

    def change(writer):
        script = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
        writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(script)
        writer.update_root()

    return updated(content, change)


# The table of documents.md: eleven of eleven.
MANIPULATIONS: dict[str, Callable[[bytes], bytes]] = {
    "a byte of a page is flipped": flip_page_content,
    "the last revision is cut off": cut_off_the_last_revision,
    "bytes follow the end": append_bytes,
    "the title is changed": change_the_title,
    "an annotation is added": add_an_annotation,
    "an attachment is swapped by an update": swap_an_attachment,
    "a page is replaced": replace_a_page,
    "one signature is stripped": strip_one_signature,
    "all signatures are stripped": strip_all_signatures,
    "the file is saved anew": save_anew,
    "a foreign signature is added": sign_with_a_foreign_certificate,
}
MORE: dict[str, Callable[[bytes], bytes]] = {
    "an attachment is swapped and the file saved": swap_an_attachment_and_save,
    "a script runs on opening": act_on_opening,
}
