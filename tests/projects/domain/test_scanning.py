import io
import re
import zipfile

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.domain import trail
from notices.models import Message
from projects import tasks
from projects.domain import attachments, clamd, pictures, scanning
from projects.domain.export.writing import write_export
from projects.enums import Audience, PictureState, Role, ScanState
from projects.models import Attachment
from tests.projects.clamd import free_address, scanner
from tests.projects.factories import PhaseFactory, member
from tests.projects.uploads import picture, upload


@pytest.fixture
def clam(settings):
    with scanner() as server:
        settings.CLAMD_SOCKET = server.address
        yield server


@pytest.fixture
def phase(db):
    return PhaseFactory()


@pytest.fixture
def engineer(phase):
    return member(phase.project, Role.ENGINEER)


def attach(phase, by, content=b"hello", name="notes.txt"):
    return attachments.attach(phase, upload(name, content), by=by, audience=Audience.CUSTOMER)


def address_of(attachment):
    return reverse("projects:attachment", args=[attachment.project.key, attachment.pk])


def test_find_virus_streams_the_file(clam):
    content = b"x" * (clamd.BLOCK + 1)

    assert clamd.find_virus(clam.address, io.BytesIO(content)) == ""
    assert clamd.find_virus(clam.address, io.BytesIO(b"a VIRUS")) == "Test.Virus"
    assert clam.seen == [content, b"a VIRUS"]


def test_find_virus_at_a_unix_socket(tmp_path):
    with scanner(str(tmp_path / "clamd.ctl")) as server:
        assert clamd.find_virus(server.address, io.BytesIO(b"a VIRUS")) == "Test.Virus"


@pytest.mark.parametrize("verdict", ["INSTREAM size limit exceeded. ERROR", "stream: nonsense"])
def test_find_virus_takes_no_error_for_a_verdict(clam, verdict):
    clam.verdict = verdict

    with pytest.raises(clamd.ScannerAway, match=re.escape(clam.address)):
        clamd.find_virus(clam.address, io.BytesIO(b"x"))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl"])
def test_find_virus_tells_that_the_scanner_is_away(address):
    with pytest.raises(clamd.ScannerAway):
        clamd.find_virus(address, io.BytesIO(b"x"))


def test_attach_without_a_scanner_hands_out_at_once(phase, engineer, client):
    attachment = attach(phase, engineer)
    client.force_login(engineer)

    assert attachment.scan_state == ScanState.OFF
    assert client.get(address_of(attachment)).getvalue() == b"hello"


def test_attach_enqueues_the_scan_and_no_picture_before_it(
    phase, engineer, clam, django_capture_on_commit_callbacks, monkeypatch
):
    asked = []
    monkeypatch.setattr("projects.tasks.scan.apply_async", lambda args, **_: asked.append(("scan", *args)))
    monkeypatch.setattr("projects.tasks.make_pictures.apply_async", lambda args, **_: asked.append(("show", *args)))

    with django_capture_on_commit_callbacks(execute=True):
        shot = attach(phase, engineer, picture(), "shot.png")
    pictures.make_pictures(shot.pk)
    assert (asked, pictures.waiting_ids()) == ([("scan", shot.pk)], [])

    with django_capture_on_commit_callbacks(execute=True):
        scanning.scan(shot.pk)
    assert asked[1:] == [("show", shot.pk)]
    assert pictures.waiting_ids() == [shot.pk]


def test_scan_lets_a_clean_file_through(phase, engineer, clam, client):
    attachment = attach(phase, engineer)
    client.force_login(member(phase.project, Role.KEY_USER))

    assert client.get(address_of(attachment)).status_code == 404
    assert "Not scanned yet" in client.get(phase.get_absolute_url()).text

    scanning.scan(attachment.pk)

    assert client.get(address_of(attachment)).getvalue() == b"hello"
    assert "Not scanned yet" not in client.get(phase.get_absolute_url()).text


def test_scan_puts_an_infected_file_into_quarantine(phase, engineer, clam, client):
    attachment = attach(phase, engineer, b"a VIRUS")
    scanning.scan(attachment.pk)

    attachment.refresh_from_db()
    assert (attachment.scan_state, attachment.scan_finding) == (ScanState.INFECTED, "Test.Virus")
    entry = trail.entries_for(attachment).last()
    assert (entry.action, entry.actor, entry.facts) == ("quarantine", None, {"sha256": attachment.sha256})
    assert Message.objects.filter(recipient=engineer, subject__contains="“notes.txt” is in quarantine").count() == 2
    client.force_login(engineer)
    assert client.get(address_of(attachment)).status_code == 404
    assert "The scanner found Test.Virus; nobody can fetch the file." in client.get(phase.get_absolute_url()).text


def test_scan_twice_tells_once(phase, engineer, clam):
    attachment = attach(phase, engineer, b"a VIRUS")

    for _twice in range(2):
        scanning.scan(attachment.pk)

    assert len(clam.seen) == 1
    assert trail.entries_for(attachment).filter(action="quarantine").count() == 1


def test_scan_waits_for_a_scanner_that_is_away(phase, engineer, settings, monkeypatch):
    settings.CLAMD_SOCKET = free_address()
    attachment = attach(phase, engineer)

    scanning.scan(attachment.pk)

    attachment.refresh_from_db()
    assert attachment.scan_state == ScanState.WAITING
    enqueued = []
    monkeypatch.setattr("projects.tasks.scan.delay", enqueued.append)
    tasks.sweep()
    assert enqueued == [attachment.pk]


def test_scan_hands_out_what_waited_when_the_scanner_was_switched_off(phase, engineer, clam, settings):
    attachment = attach(phase, engineer)
    settings.CLAMD_SOCKET = ""

    scanning.scan(attachment.pk)

    assert Attachment.objects.get().scan_state == ScanState.OFF


@pytest.mark.parametrize("state", [ScanState.WAITING, ScanState.INFECTED])
def test_export_holds_no_file_that_the_scanner_has_not_let_through(phase, engineer, clam, state):
    attachment = attach(phase, engineer, b"a VIRUS named 4711")
    if state == ScanState.INFECTED:
        scanning.scan(attachment.pk)
    target = io.BytesIO()

    write_export(phase.project, target, for_customer=False, made_by="x", made_at=attachment.uploaded_at)

    names = zipfile.ZipFile(target).namelist()
    assert [name for name in names if "attachments" in name.split("/")] == []
    assert any(name.endswith("data/attachments.jsonl") for name in names)


def test_the_database_pairs_state_and_finding(phase, engineer):
    attach(phase, engineer)

    with pytest.raises(IntegrityError, match="finding_matches_scan"), transaction.atomic():
        Attachment.objects.update(scan_state=ScanState.INFECTED)
    with pytest.raises(IntegrityError, match="finding_matches_scan"), transaction.atomic():
        Attachment.objects.update(scan_finding="Test.Virus")
    assert Attachment.objects.get().picture_state == PictureState.NONE
