import io
import struct
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from projects.domain import attachments, errors, pictures
from projects.enums import PictureState, Role
from projects.models import Attachment
from tests.projects.factories import AttachmentFactory, PhaseFactory, member
from tests.projects.uploads import huge_png, phone_photo, picture, upload

pytestmark = pytest.mark.django_db
GPS = 0x8825


def stored(field):
    with field.open("rb") as file:
        return file.read()


def size_of(field):
    with Image.open(io.BytesIO(stored(field))) as shown:
        return shown.size


@pytest.fixture
def attach():
    phase = PhaseFactory()
    engineer = member(phase.project, Role.ENGINEER)

    def attach(name, content):
        return attachments.attach(phase, upload(name, content), by=engineer)

    return attach


def made_of(attachment):
    pictures.make_pictures(attachment.pk)
    attachment.refresh_from_db()
    return attachment


def test_make_pictures_shows_a_photo_upright_and_without_the_place_it_was_taken(attach):
    photo = phone_photo(size=(400, 300))
    assert Image.open(io.BytesIO(photo)).getexif().get_ifd(GPS)[2] == (31.0, 14.0, 2.5)

    attachment = made_of(attach("stock.jpg", photo))

    assert attachment.picture_state == PictureState.MADE
    assert stored(attachment.file) == photo
    for field, size in {"display": (300, 400), "thumbnail": (240, 320)}.items():
        content = stored(getattr(attachment, field))
        with Image.open(io.BytesIO(content)) as shown:
            assert (shown.format, shown.size, dict(shown.getexif())) == ("WEBP", size, {})
            assert shown.getpixel((10, 10))[2] > 200  # the corner that the camera held to the side: blue
        assert b"Exif" not in content
        assert b"Shanghai" not in content


def test_make_pictures_shows_nothing_that_hides_behind_the_pixels(attach):
    polyglot = picture() + b"<script>alert(1)</script>PK\x03\x04"

    attachment = made_of(attach("shot.png", polyglot))

    assert stored(attachment.file) == polyglot
    assert b"script" not in stored(attachment.display)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_make_pictures_reads_every_mode_of_a_png(attach, mode):
    buffer = io.BytesIO()
    Image.new(mode, (3000, 20)).save(buffer, "PNG")

    attachment = made_of(attach("shot.png", buffer.getvalue()))

    assert size_of(attachment.display) == (2000, 13)


@pytest.mark.parametrize("name", ["big.png", "big.jpg"])
def test_attach_refuses_50_000_by_50_000_pixels_by_the_header(attach, name):
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG")
    marker = buffer.getvalue().index(b"\xff\xc0") + 5
    jpeg = buffer.getvalue()[:marker] + struct.pack(">HH", 50_000, 50_000) + buffer.getvalue()[marker + 4 :]

    with pytest.raises(errors.ImageTooLarge, match="at most 50 million pixels"):
        attach(name, huge_png(50_000, 50_000) if name == "big.png" else jpeg)

    assert not Attachment.objects.exists()


def test_make_pictures_bounds_what_a_small_file_of_many_pixels_takes(attach):
    """49 million equal pixels in 61 KB: the most that is let in is made small, in memory that a worker has."""
    rows = zlib.compress((b"\0" + b"\xff" * 7_000) * 7_000, 9)
    bomb = huge_png(7_000, 7_000, colour=0, data=rows)
    assert len(bomb) < 63_000

    attachment = made_of(attach("bomb.png", bomb))

    assert size_of(attachment.display) == (2000, 2000)


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_attach_refuses_text_that_unpacks_to_a_hundred_megabytes(attach, kind):
    words = b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000, 9)

    attachment = None
    try:
        attachment = attach("bomb.png", huge_png(8, 8, before=[(kind, words)]))
    except errors.FileTypeNotAllowed:
        pass
    else:
        assert made_of(attachment).picture_state == PictureState.FAILED


def test_make_pictures_leaves_what_cannot_be_decoded_as_a_file(attach):
    attachment = made_of(attach("cut.png", huge_png(40, 40)))

    assert (attachment.picture_state, attachment.display.name) == (PictureState.FAILED, "")


def test_make_pictures_twice_makes_them_once(attach):
    attachment = made_of(attach("shot.png", picture()))
    first = attachment.display.name

    assert made_of(attachment).display.name == first
    assert pictures.waiting_ids() == []


def test_make_pictures_of_two_workers_keeps_those_of_the_first(attach, monkeypatch):
    attachment = attach("shot.png", picture())
    folder = Path(settings.MEDIA_ROOT) / "pictures" / str(attachment.project_id)
    before = {str(path) for path in folder.glob("*")}  # of tests whose rows are rolled back
    shrink = pictures.shrink

    def overtaken(original):
        monkeypatch.setattr(pictures, "shrink", shrink)
        pictures.make_pictures(attachment.pk)
        return shrink(original)

    monkeypatch.setattr(pictures, "shrink", overtaken)
    made_of(attachment)

    assert {str(path) for path in folder.iterdir()} - before == {attachment.display.path, attachment.thumbnail.path}


def test_waiting_ids_are_pictures_only(attach):
    attach("notes.txt", b"hello")
    AttachmentFactory()
    shot = attach("shot.png", picture())

    assert pictures.waiting_ids() == [shot.pk]


def test_attach_enqueues_the_pictures_once_committed(attach, django_capture_on_commit_callbacks, monkeypatch):
    asked = []
    monkeypatch.setattr("projects.tasks.make_pictures.apply_async", lambda args, **_: asked.append(args))

    with django_capture_on_commit_callbacks(execute=True):
        attach("notes.txt", b"hello")
        shot = attach("shot.png", picture())

    assert asked == [(shot.pk,)]
