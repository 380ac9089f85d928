"""No copy of a sealed document that differs from it is ever called unchanged, whatever was done to it."""

import random
import subprocess
from io import BytesIO

import pytest

from signing import kinds
from signing.domain import documents, inspection, verification
from signing.domain.manifest import sha256
from signing.domain.verification import Finding
from tests.signing.proof import papers
from tests.signing.proof.tampering import MANIPULATIONS, MORE, flip

pytestmark = pytest.mark.one_engine

FLIPS, FLIPS_INSPECTED = 500, 8
KINDS = sorted(papers.SENT)


def inspected(content, expected):
    """What the whole analysis finds, without the process around it."""
    try:
        seen = inspection.inspect(BytesIO(content), expected.roots, expected.moment.isoformat())
    except Exception:
        return Finding.UNREADABLE
    if "fault" in seen:
        return Finding.UNREADABLE
    return verification.judge(sha256(content), seen["signatures"], expected)[0]


def test_every_registered_kind_of_document_has_a_paper_to_be_proved(phase_kind):
    assert {kind.code for kind in kinds.all_kinds()} - {phase_kind.code} == set(papers.SENT)


@pytest.mark.parametrize("kind", KINDS)
def test_the_genuine_paper_is_unchanged(genuine, kind):
    assert inspected(genuine[kind].content, genuine[kind].expected) == Finding.UNCHANGED


@pytest.mark.parametrize("kind", KINDS)
def test_the_genuine_paper_is_valid_for_pdfsig(genuine, kind, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(genuine[kind].content)
    told = subprocess.run(["pdfsig", "-no-ocsp", path], capture_output=True, text=True, check=True).stdout
    fields = len(genuine[kind].expected.fields)
    assert (told.count("Signature is Valid"), told.count("Total document signed")) == (fields, 1)


def test_the_table_holds_eleven_manipulations():
    assert len(MANIPULATIONS) == 11


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*MANIPULATIONS, *MORE])
def test_a_manipulated_paper_is_never_unchanged(genuine, kind, name):
    paper = genuine[kind]
    forged = (MANIPULATIONS | MORE)[name](paper.content)
    assert forged != paper.content
    assert inspected(forged, paper.expected) != Finding.UNCHANGED


@pytest.mark.parametrize("name", sorted(MANIPULATIONS.keys() - {"the last revision is cut off"}))
def test_a_manipulation_is_seen_by_the_analysis_alone(genuine, name):
    """Also with a record that a forger had rewritten to the hash of the forgery."""
    paper = genuine["acceptance"]
    forged = MANIPULATIONS[name](paper.content)
    fooled = verification.Expected(**vars(paper.expected) | {"sha256": sha256(forged)})
    assert inspected(forged, fooled) != Finding.UNCHANGED


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_byte_fails_the_whole_analysis(genuine, kind):
    paper = genuine[kind]
    positions = random.Random(kind).sample(range(len(paper.content)), FLIPS_INSPECTED)
    found = {inspected(flip(paper.content, position), paper.expected) for position in positions}
    assert Finding.UNCHANGED not in found


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_verify_never_calls_a_flipped_byte_unchanged_though_the_analysis_be_blind(kind, monkeypatch):
    """500 flips, each judged as if every signature in the file still held: the hash on record says no."""
    request = papers.seal(kind)
    content = documents.read(request.sealed_file.file)
    assert verification.verify(content).is_unchanged
    expected = verification.expectation(request.sealed_file)
    blind = inspection.inspect(BytesIO(content), expected.roots, None)
    monkeypatch.setattr(verification, "_inspect", lambda *asked: blind)
    positions = random.Random(kind).sample(range(5, len(content)), FLIPS)  # after %PDF-, which is asked for first

    found = {verification.verify(flip(content, position)).finding for position in positions}

    assert found == {Finding.NOT_FINAL}
