from io import BytesIO

import pikepdf
import pytest

from signing.domain import inspection, verification
from signing.domain.verification import Finding


def test_the_sealed_file_is_unchanged(pure):
    assert pure.finding(pure.content) == Finding.UNCHANGED


def flip(content, position):
    return content[:position] + bytes([content[position] ^ 0x01]) + content[position + 1 :]


def test_a_flipped_byte_in_signed_content_is_not_even_authentic(pure):
    position = pure.content.index(b"endobj") + 200
    assert pure.finding(flip(pure.content, position)) in {Finding.CHANGED, Finding.UNREADABLE, Finding.UNKNOWN}


def append_update(content):
    """An incremental update, which pdfsig does not see."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(content))
    writer.root[generic.pdf_name("/PageMode")] = generic.pdf_name("/UseOutlines")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def rewrite(content):
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as file:
        file.save(out)
    return out.getvalue()


def before_last_signature(content):
    """The file as it was before the last signer: every signature in it is good."""
    return content[: content.rindex(b"%%EOF", 0, content.rindex(b"%%EOF")) + 6]


@pytest.mark.parametrize(
    ("manipulation", "finding"),
    [
        (append_update, {Finding.CHANGED}),
        (lambda content: content + b"\n% more", {Finding.CHANGED, Finding.UNREADABLE}),
        (lambda content: content + b"\0" * 5000, {Finding.CHANGED, Finding.UNREADABLE}),
        (rewrite, {Finding.CHANGED, Finding.UNREADABLE}),
        (before_last_signature, {Finding.NOT_FINAL}),
        (lambda content: content[:-300], {Finding.CHANGED, Finding.UNREADABLE, Finding.NOT_FINAL}),
        (lambda content: content[: len(content) // 2], {Finding.CHANGED, Finding.UNREADABLE, Finding.UNKNOWN}),
    ],
)
def test_a_manipulated_file_is_never_unchanged(pure, manipulation, finding):
    assert pure.finding(manipulation(pure.content)) in finding


def test_another_sealing_of_the_same_document_is_not_the_final_copy(pure):
    assert pure.finding(pure.seal()) == Finding.NOT_FINAL


def test_a_file_of_another_installation_is_unknown(pure, tmp_path):
    from signing.domain import certificates, seal
    from tests.signing.domain.conftest import CONTACT

    foreign = certificates.own_seal(tmp_path / "seal")
    content = seal.apply(pure.prepared, foreign, pure.acts, contact=CONTACT)
    assert pure.finding(content) == Finding.UNKNOWN


def test_a_file_without_signatures_is_unknown(pure):
    assert pure.finding(pure.body) == Finding.UNKNOWN


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"", Finding.UNREADABLE),
        (b"hello", Finding.UNREADABLE),
        (b"%PDF-1.7\nnothing", Finding.UNREADABLE),
        (b"%PDF-1.7\n" + b"<<" * 200_000, Finding.UNREADABLE),
        (b"%PDF" + b"x" * (verification.MAX_BYTES + 1), Finding.TOO_LARGE),
    ],
)
def test_verify_survives_whatever_is_uploaded(content, finding):
    assert verification.verify(content).finding == finding


@pytest.mark.django_db
def test_verify_ends_a_file_that_takes_too_long(monkeypatch):
    monkeypatch.setattr(verification, "WALL_SECONDS", 0.01)
    answer = verification.verify(b"%PDF-1.7\nslow")
    assert (answer.finding, answer.reasons) == (Finding.UNREADABLE, ("took too long",))


@pytest.mark.django_db
def test_verify_says_when_every_place_is_taken(monkeypatch):
    monkeypatch.setattr(verification, "SLOTS", 0)
    assert verification.verify(b"%PDF-1.7\nx").finding == Finding.BUSY


def test_inspection_refuses_many_revisions(pure, monkeypatch):
    monkeypatch.setattr(inspection, "MAX_REVISIONS", 2)
    assert inspection.inspect(BytesIO(pure.content), pure.key.roots_pem, None) == {"fault": "too many revisions"}


def test_inspection_refuses_many_signatures(pure, monkeypatch):
    monkeypatch.setattr(inspection, "MAX_SIGNATURES", 2)
    assert inspection.inspect(BytesIO(pure.content), pure.key.roots_pem, None) == {"fault": "too many signatures"}
