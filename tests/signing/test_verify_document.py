import json

import pytest
from django.core.management import CommandError, call_command

from signing.domain import documents, verification
from tests.signing.factories import sealed

pytestmark = pytest.mark.django_db


def run(path, capsys):
    code = 0
    try:
        call_command("verify_document", path)
    except SystemExit as end:
        code = end.code
    return code, json.loads(capsys.readouterr().out)


def test_verify_document_prints_the_four_verdicts(tmp_path, capsys):
    request = sealed()
    path = tmp_path / "sealed.pdf"
    path.write_bytes(documents.read(request.sealed_file.file))

    code, answer = run(path, capsys)

    assert (code, answer["unchanged"], answer["document"]) == (0, True, request.label)
    assert [who["organisation"] for who in answer["who"]] == [
        signer.organisation_name for signer in request.signers.order_by("order")
    ]
    assert len(answer["when"]) == 2
    assert answer["assurance"]["level"] == "PAdES B-B"

    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    code, answer = run(path, capsys)
    assert (code, answer["unchanged"], answer["who"], answer["assurance"]) == (1, False, [], None)


def test_verify_document_refuses_what_is_not_there_or_too_large(tmp_path, monkeypatch):
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_document", tmp_path / "none.pdf")
    (tmp_path / "large.pdf").write_bytes(b"x" * 11)
    monkeypatch.setattr(verification, "MAX_BYTES", 10)
    with pytest.raises(CommandError, match="larger"):
        call_command("verify_document", tmp_path / "large.pdf")
