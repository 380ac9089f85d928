import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtensionOID
from django.conf import settings

from signing.domain import certificates


def test_own_seal_is_made_once_and_kept_private(tmp_path):
    folder = tmp_path / "keys" / "seal"

    first = certificates.own_seal(folder)
    certificates.own_seal.cache_clear()
    again = certificates.own_seal(folder)

    assert first.fingerprint == again.fingerprint
    assert (folder / "seal.key").stat().st_mode & 0o077 == 0
    assert (folder / "authority.key").stat().st_mode & 0o077 == 0
    first.certificate.verify_directly_issued_by(first.chain[0])
    assert first.certificate.extensions.get_extension_for_oid(ExtensionOID.BASIC_CONSTRAINTS).value.ca is False


def test_own_seal_is_the_same_for_all_who_start_at_once(tmp_path):
    script = (
        "import sys, pathlib; from signing.domain.certificates import own_seal;"
        "print(own_seal(pathlib.Path(sys.argv[1])).fingerprint)"
    )

    def start(_number):
        command = [sys.executable, "-c", script, str(tmp_path / "seal")]
        return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["seal"]  # no draft is left behind


@pytest.fixture(params=["ec", "rsa"])
def company_seal(request, tmp_path):
    """A PKCS#12 file as a company's certificate service hands it out."""
    key = ec.generate_private_key(ec.SECP256R1()) if request.param == "ec" else rsa.generate_private_key(65537, 2048)
    start, name = dt.datetime.now(dt.UTC) - dt.timedelta(days=1), certificates._name("Company seal")
    certificate = certificates._builder(name, name, key, start, 1).sign(key, hashes.SHA256())
    path = tmp_path / "seal.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal", key, certificate, None, serialization.BestAvailableEncryption(b"secret")
        )
    )
    return path


def test_current_seal_is_replaced_by_a_pkcs12_file(settings, company_seal):
    settings.SIGNING_PKCS12, settings.SIGNING_PKCS12_PASSWORD = str(company_seal), "secret"

    seal = certificates.current_seal()

    signature = seal.signer().sign_raw(b"data", "sha256")
    public = seal.certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, b"data", padding.PKCS1v15(), hashes.SHA256())
    else:
        public.verify(signature, b"data", ec.ECDSA(hashes.SHA256()))
    assert seal.roots_pem.count("BEGIN CERTIFICATE") == 1
