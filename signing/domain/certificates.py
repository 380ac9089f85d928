"""The platform's seal: an own certificate authority and a seal certificate, or the company's PKCS#12 file.

Made once, at first use, under LANDFALL_HOME/keys/seal; `manage.py seal_certificate --renew` makes a new one. Documents
sealed before keep their own roots on record and go on verifying.
"""

import datetime as dt
import os
import secrets
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import keys, x509
from cryptography import x509 as cx509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

AUTHORITY_YEARS, SEAL_YEARS = 20, 10
# Document signing (RFC 9336): what a seal certificate is for.
DOCUMENT_SIGNING = cx509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


@dataclass(frozen=True)
class Seal:
    """The key that seals, its certificate and the roots by which others can check it."""

    key: Any  # of cryptography: loaded once, used for every signature
    certificate: cx509.Certificate
    chain: tuple[cx509.Certificate, ...]  # what leads from the certificate to a root, the root last

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the certificate."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def roots_pem(self) -> str:
        trusted = self.chain[-1:] or (self.certificate,)
        return "".join(root.public_bytes(serialization.Encoding.PEM).decode() for root in trusted)

    def signer(self) -> "CachedKeySigner":
        return CachedKeySigner(self)


class CachedKeySigner(SimpleSigner):
    """pyHanko's signer with the key object kept: the stock one loads the key from DER again for each signature."""

    def __init__(self, seal: Seal):
        store = SimpleCertificateStore()
        store.register_multiple([_asn1(certificate) for certificate in seal.chain])
        private = seal.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        super().__init__(
            signing_cert=_asn1(seal.certificate),
            signing_key=keys.PrivateKeyInfo.load(private),
            cert_registry=store,
        )
        self._key = seal.key

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        digests = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
        digest: hashes.HashAlgorithm = digests[digest_algorithm]
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(digest))
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        raise TypeError("A seal key is RSA or on an elliptic curve.")


def current_seal() -> Seal:
    """Return the seal of this installation; the first caller makes it."""
    from django.conf import settings

    if settings.SIGNING_PKCS12:
        return load_pkcs12(Path(settings.SIGNING_PKCS12), settings.SIGNING_PKCS12_PASSWORD)
    return own_seal(Path(settings.LANDFALL_HOME) / "keys" / "seal")


@cache
def load_pkcs12(path: Path, password: str) -> Seal:
    """Return the seal of a PKCS #12 file with its chain. Raises ValueError for a wrong password or no key."""
    key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode() or None)
    if key is None or certificate is None:
        raise ValueError(f"{path} holds no key with its certificate")
    return Seal(key, certificate, _ordered(certificate, others))


@cache
def own_seal(folder: Path) -> Seal:
    """Return the seal kept in `folder`, made now if there is none: whole or not at all, whoever else starts at once."""
    if not folder.exists():
        draft = folder.with_name(f"{folder.name}.{os.getpid()}.{secrets.token_hex(4)}")
        draft.mkdir(parents=True, mode=0o700)
        _write_new(draft)
        try:
            draft.rename(folder)  # fails if another process was first: a folder that is not empty is not replaced
        except OSError:
            shutil.rmtree(draft)
    key = serialization.load_pem_private_key((folder / "seal.key").read_bytes(), password=None)
    certificate = cx509.load_pem_x509_certificate((folder / "seal.crt").read_bytes())
    authority = cx509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
    return Seal(key, certificate, (authority,))


def renew_own_seal(folder: Path) -> Path | None:
    """Put the seal of `folder` aside, under the day and its fingerprint, and make a new one; return where it is kept.

    Processes that run go on with the old one until they are started again: both are good.
    """
    kept = None
    if folder.exists():
        old = own_seal(folder)
        kept = folder.with_name(f"{folder.name}.{dt.datetime.now(dt.UTC):%Y-%m-%d}.{old.fingerprint[:12]}")
        folder.rename(kept)
    own_seal.cache_clear()
    own_seal(folder)
    return kept


def _write_new(folder: Path) -> None:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(minutes=5)
    authority_key, seal_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority_name, seal_name = _name("Landfall document authority"), _name("Landfall document seal")
    authority = (
        _builder(authority_name, authority_name, authority_key, now, AUTHORITY_YEARS)
        .add_extension(cx509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    issuer = cx509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    seal = (
        _builder(seal_name, authority_name, seal_key, now, SEAL_YEARS)
        .add_extension(cx509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(cx509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write_private(folder / "authority.key", authority_key)
    _write_private(folder / "seal.key", seal_key)
    for name, certificate in (("authority.crt", authority), ("seal.crt", seal)):
        (folder / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_private(path: Path, key) -> None:
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _name(common_name: str) -> cx509.Name:
    return cx509.Name([cx509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject, issuer, key, start: dt.datetime, years: int) -> cx509.CertificateBuilder:
    public = key.public_key()
    return (
        cx509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(cx509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=365 * years))
        .add_extension(cx509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(**given: bool) -> cx509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return cx509.KeyUsage(**{name: given.get(name, False) for name in names})


def _ordered(certificate: cx509.Certificate, others) -> tuple[cx509.Certificate, ...]:
    """Return the certificates that lead from `certificate` upwards, whatever order the file has them in."""
    by_subject = {other.subject: other for other in others or ()}
    chain: list[cx509.Certificate] = []
    current = certificate
    while current.issuer != current.subject and current.issuer in by_subject and len(chain) < 10:
        current = by_subject[current.issuer]
        chain.append(current)
    return tuple(chain)


def _asn1(certificate: cx509.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
