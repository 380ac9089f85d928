"""Files made to exhaust whoever looks into them: answered with a reason, in bounded time and memory."""

import resource
import time
import zlib

import pytest

from signing.domain import inspection, verification
from signing.domain.verification import Finding

pytestmark = pytest.mark.django_db
SECONDS = verification.WALL_SECONDS


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of one page with these further objects, numbered from 4."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</XObject<</I 4 0 R>>>>>>",
        *objects,
    ]
    content, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table
    return content + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)


def thousands_of_revisions(count=5000):
    content = pdf_of()
    previous = content.rindex(b"xref\n0")
    for _revision in range(count):
        place = len(content)
        content += b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        start = len(content)
        content += b"xref\n1 1\n%010d 00000 n \n" % place
        content += b"trailer<</Root 1 0 R/Size 4/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (previous, start)
        previous = start
    return content


def huge_image():
    """50,000 × 50,000 pixels in a few kilobytes."""
    data = zlib.compress(bytes(1_000_000))
    head = b"<</Type/XObject/Subtype/Image/Width 50000/Height 50000/ColorSpace/DeviceGray/BitsPerComponent 8"
    return pdf_of(head + b"/Filter/FlateDecode/Length %d>>stream\n" % len(data) + data + b"\nendstream ")


def stream_bomb():
    """Two hundred megabytes of zeros as the table of references."""
    data = zlib.compress(zlib.compress(bytes(200_000_000)))
    head = b"<</Type/XRef/W[1 2 1]/Size 9/Root 1 0 R/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(data)
    content = pdf_of()
    return content + b"9 0 obj" + head + data + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(content)


def endless_chain():
    """The table of references names itself as the one before."""
    content = pdf_of()
    start = content.rindex(b"xref\n0")
    return content.replace(b"/Size 4>>", b"/Size 4/Prev %d>>" % start)


def deep_nesting():
    return pdf_of(b"[" * 50_000 + b"]" * 50_000)


@pytest.mark.parametrize(
    ("make", "findings"),
    [
        (thousands_of_revisions, {Finding.UNREADABLE}),
        (huge_image, {Finding.UNKNOWN}),
        (stream_bomb, {Finding.UNREADABLE}),
        (endless_chain, {Finding.UNREADABLE, Finding.UNKNOWN}),
        (deep_nesting, {Finding.UNREADABLE, Finding.UNKNOWN}),
    ],
)
def test_verify_answers_a_hostile_file_in_bounded_time_and_memory(make, findings):
    content, begun = make(), time.monotonic()
    answer = verification.verify(content)
    assert answer.finding in findings, answer.reasons
    assert time.monotonic() - begun < SECONDS
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < inspection.MEMORY


def test_verify_names_thousands_of_revisions_as_the_reason():
    assert verification.verify(thousands_of_revisions()).reasons == ("too many revisions",)
