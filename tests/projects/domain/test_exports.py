import hashlib
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.domain import trail
from notices.models import Message
from projects import tasks
from projects.domain import errors, exports
from projects.enums import Audience, ExportState, Role
from projects.models import EvidenceExport
from tests.projects.factories import ProjectFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(project):
    return member(project, Role.PROJECT_MANAGER)


def kept(project):
    """The files there are, also of tests whose rows are rolled back."""
    return set((Path(settings.MEDIA_ROOT) / "exports" / str(project.pk)).glob("*"))


def asked(project, manager, audience=Audience.TEAM):
    return exports.request_export(project, audience=audience, by=manager)


def made(project, manager, audience=Audience.TEAM):
    export = asked(project, manager, audience)
    exports.make_export(export.pk)
    export.refresh_from_db()
    return export


def test_request_export_is_enqueued_and_recorded(project, manager, django_capture_on_commit_callbacks, monkeypatch):
    enqueued = []
    monkeypatch.setattr("projects.tasks.make_export.apply_async", lambda args, **_: enqueued.append(args))

    with django_capture_on_commit_callbacks(execute=True):
        export = asked(project, manager)

    assert enqueued == [(export.pk,)]
    assert trail.entries_for(export).get().action == "request"


def test_request_export_refuses_a_second_of_the_kind(project, manager):
    asked(project, manager)
    asked(project, manager, Audience.CUSTOMER)

    with pytest.raises(errors.ExportUnderWay):
        asked(project, manager)

    assert EvidenceExport.objects.count() == 2


def test_make_export_keeps_the_file_and_its_hash_and_tells(project, manager):
    export = made(project, manager)

    content = Path(export.file.path).read_bytes()
    assert (export.state, export.size) == (ExportState.READY, len(content))
    assert export.sha256 == hashlib.sha256(content).hexdigest()
    assert len(zipfile.ZipFile(export.file.path).namelist()) == export.files
    entry = trail.entries_for(export).last()
    assert (entry.action, entry.actor, entry.changes["sha256"]) == ("export", manager, ["", export.sha256])
    assert {message.channel for message in Message.objects.filter(recipient=manager)} == {"in_app", "email"}


def test_make_export_twice_makes_one(project, manager):
    before = kept(project)
    export = made(project, manager)
    exports.make_export(export.pk)

    assert kept(project) - before == {Path(export.file.path)}


def test_make_export_leaves_alone_what_another_worker_makes(project, manager):
    export = asked(project, manager)
    EvidenceExport.objects.update(state=ExportState.RUNNING, attempts=1, touched_at=timezone.now())

    exports.make_export(export.pk)

    assert EvidenceExport.objects.get().state == ExportState.RUNNING
    assert exports.due_ids(now=timezone.now()) == []


def test_make_export_takes_over_from_a_worker_that_died(project, manager):
    export = asked(project, manager)
    EvidenceExport.objects.update(
        state=ExportState.RUNNING, attempts=1, touched_at=timezone.now() - exports.SILENCE - timedelta(seconds=1)
    )

    assert exports.due_ids(now=timezone.now()) == [export.pk]
    exports.make_export(export.pk)

    assert EvidenceExport.objects.get().state == ExportState.READY


def test_make_export_throws_its_work_away_if_it_was_taken_for_dead(project, manager, monkeypatch):
    export = asked(project, manager)
    write, before = exports.write_export, kept(project)

    def slow(*args, **kwargs):
        EvidenceExport.objects.update(attempts=2)  # meanwhile another has begun
        return write(*args, **kwargs)

    monkeypatch.setattr(exports, "write_export", slow)
    exports.make_export(export.pk)

    assert EvidenceExport.objects.get().state == ExportState.RUNNING
    assert kept(project) == before


def test_make_export_fails_after_three_attempts(project, manager, monkeypatch):
    export = asked(project, manager)
    monkeypatch.setattr(exports, "write_export", lambda *args, **kwargs: 1 / 0)

    states = []
    for _attempt in range(4):
        exports.make_export(export.pk)
        states.append(EvidenceExport.objects.get().state)

    assert states == [ExportState.WAITING, ExportState.WAITING, ExportState.FAILED, ExportState.FAILED]


def test_give_up_closes_what_died_in_its_last_attempt(project, manager):
    asked(project, manager)
    EvidenceExport.objects.update(
        state=ExportState.RUNNING, attempts=3, touched_at=timezone.now() - timedelta(minutes=11)
    )

    exports.give_up(now=timezone.now())

    assert EvidenceExport.objects.get().state == ExportState.FAILED


def test_expire_deletes_the_file_and_keeps_the_hash(project, manager, django_capture_on_commit_callbacks):
    export = made(project, manager)
    sha256, path = export.sha256, Path(export.file.path)

    exports.expire(now=export.expires_at - timedelta(seconds=1))
    assert path.exists()
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            exports.expire(now=export.expires_at)

    export.refresh_from_db()
    assert (export.state, export.file.name, export.sha256) == (ExportState.EXPIRED, "", sha256)
    assert not path.exists()
    assert [entry.action for entry in trail.entries_for(export)] == ["request", "export", "expire"]


def test_sweep_makes_what_waits(project, manager, monkeypatch):
    enqueued = []
    monkeypatch.setattr("projects.tasks.make_export.delay", enqueued.append)
    export = asked(project, manager)

    tasks.sweep()

    assert enqueued == [export.pk]


def test_an_export_has_its_file_only_while_it_is_ready(project, manager):
    asked(project, manager)
    name = default_storage.save("exports/x.zip", ContentFile(b"PK"))

    with pytest.raises(IntegrityError, match="projects_evidenceexport_file_matches_state"), transaction.atomic():
        EvidenceExport.objects.update(file=name)
    with pytest.raises(IntegrityError, match="projects_evidenceexport_making_matches_state"), transaction.atomic():
        EvidenceExport.objects.update(state=ExportState.READY, file=name)
