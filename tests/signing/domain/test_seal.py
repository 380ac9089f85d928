import datetime as dt
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto.cms import ContentInfo
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from pikepdf import Name
from pyhanko.pdf_utils.reader import PdfFileReader

from common import pdf
from signing.domain import certificates, seal
from signing.domain.manifest import sha256
from signing.domain.verification import Finding
from tests.signing.authority import time_stamp_authority, time_stamp_server

STAMPED = "signature_time_stamp_token"


def test_prepare_is_deterministic(pure):
    assert pure.prepared == pure.again


def test_prepare_keeps_the_body_pages_as_they_were_shown(pure):
    with pikepdf.open(BytesIO(pure.body)) as body, pikepdf.open(BytesIO(pure.prepared)) as whole:
        assert len(whole.pages) == len(body.pages) + 1
        for shown, kept in zip(body.pages, whole.pages, strict=False):
            assert shown.Contents.read_bytes() == kept.Contents.read_bytes()


def test_prepare_makes_all_fields_beforehand_each_with_a_tooltip(pure):
    with pikepdf.open(BytesIO(pure.prepared)) as whole:
        fields = whole.Root.AcroForm.Fields
        assert [str(field.T) for field in fields] == ["Platform", "Signer1", "Signer2"]
        assert [str(field.TU) for field in fields] == ["Seal", "Signature of 王磊", "Signature of Sam"]
        assert all("/V" not in field for field in fields)
        assert whole.attachments["manifest.json"].get_file().read_bytes() == b'{"a": 1}'
        assert len(whole.Root.AF) == 1


def test_apply_is_certified_and_valid_for_poppler(pure, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(pure.content)
    told = subprocess.run(["pdfsig", "-no-ocsp", path], capture_output=True, text=True).stdout
    assert told.count("Signature is Valid") == 3
    assert told.count("ETSI.CAdES.detached") == 3
    assert "Total document signed" in told
    with pikepdf.open(path) as whole:
        assert whole.Root.Perms.DocMDP.Type == Name.Sig
        assert whole.Root.Perms.DocMDP.Reference[0].TransformParams.P == 2


def test_apply_draws_the_name_with_an_embedded_subset(pure):
    assert pdf.extract_text(pure.content).count("2026-08-31 22:02") == 2
    with pikepdf.open(BytesIO(pure.content)) as whole:
        fonts = [
            o for o in whole.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == Name.FontDescriptor
        ]
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_sealed_file_is_accessible(pure, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(pure.content)
    told = subprocess.run([Path(sys.executable).with_name("outloud"), path], capture_output=True, text=True)
    assert "0 error(s)" in told.stdout + told.stderr


def test_apply_fails_when_the_time_stamp_authority_is_away(pure):
    with pytest.raises(OSError):
        pure.seal(tsa_url="http://127.0.0.1:9/tsa")


def test_apply_stamps_every_signature_where_there_is_an_authority(pure, monkeypatch):
    authority, root = time_stamp_authority()
    monkeypatch.setattr(seal, "time_stamper", lambda url: authority)

    content = pure.seal(tsa_url="http://tsa.example")

    fields = (*pure.expected.fields, seal.ARCHIVE)
    expected = replace(pure.expected, fields=fields, sha256=sha256(content), roots=pure.expected.roots + root)
    assert pure.finding(content, expected=expected) == Finding.UNCHANGED
    without_its_root = replace(expected, roots=pure.expected.roots)
    assert pure.finding(content, expected=without_its_root) == Finding.CHANGED


def test_apply_asks_an_authority_over_http_and_stays_within_its_size(pure):
    with time_stamp_server() as address:
        content = pure.seal(tsa_url=address)
    embedded = PdfFileReader(BytesIO(content)).embedded_signatures
    assert [signature.field_name for signature in embedded] == [*pure.expected.fields, seal.ARCHIVE]
    assert all(signature.signer_info["unsigned_attrs"][0]["type"].native == STAMPED for signature in embedded[:-1])
    used = [len(ContentInfo.load(signature.pkcs7_content).dump()) for signature in embedded]
    reserved = [len(signature.pkcs7_content) for signature in embedded]
    assert all(whole - part < 3000 for whole, part in zip(reserved, used, strict=True))


def test_apply_reserves_enough_for_a_long_chain_of_a_large_key(pure):
    key = rsa.generate_private_key(65537, 4096)
    name, start = certificates._name("Company " + "x" * 50), dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    certificate = certificates._builder(name, name, key, start, 1).sign(key, hashes.SHA256())
    large = certificates.Seal(key, certificate, (certificate,) * 4)
    with time_stamp_server() as address:
        assert seal.apply(pure.prepared, large, pure.acts, contact="http://x/", tsa_url=address)
