import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from audit.domain import trail
from projects.domain import attachments, errors
from projects.enums import Audience, Role
from projects.models import Attachment
from tests.projects.factories import PhaseFactory, member
from tests.projects.uploads import huge_png, office, picture, plain_zip, upload

pytestmark = pytest.mark.django_db


def files():
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


@pytest.fixture
def phase():
    return PhaseFactory()


@pytest.fixture
def engineer(phase):
    return member(phase.project, Role.ENGINEER)


def test_attach_keeps_the_file_under_a_name_of_our_own(phase, engineer):
    content = picture()

    attachment = attachments.attach(phase, upload("../截图.png", content), by=engineer)

    assert (attachment.name, attachment.media_type, attachment.size) == ("截图.png", "image/png", len(content))
    assert attachment.sha256 == hashlib.sha256(content).hexdigest()
    assert "截图" not in attachment.file.name
    with attachment.file.open("rb") as stored:
        assert stored.read() == content
    assert attachment.target == phase
    entry = trail.entries_for(attachment).get()
    assert (entry.action, entry.changes["sha256"]) == ("attach", [None, attachment.sha256])


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.txt", "..\\..\\passwd.txt", "/etc/passwd.txt", "C:\\x\\passwd.txt"]
)
def test_attach_takes_no_folder_from_a_name(phase, engineer, name):
    attachment = attachments.attach(phase, upload(name), by=engineer)

    assert attachment.name == "passwd.txt"
    assert Path(attachment.file.path).parent == Path(settings.MEDIA_ROOT) / "attachments" / str(phase.project_id)


def test_attach_is_for_the_team_unless_it_says_otherwise(phase, engineer):
    assert attachments.attach(phase, upload(), by=engineer).audience == Audience.TEAM
    assert attachments.attach(phase, upload(), by=engineer, audience="customer").audience == Audience.CUSTOMER


def test_attach_of_a_customer_is_for_both_sides(phase):
    sponsor = member(phase.project, Role.SPONSOR)

    assert attachments.attach(phase, upload(), by=sponsor, audience="team").audience == Audience.CUSTOMER


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("run.exe", b"MZ\x90\x00\x03", errors.FileTypeNotAllowed),
        ("files.zip", plain_zip(), errors.FileTypeNotAllowed),
        ("macro.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), errors.FileTypeNotAllowed),
        ("broken.png", b"\x89PNG\r\n\x1a\nbroken", errors.FileTypeNotAllowed),
        ("notes.exe", b"hello", errors.FileTypeNotAllowed),
        (
            "logo.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            errors.FileTypeNotAllowed,
        ),
        (
            "logo.png",
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            errors.FileTypeMismatch,
        ),
        ("report.pdf", picture(), errors.FileTypeMismatch),
        ("notes", b"hello", errors.FileTypeNotAllowed),
        ("empty.txt", b"", errors.FileEmpty),
        ("bomb.png", huge_png(), errors.ImageTooLarge),
        ("large.png", huge_png(9_000, 9_000), errors.ImageTooLarge),
        ("invoice\u202efdp.txt", b"hello", errors.FileNameNotAllowed),
    ],
)
def test_attach_refuses_and_keeps_nothing(phase, engineer, name, content, refusal):
    with pytest.raises(refusal):
        attachments.attach(phase, upload(name, content), by=engineer)

    assert not Attachment.objects.exists()


def test_attach_refuses_what_is_too_large(phase, engineer, settings):
    settings.UPLOAD_MAX_BYTES = 4

    with pytest.raises(errors.FileTooLarge):
        attachments.attach(phase, upload(content=b"hello"), by=engineer)


def test_attach_leaves_no_file_without_its_row(phase, engineer, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(trail, "record", fail)
    before = files()

    with pytest.raises(RuntimeError):
        attachments.attach(phase, upload(), by=engineer)

    assert files() == before
