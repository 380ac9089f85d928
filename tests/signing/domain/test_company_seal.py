from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageDraw

from signing import checks
from signing.domain import company_seal, documents, verification
from tests.signing.factories import sealed


@pytest.fixture
def image(tmp_path):
    """A round red seal on nothing, as a designer hands it over."""
    path = tmp_path / "seal.png"
    drawn = Image.new("RGBA", (1200, 1200), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).ellipse((20, 20, 1180, 1180), outline=(200, 16, 16, 255), width=40)
    drawn.save(path)
    return path


def test_no_image_is_printed_where_none_is_set(settings):
    settings.SIGNING_SEAL_IMAGE = ""
    assert (company_seal.image_uri(), checks.check_seal_image(None)) == ("", [])


@pytest.mark.django_db
def test_the_image_stands_on_the_evidence_page_of_a_file_that_verifies(settings, image):
    settings.SIGNING_SEAL_IMAGE = str(image)
    content = documents.read(sealed().sealed_file.file)
    assert verification.verify(content).is_unchanged
    with pikepdf.open(BytesIO(content)) as file:
        images = [list(page.get_images().values()) for page in file.pages]
        assert [len(found) for found in images[:2]] == [0, 1]  # not on the pages that were shown
        printed = images[1][0]
        assert (int(printed.Width), "/SMask" in printed) == (600, False)
        assert not printed.get("/Interpolate", False)


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_image_is_said_at_the_start(settings, tmp_path, content):
    path = tmp_path / "seal.png"
    path.write_bytes(content)
    settings.SIGNING_SEAL_IMAGE = str(path)
    assert [fault.id for fault in checks.check_seal_image(None)] == ["signing.E001"]


def test_an_image_that_claims_too_many_pixels_is_refused(settings, tmp_path):
    path = tmp_path / "large.png"
    Image.new("1", (5000, 5000)).save(path)
    settings.SIGNING_SEAL_IMAGE = str(path)
    (fault,) = checks.check_seal_image(None)
    assert "megapixels" in fault.msg


def test_a_missing_file_is_said_at_the_start(settings):
    settings.SIGNING_SEAL_IMAGE = "/nowhere/seal.png"
    assert [fault.id for fault in checks.check_seal_image(None)] == ["signing.E001"]
