from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.domain import trail
from projects import tasks
from projects.domain import errors, projects, retention
from projects.enums import PictureState, ProjectState, Role
from projects.models import Attachment, LegalHold, Project
from tests.accounts.factories import UserFactory
from tests.projects.factories import AttachmentFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db
CLOSED = datetime(2026, 1, 31, 4, tzinfo=UTC)  # noon in Shanghai
OVER = datetime(2026, 3, 1, 0, tzinfo=UTC)


@pytest.fixture
def project():
    """Closed on 31 January; its files are kept for one month, until 28 February."""
    return ProjectFactory(
        state=ProjectState.CLOSED, closed_at=CLOSED, keep_months=1, customer__time_zone="Asia/Shanghai"
    )


@pytest.fixture
def administrator():
    return UserFactory(administrator=True)


@pytest.mark.parametrize(
    ("months", "last_day"),
    [(1, date(2026, 2, 28)), (2, date(2026, 3, 31)), (11, date(2026, 12, 31)), (25, date(2028, 2, 29)), (None, None)],
)
def test_kept_until_counts_whole_months(project, months, last_day):
    project.keep_months = months

    assert retention.kept_until(project) == last_day


def test_kept_until_is_unknown_while_a_project_is_open():
    assert retention.kept_until(ProjectFactory(keep_months=1)) is None


def test_due_projects_are_those_whose_last_day_is_over_in_the_customers_zone(project):
    AttachmentFactory(project=project)
    last_hour = datetime(2026, 2, 28, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai

    assert retention.due_projects(now=last_hour) == []
    assert retention.due_projects(now=last_hour + timedelta(minutes=1)) == [project.pk]


def test_due_projects_leave_out_those_kept_for_ever_held_or_empty(project, administrator):
    ProjectFactory(state=ProjectState.CLOSED, closed_at=CLOSED, keep_months=1)
    AttachmentFactory(project=ProjectFactory(state=ProjectState.CLOSED, closed_at=CLOSED))
    AttachmentFactory(project=project)
    retention.place_hold(project.pk, reason="Dispute over the stock", by=administrator)

    assert retention.due_projects(now=OVER) == []


def test_remove_due_takes_the_bytes_and_leaves_row_hash_and_trail(project):
    attachment = AttachmentFactory(project=project, with_picture=True)
    paths = [Path(stored.path) for stored in (attachment.file, attachment.thumbnail, attachment.display)]
    other = AttachmentFactory()

    assert retention.remove_due(project.pk, now=OVER) == 1

    assert not any(path.exists() for path in paths)
    sha256 = attachment.sha256
    attachment.refresh_from_db()
    assert (attachment.file.name, attachment.display.name, attachment.picture_state) == ("", "", PictureState.NONE)
    assert (attachment.removed_at, attachment.sha256) == (OVER, sha256)
    entry = trail.entries_for(attachment).get()
    assert (entry.action, entry.actor, entry.facts) == ("remove", None, {"sha256": sha256})
    assert Path(other.file.path).exists()


def test_remove_due_twice_removes_once(project):
    attachment = AttachmentFactory(project=project)

    assert [retention.remove_due(project.pk, now=OVER) for _twice in range(2)] == [1, 0]
    assert trail.entries_for(attachment).count() == 1


def test_remove_due_goes_on_after_a_crash_between_bytes_and_row(project):
    attachment = AttachmentFactory(project=project)
    Path(attachment.file.path).unlink()

    assert retention.remove_due(project.pk, now=OVER) == 1


def test_remove_due_stops_at_a_hold(project, administrator):
    """Also one that was placed after the sweep had found the project."""
    attachment = AttachmentFactory(project=project)
    retention.place_hold(project.pk, reason="Dispute over the stock", by=administrator)

    assert retention.remove_due(project.pk, now=OVER) == 0
    assert Path(attachment.file.path).exists()

    retention.lift_hold(project.pk, reason="Settled", by=administrator)
    assert retention.remove_due(project.pk, now=OVER) == 1


def test_sweep_enqueues_what_is_due(project, monkeypatch):
    AttachmentFactory(project=project)
    enqueued = []
    monkeypatch.setattr("projects.tasks.remove_due.delay", enqueued.append)
    monkeypatch.setattr("projects.tasks.timezone.now", lambda: OVER)

    tasks.sweep()

    assert enqueued == [project.pk]


def test_place_hold_stands_once_until_it_is_lifted(project, administrator):
    hold = retention.place_hold(project.pk, reason="Dispute", by=administrator)
    with pytest.raises(errors.HoldStands):
        retention.place_hold(project.pk, reason="Another", by=administrator)

    retention.lift_hold(project.pk, reason="Settled", by=administrator)
    with pytest.raises(errors.NoHold):
        retention.lift_hold(project.pk, reason="Again", by=administrator)

    assert [entry.action for entry in trail.entries_for(hold)] == ["hold", "lift"]
    assert retention.place_hold(project.pk, reason="Another", by=administrator) != hold


def test_set_retention_is_on_record(project, administrator):
    retention.set_retention(project.pk, 24, by=administrator)

    assert trail.entries_for(project).get().changes == {"keep_months": [1, 24]}


@pytest.mark.parametrize("months", [0, 1201])
def test_set_retention_refuses_what_is_out_of_bounds(project, administrator, months):
    with pytest.raises(ValidationError):
        retention.set_retention(project.pk, months, by=administrator)


def test_move_project_tells_when_it_was_closed():
    project = ProjectFactory()
    manager = member(project, Role.PROJECT_MANAGER)

    assert projects.move_project(project.pk, "close", by=manager).closed_at is not None
    assert projects.move_project(project.pk, "reopen", by=manager).closed_at is None


def refused(message, change):
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        change()


def test_the_database_removes_no_file_under_a_hold(project, administrator):
    attachment = AttachmentFactory(project=project)
    hold = LegalHold.objects.create(project=project, reason="Dispute", placed_by=administrator, placed_at=CLOSED)
    rows = Attachment.objects.filter(pk=attachment.pk)

    refused("a legal hold stands", lambda: rows.update(file="", removed_at=OVER))
    LegalHold.objects.filter(pk=hold.pk).update(lifted_at=OVER, lifted_by=administrator, lifted_reason="Settled")
    assert rows.update(file="", removed_at=OVER) == 1


def test_the_database_keeps_the_row_of_a_file_and_what_it_says(project):
    attachment = AttachmentFactory(project=project)
    rows = Attachment.objects.filter(pk=attachment.pk)

    refused("the row of a file stays", rows.delete)
    refused("what is known of a file stays", lambda: rows.update(sha256="0" * 64))
    refused("what is known of a file stays", lambda: rows.update(name="other.txt"))
    refused("projects_attachment_has_file_until_removed", lambda: rows.update(file=""))
    rows.update(file="", removed_at=OVER)
    refused("a removed file does not come back", lambda: rows.update(file="x", removed_at=None))


def test_the_database_keeps_a_hold_on_record(project, administrator):
    retention.place_hold(project.pk, reason="Dispute", by=administrator)
    refused("a legal hold stays on record", LegalHold.objects.all().delete)
    refused("what was said of a legal hold", lambda: LegalHold.objects.update(reason="Other"))

    retention.lift_hold(project.pk, reason="Settled", by=administrator)
    refused("what was said of a legal hold", lambda: LegalHold.objects.update(lifted_reason="Other"))


def test_the_database_knows_when_a_closed_project_was_closed(project):
    refused("projects_project_closing_matches_state", lambda: Project.objects.update(closed_at=None))
    refused("projects_project_keeps_a_month_at_least", lambda: Project.objects.update(keep_months=0))
