from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from audit.domain import trail
from signing import tasks
from signing.domain import archiving, documents, seal, verification
from signing.domain.verification import Finding
from signing.models import ArchiveCopy
from tests.signing.authority import time_stamp_authority
from tests.signing.factories import sealed
from tests.signing.proof.tampering import append_bytes, cut_off_the_last_revision, flip_page_content, save_anew

pytestmark = pytest.mark.django_db
YEARS = timedelta(days=1096)


@pytest.fixture
def authority(settings, monkeypatch):
    stamper, _root = time_stamp_authority()
    monkeypatch.setattr(seal, "time_stamper", lambda url: stamper)
    settings.SIGNING_TSA_URL = "http://tsa.example"


def later(times=1):
    return timezone.now() + YEARS * times


def test_nothing_is_due_before_its_time_or_without_an_authority(authority, settings):
    record = sealed().sealed_file
    assert archiving.due() == []
    assert archiving.due(later()) == [record.pk]
    settings.SIGNING_TSA_URL = ""
    assert archiving.due(later()) == []


def test_restamp_makes_a_copy_that_verifies_and_leaves_the_sealed_file_as_it_is(authority):
    record = sealed().sealed_file
    before = documents.read(record.file)

    copy = archiving.restamp(record.pk, later())

    stamped = documents.read(copy.file)
    assert stamped.startswith(before)
    assert documents.read(record.file) == before
    for content in (before, stamped):
        answer = verification.verify(content)
        assert (answer.finding, answer.reasons, answer.record) == (Finding.UNCHANGED, (), record)
    assert trail.entries_for(record.request).filter(action="restamp").get().facts["sha256"] == copy.sha256


def test_restamp_twice_makes_one_copy(authority):
    record = sealed().sealed_file
    now = later()
    assert archiving.restamp(record.pk, now)
    ArchiveCopy.objects.get()
    assert archiving.restamp(record.pk, timezone.now()) is None
    assert ArchiveCopy.objects.count() == 1


def test_a_copy_is_stamped_again_when_it_has_grown_old_itself(authority, settings):
    record = sealed().sealed_file
    settings.SIGNING_RESTAMP_DAYS = 0
    first, second = (archiving.restamp(record.pk, timezone.now() + timedelta(seconds=n)) for n in (1, 2))
    assert (first.field, second.number, second.field) == ("ArchiveTimestamp2", 2, "ArchiveTimestamp3")
    assert documents.read(second.file).startswith(documents.read(first.file))
    for copy in (first, second):
        assert verification.verify(documents.read(copy.file)).is_unchanged


def test_what_was_sealed_without_an_authority_is_stamped_once_there_is_one(settings, monkeypatch):
    record = sealed().sealed_file
    stamper, _root = time_stamp_authority()
    monkeypatch.setattr(seal, "time_stamper", lambda url: stamper)
    settings.SIGNING_TSA_URL = "http://tsa.example"
    copy = archiving.restamp(record.pk, later())
    answer = verification.verify(documents.read(copy.file))
    assert (answer.is_unchanged, answer.record.level) == (True, "PAdES B-B")  # what it was sealed at stays said


@pytest.mark.parametrize("tamper", [append_bytes, flip_page_content, save_anew])
def test_a_manipulated_copy_is_not_unchanged(authority, tamper):
    record = sealed().sealed_file
    content = documents.read(archiving.restamp(record.pk, later()).file)
    answer = verification.verify(tamper(content))
    assert (answer.is_unchanged, answer.record, answer.signers) == (False, None, ())


def test_a_copy_without_its_last_stamp_is_the_sealed_file_again(authority):
    record = sealed().sealed_file
    content = documents.read(archiving.restamp(record.pk, later()).file)
    assert cut_off_the_last_revision(content).rstrip() == documents.read(record.file).rstrip()


def test_a_damaged_file_is_not_stamped(authority):
    record = sealed().sealed_file
    documents.store(record.file, documents.read(record.file)[:-5])
    with pytest.raises(archiving.ArchiveDamaged):
        archiving.restamp(record.pk, later())
    assert not ArchiveCopy.objects.exists()


def test_restamp_fails_when_the_authority_is_away(settings):
    record = sealed().sealed_file
    settings.SIGNING_TSA_URL = "http://127.0.0.1:9/tsa"
    with pytest.raises(OSError):
        archiving.restamp(record.pk, later())


def test_restamp_due_enqueues_one_task_each(authority, settings, monkeypatch):
    record = sealed().sealed_file
    settings.SIGNING_RESTAMP_DAYS = 0
    asked = []
    monkeypatch.setattr(tasks.restamp, "delay", asked.append)
    tasks.restamp_due()
    assert asked == [record.pk]
    tasks.restamp(record.pk)
    assert ArchiveCopy.objects.get().sealed_file == record


def test_the_database_keeps_a_copy_as_it_was_made(authority):
    copy = archiving.restamp(sealed().sealed_file.pk, later())
    copy.sha256 = "0" * 64
    with pytest.raises(IntegrityError, match="append-only"):
        copy.save()


def test_the_page_of_the_document_hands_out_the_copies(client, authority):
    request = sealed()
    copy = archiving.restamp(request.sealed_file.pk, later())
    client.force_login(request.sent_by)
    url = f"{request.get_absolute_url()}archive/1.pdf"
    assert url in client.get(request.get_absolute_url()).content.decode()
    assert client.get(url).content == documents.read(copy.file)
