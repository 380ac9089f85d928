"""The kit is checked as its reader does: by running its own script, in a folder of its own, without us."""

import json
import subprocess
import zipfile
from io import BytesIO

import pytest

from signing.domain import documents, kit, manifest, seal
from tests.signing.authority import time_stamp_authority
from tests.signing.factories import sealed

pytestmark = pytest.mark.django_db


def unpack(record, folder):
    with zipfile.ZipFile(BytesIO(kit.make(record))) as archive:
        archive.extractall(folder)
    return folder


def check(folder):
    return subprocess.run(["sh", "check.sh"], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def folder(tmp_path):
    return unpack(sealed().sealed_file, tmp_path)


def test_the_script_of_the_kit_finds_everything_good(folder):
    done = check(folder)
    assert (done.returncode, done.stdout.startswith("OK: ")) == (0, True), done.stderr
    assert done.stderr.count("CMS Verification successful") == 3


def test_the_kit_holds_what_was_sealed(tmp_path):
    record = sealed().sealed_file
    folder = unpack(record, tmp_path)
    assert (folder / record.request.file_name).read_bytes() == documents.read(record.file)
    assert manifest.fingerprint(json.loads((folder / "manifest.json").read_text())) == record.request.manifest_sha256
    assert manifest.sha256((folder / "document.pdf").read_bytes()) == record.request.body_sha256
    for name in ("README.txt", "说明.txt"):
        assert record.sha256 in (folder / name).read_text()
    assert sorted(path.name for path in (folder / "signatures").glob("*.der")) == [
        "1-Platform.der",
        "2-Signer1.der",
        "3-Signer2.der",
    ]


@pytest.mark.parametrize("name", ["signatures/2-Signer1.bin", "signatures/3-Signer2.der", "manifest.json"])
def test_the_script_fails_on_a_changed_file(folder, name):
    path = folder / name
    content = path.read_bytes()
    path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    done = check(folder)
    assert (done.returncode, "FAILED" in done.stdout) == (1, True)


def test_openssl_alone_finds_a_signature_over_other_bytes(folder):
    """Also where somebody has computed the fingerprints anew."""
    path = folder / "signatures" / "2-Signer1.bin"
    path.write_bytes(path.read_bytes() + b" ")
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signatures/2-Signer1.der"]
    command += ["-content", "signatures/2-Signer1.bin", "-CAfile", "certificates.pem", "-purpose", "any"]
    assert subprocess.run(command, cwd=folder, capture_output=True).returncode != 0


def test_the_kit_of_a_time_stamped_document_checks_its_archive_time_stamp(settings, monkeypatch, tmp_path):
    stamper, _root = time_stamp_authority()
    monkeypatch.setattr(seal, "time_stamper", lambda url: stamper)
    settings.SIGNING_TSA_URL = "http://tsa.example"
    folder = unpack(sealed().sealed_file, tmp_path)
    done = check(folder)
    assert (folder / "signatures" / "4-ArchiveTimestamp.der").exists()
    assert done.returncode == 0, done.stdout + done.stderr


def test_make_is_deterministic():
    record = sealed().sealed_file
    assert kit.make(record) == kit.make(record)
