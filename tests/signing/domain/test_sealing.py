import subprocess

import pytest

from signing.domain import documents, verification
from tests.signing.factories import sealed

pytestmark = pytest.mark.django_db


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
