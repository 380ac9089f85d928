"""The company's own certificate seals as well, and a certificate renewed leaves what was sealed before as it was."""

import datetime as dt
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from signing.domain import certificates, documents, verification
from tests.signing.factories import sealed

pytestmark = pytest.mark.django_db


def company_certificate(path, *, key, password=b"secret"):
    """A PKCS#12 file as a certificate service hands it out: key, certificate, and the service's own certificate."""
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    service_key, service = ec.generate_private_key(ec.SECP256R1()), certificates._name("Certificate service")
    root = (
        certificates._builder(service, service, service_key, start, 2)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(certificates._usage(key_cert_sign=True), critical=True)
        .sign(service_key, hashes.SHA256())
    )
    certificate = (
        certificates._builder(certificates._name("Henglian Co., Ltd."), service, key, start, 1)
        .add_extension(certificates._usage(digital_signature=True, content_commitment=True), critical=True)
        .sign(service_key, hashes.SHA256())
    )
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal", key, certificate, [root], serialization.BestAvailableEncryption(password)
        )
    )
    return certificate


@pytest.mark.parametrize(
    "make_key", [lambda: ec.generate_private_key(ec.SECP256R1()), lambda: rsa.generate_private_key(65537, 2048)]
)
def test_a_pkcs12_of_ones_own_seals_and_verifies(settings, tmp_path, make_key):
    certificate = company_certificate(tmp_path / "seal.p12", key=make_key())
    settings.SIGNING_PKCS12, settings.SIGNING_PKCS12_PASSWORD = str(tmp_path / "seal.p12"), "secret"

    record = sealed().sealed_file

    content = documents.read(record.file)
    assert record.certificate_sha256 == certificate.fingerprint(hashes.SHA256()).hex()
    assert verification.verify(content).is_unchanged
    (tmp_path / "sealed.pdf").write_bytes(content)
    told = subprocess.run(["pdfsig", "-no-ocsp", tmp_path / "sealed.pdf"], capture_output=True, text=True).stdout
    assert (told.count("Signature is Valid"), told.count("Henglian Co., Ltd.") >= 3) == (3, True)


def test_documents_sealed_before_a_rotation_still_verify(settings, tmp_path):
    old = sealed().sealed_file
    company_certificate(tmp_path / "first.p12", key=ec.generate_private_key(ec.SECP256R1()))
    settings.SIGNING_PKCS12, settings.SIGNING_PKCS12_PASSWORD = str(tmp_path / "first.p12"), "secret"
    middle = sealed().sealed_file
    company_certificate(tmp_path / "second.p12", key=ec.generate_private_key(ec.SECP256R1()))
    settings.SIGNING_PKCS12 = str(tmp_path / "second.p12")
    new = sealed().sealed_file

    assert len({old.certificate_sha256, middle.certificate_sha256, new.certificate_sha256}) == 3
    for record in (old, middle, new):
        assert verification.verify(documents.read(record.file)).is_unchanged
        earlier = documents.read(record.file)
        earlier = earlier[: earlier.rindex(b"%%EOF", 0, earlier.rindex(b"%%EOF")) + 6]
        assert verification.verify(earlier).record == record  # found by the roots of every seal there ever was
