from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from signing.domain import certificates, documents, verification
from tests.signing.factories import sealed

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_home(settings, tmp_path):
    """A home of our own: the key of the other tests stays."""
    settings.LANDFALL_HOME = tmp_path
    yield tmp_path
    certificates.own_seal.cache_clear()


def told(*args):
    out = StringIO()
    call_command("seal_certificate", *args, stdout=out)
    return out.getvalue()


def test_seal_certificate_says_which_certificate_seals(own_home):
    said = told()
    assert certificates.current_seal().fingerprint in said
    assert str(own_home / "keys" / "seal") in said


def test_renew_keeps_the_old_key_and_what_was_sealed_with_it_verifies(own_home):
    old = sealed().sealed_file

    said = told("--renew")

    assert old.certificate_sha256 not in said.split("SHA-256")[1]
    kept = [path for path in (own_home / "keys").iterdir() if path.name != "seal"]
    assert [path.name.endswith(old.certificate_sha256[:12]) for path in kept] == [True]
    assert (kept[0] / "seal.key").exists()
    new = sealed().sealed_file
    assert new.certificate_sha256 != old.certificate_sha256
    assert [verification.verify(documents.read(record.file)).is_unchanged for record in (old, new)] == [True, True]


def test_renew_leaves_a_companys_own_file_alone(own_home, settings):
    settings.SIGNING_PKCS12 = "/somewhere/seal.p12"
    with pytest.raises(CommandError, match="SIGNING_PKCS12 is set"):
        told("--renew")


def test_a_file_that_cannot_be_read_is_a_refusal(own_home, settings, tmp_path):
    (tmp_path / "seal.p12").write_bytes(b"nothing")
    settings.SIGNING_PKCS12 = str(tmp_path / "seal.p12")
    with pytest.raises(CommandError, match="cannot be read"):
        told()
