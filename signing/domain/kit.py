"""The offline kit: a sealed document with everything by which anybody can check it without us, now and in ten years.

A ZIP: the sealed PDF, what was signed as data, each signature beside the very bytes it covers, the certificates, the
fingerprints of all these, a script that checks them with sha256sum and openssl, and how to do so by hand, in Chinese
and English. The same document gives the same bytes.
"""

import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import cms, pem
from django.template.loader import render_to_string
from django.utils import translation
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.domain import documents, evidence
from signing.domain import manifest as manifests
from signing.models import SealedFile

READMES = {"zh-hans": "说明.txt", "en": "README.txt"}


@dataclass(frozen=True)
class Loose:
    """One signature out of the PDF: its name, the CMS (DER) and the bytes it was made over."""

    name: str
    is_time_stamp: bool
    cms: bytes
    content: bytes
    certificates: tuple[bytes, ...]


def make(record: SealedFile) -> bytes:
    """Return the ZIP of a sealed document."""
    request = record.request
    sealed = documents.read(record.file)
    signatures = loosen(sealed)
    files: dict[str, bytes] = {
        request.file_name: sealed,
        "document.pdf": documents.read(request.body_file),
        "manifest.json": manifests.canonical(request.manifest),
        "certificates.pem": _certificates(record, signatures),
    }
    for signature in signatures:
        files[f"signatures/{signature.name}.der"] = signature.cms
        files[f"signatures/{signature.name}.bin"] = signature.content
    facts = {
        "document": request,
        "record": record,
        "signatures": signatures,
        "verify_url": evidence.verify_url(request),
    }
    for language, name in READMES.items():
        with translation.override(language):
            files[name] = render_to_string("signing/kit/readme.txt", facts).encode()
    files["check.sh"] = render_to_string("signing/kit/check.sh", facts).encode()
    sums = "".join(f"{manifests.sha256(content)}  {name}\n" for name, content in sorted(files.items()))
    return _zip(files | {"SHA256SUMS": sums.encode()}, record.sealed_at)


def loosen(sealed: bytes) -> list[Loose]:
    """Return the signatures of a sealed PDF, in the order of signing."""
    found = []
    for number, embedded in enumerate(PdfFileReader(BytesIO(sealed)).embedded_signatures, start=1):
        first, length, second, rest = (int(part) for part in embedded.sig_object["/ByteRange"])
        content = sealed[first : first + length] + sealed[second : second + rest]
        container = cms.ContentInfo.load(embedded.pkcs7_content)  # without the zeros that fill the reserved space
        found.append(
            Loose(
                name=f"{number}-{embedded.field_name}",
                is_time_stamp=str(embedded.sig_object.get("/Type", "")) == "/DocTimeStamp",
                cms=container.dump(),
                content=content,
                certificates=tuple(each.chosen.dump() for each in container["content"]["certificates"]),
            )
        )
    return found


def _certificates(record: SealedFile, signatures: list[Loose]) -> bytes:
    """Return the roots on record and every certificate that the signatures bring along, each once, as PEM."""
    roots = [der for _name, _headers, der in pem.unarmor(record.trusted_pem.encode(), multiple=True)]
    ders = dict.fromkeys([*roots, *(der for signature in signatures for der in signature.certificates)])
    return b"".join(pem.armor("CERTIFICATE", der) for der in ders)


def _zip(files: dict[str, bytes], at: datetime) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            archive.writestr(entry, content)
    return out.getvalue()


def name_of(record: SealedFile) -> str:
    """Return what the ZIP is called when it is handed out."""
    return f"{record.request.number}-v{record.request.version}-kit.zip"
