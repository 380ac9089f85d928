import subprocess
from io import BytesIO

import pikepdf
import pytest
from django.core.files.storage import default_storage

from common import pdf
from notices.models import Message
from signing import tasks
from signing.domain import delivery, documents, manifest, seal, sealing, verification
from signing.enums import RequestState
from signing.models import SealedFile
from tests.signing.authority import time_stamp_authority
from tests.signing.factories import sealed, send, signed

pytestmark = pytest.mark.django_db


def files():
    return default_storage.listdir("signing/sealed")[1]


def test_seal_gives_a_file_that_verifies_and_that_poppler_finds_valid(tmp_path):
    request = sealed()
    content = documents.read(request.sealed_file.file)

    answer = verification.verify(content)

    assert (answer.finding, answer.reasons) == (verification.Finding.UNCHANGED, ())
    assert [signer.name for signer in answer.signers] == ["Petra Manager", "Sam Sponsor"]
    path = tmp_path / "sealed.pdf"
    path.write_bytes(content)
    told = subprocess.run(["pdfsig", "-no-ocsp", path], capture_output=True, text=True).stdout
    assert told.count("Signature is Valid") == 3


def test_sealed_file_holds_the_body_the_evidence_and_the_attachments():
    request = sealed()
    content = documents.read(request.sealed_file.file)
    text = pdf.extract_text(content)
    for fact in (request.manifest_sha256, request.body_sha256, "203.0.113.7", "One-time code sent", "server clock"):
        assert "".join(fact.split()) in "".join(text.split())
    with pikepdf.open(BytesIO(content)) as file:
        held = {name: file.attachments[name].get_file().read_bytes() for name in file.attachments}
    assert held["document.pdf"] == documents.read(request.body_file)
    assert manifest.sha256(held["manifest.json"]) == request.manifest_sha256
    assert held["trail.json"].startswith(b"[")


def test_a_copy_before_the_last_signature_is_authentic_but_not_final():
    request = sealed()
    content = documents.read(request.sealed_file.file)
    earlier = content[: content.rindex(b"%%EOF", 0, content.rindex(b"%%EOF")) + 6]
    answer = verification.verify(earlier)
    assert (answer.finding, answer.record) == (verification.Finding.NOT_FINAL, request.sealed_file)


@pytest.mark.parametrize("tamper", [lambda c: c[:900] + bytes([c[900] ^ 1]) + c[901:], lambda c: c + b"\n% x\n"])
def test_a_tampered_copy_names_nobody(tamper):
    answer = verification.verify(tamper(documents.read(sealed().sealed_file.file)))
    assert answer.finding in {verification.Finding.CHANGED, verification.Finding.UNREADABLE}
    assert (answer.record, answer.signers) == (None, ())


def test_seal_is_made_once_however_often_it_is_tried():
    request = signed()
    before = len(files()) if default_storage.exists("signing/sealed") else 0

    first, again = sealing.seal(request.pk), sealing.seal(request.pk)

    assert first == again
    assert len(files()) == before + 1
    request.refresh_from_db()
    assert request.state == RequestState.SEALED


def test_seal_refuses_nothing_but_does_nothing_before_everyone_signed():
    assert sealing.seal(send().pk) is None
    assert SealedFile.objects.count() == 0


def test_seal_replaces_what_a_run_that_died_has_left():
    request = signed()
    name = f"signing/sealed/{request.file_name}"
    documents.store(name, b"half a file")

    record = sealing.seal(request.pk)

    assert record.file == name
    assert manifest.sha256(documents.read(name)) == record.sha256


def test_a_run_that_dies_before_its_commit_leaves_the_request_to_the_sweep(monkeypatch):
    request = signed()

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sealing.SealedFile.objects, "create", die)
        with pytest.raises(KeyboardInterrupt):
            sealing.seal(request.pk)
    assert SealedFile.objects.count() == 0
    assert sealing.unfinished() == [request.pk]

    sent = []
    monkeypatch.setattr(tasks.seal, "delay", sent.append)
    tasks.sweep()
    assert sent == [request.pk]
    tasks.seal(request.pk)
    tasks.seal(request.pk)

    request.refresh_from_db()
    assert request.state == RequestState.DELIVERED
    assert sealing.unfinished() == []
    assert SealedFile.objects.filter(request=request).count() == 1


def test_deliver_tells_everyone_once():
    request = sealed()
    delivery.deliver(request.pk)
    told = Message.objects.filter(channel="email", key=f"signing.sealed:{request.pk}")
    people = {signer.user.email for signer in request.signers.select_related("user")}
    assert sorted(told.values_list("address", flat=True)) == sorted(people)
    assert request.sealed_file.sha256 in told.first().body
    assert request.get_absolute_url() in told.first().body


def test_deliver_waits_for_the_seal():
    request = signed()
    delivery.deliver(request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.SIGNED


def test_seal_carries_time_stamps_and_says_so_where_an_authority_is_set(settings, monkeypatch):
    stamper, _root = time_stamp_authority()
    monkeypatch.setattr(seal, "time_stamper", lambda url: stamper)
    settings.SIGNING_TSA_URL = "http://tsa.example"

    request = sealed()

    record = request.sealed_file
    assert (record.level, record.time_source) == ("PAdES B-T", "http://tsa.example")
    assert record.fields == ["Platform", "Signer1", "Signer2", "ArchiveTimestamp"]
    assert verification.verify(documents.read(record.file)).is_unchanged


def test_seal_never_passes_the_servers_clock_off_as_an_authority(settings):
    settings.SIGNING_TSA_URL = "http://127.0.0.1:9/tsa"
    request = signed()
    with pytest.raises(OSError):
        sealing.seal(request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.SIGNED
