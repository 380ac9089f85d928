import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from signing.domain import documents, verification
from tests.signing.factories import sealed, send

pytestmark = pytest.mark.django_db
VERIFY = "/verify/"


def ask(client, content, language="en"):
    client.cookies["django_language"] = language
    return client.post(VERIFY, {"file": SimpleUploadedFile("../../etc/passwd.pdf", content)})


def test_verify_gives_four_plain_verdicts_to_anyone(client):
    request = sealed()
    answer = ask(client, documents.read(request.sealed_file.file)).content.decode()
    for shown in ("byte for byte", "Sam Sponsor", "server clock", "One-time code sent", request.label):
        assert shown in answer


def test_verify_names_nobody_for_a_tampered_file(client):
    content = bytearray(documents.read(sealed().sealed_file.file))
    content[2000] ^= 1
    answer = ask(client, bytes(content)).content.decode()
    assert "Sam Sponsor" not in answer
    assert "byte for byte" not in answer


@pytest.mark.parametrize("content", [b"", b"MZ", b"%PDF-1.4 x"])
def test_verify_says_what_it_cannot_read(client, content):
    assert b"not a PDF that can be read" in ask(client, content).content


def test_verify_refuses_what_is_too_large_without_reading_it(client, monkeypatch):
    monkeypatch.setattr(verification, "MAX_BYTES", 4)
    assert b"larger than 10 MB" in ask(client, b"%PDF-").content


def test_verify_record_says_which_document_the_code_names_and_no_name(client):
    request = sealed()
    answer = client.get(reverse("signing:verify_record", args=[request.number, request.version])).content.decode()
    assert request.sealed_file.sha256 in answer
    for secret in ("Sam Sponsor", "Petra Manager", request.title, request.project.name):
        assert secret not in answer


def test_verify_record_knows_nothing_of_what_is_not_signed(client):
    request = send()
    for number, version in ((request.number, 1), ("NO-SUCH-001", 1)):
        answer = client.get(reverse("signing:verify_record", args=[number, version]))
        assert b"was signed by everyone here" in answer.content


def test_a_fingerprint_is_compared_with_the_record_of_its_number(client):
    record = sealed().sealed_file
    url = reverse("signing:verify_fingerprint")
    spaced = " ".join([record.sha256[:32].upper(), record.sha256[32:]])
    answer = client.post(url, {"number": f"{record.request.label}", "sha256": spaced})
    assert b"is byte for byte the one that was sealed" in answer.content
    for data in (
        {"number": record.request.number, "sha256": "0" * 64},
        {"number": "OTHER-ERP-SRS-001", "sha256": record.sha256},
    ):
        assert b"was sealed here with this fingerprint" in client.post(url, data).content
    assert "sha256" in client.post(url, {"number": "A-1", "sha256": "zz"}).context["fingerprint_form"].errors
    assert client.get(url).status_code == 200


def test_a_fingerprint_names_nobody(client):
    record = sealed().sealed_file
    url = reverse("signing:verify_fingerprint")
    answer = client.post(url, {"number": record.request.number, "sha256": record.sha256})
    assert b"Sam Sponsor" not in answer.content
