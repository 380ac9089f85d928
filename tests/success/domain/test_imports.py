import pytest
from django.core.files.storage import default_storage

from audit.domain import trail
from success.domain import imports
from success.domain.errors import BadFile
from success.models import Check, CheckImport, MonitoredSystem
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.success.samples import DATA

pytestmark = pytest.mark.django_db
HEADER = "service,checked_at,status,http_code,response_ms\n"
FIRST = "erp,2026-08-17T15:31:20Z,up,200,546\n"
SECOND = "erp,2026-08-17T16:31:20Z,down,504,9000\n"


def take(project, text, **given):
    return imports.import_checks(project, text.encode(), file_name="checks.csv", **given)


def test_import_checks_makes_systems_and_keeps_the_file_with_its_counts():
    project, person, data = ProjectFactory(), UserFactory(), (DATA / "checks.csv").read_bytes()
    imported = imports.import_checks(project, data, file_name="C:\\tmp\\..\\checks.csv", by=person)

    record = imported.record
    assert not imported.is_repeated
    assert (record.rows_read, record.rows_new, record.rows_known, record.systems_made) == (332, 332, 0, 18)
    assert record.file_name == "checks.csv"
    with default_storage.open(record.file.name) as kept:
        assert kept.read() == data
    assert sorted(project.systems.values_list("number", flat=True)) == list(range(1, 19))
    assert Check.objects.filter(system__project=project).count() == 332
    (entry,) = trail.entries_for(record)
    assert (entry.action, entry.actor) == ("import", person)


def test_import_checks_does_nothing_with_the_same_file_again():
    project = ProjectFactory()
    first = take(project, HEADER + FIRST)
    again = take(project, HEADER + FIRST)
    assert again.is_repeated
    assert again.record == first.record
    assert (Check.objects.count(), CheckImport.objects.count()) == (1, 1)


def test_import_checks_gives_the_same_file_to_another_project_too():
    take(ProjectFactory(), HEADER + FIRST)
    assert not take(ProjectFactory(), HEADER + FIRST).is_repeated
    assert MonitoredSystem.objects.count() == 2


def test_import_checks_adds_only_what_a_longer_file_brings():
    project = ProjectFactory()
    take(project, HEADER + FIRST)
    record = take(project, HEADER + FIRST + SECOND + SECOND).record
    assert (record.rows_read, record.rows_new, record.rows_known, record.systems_made) == (3, 1, 2, 0)


@pytest.mark.parametrize("contradiction", [FIRST.replace("up", "down"), FIRST.replace("546", "547")])
def test_import_checks_refuses_what_contradicts_the_record(contradiction):
    project = ProjectFactory()
    take(project, HEADER + FIRST)
    with pytest.raises(BadFile, match="Row 3: The check of erp at 2026-08-17T15:31:20"):
        take(project, HEADER + "crm" + SECOND[3:] + contradiction)
    assert list(project.systems.values_list("name", flat=True)) == ["erp"]
    assert (Check.objects.count(), CheckImport.objects.count()) == (1, 1)


def test_import_checks_refuses_a_file_that_contradicts_itself():
    with pytest.raises(BadFile, match="Row 3"):
        take(ProjectFactory(), HEADER + FIRST + FIRST.replace("up", "down"))
    assert not MonitoredSystem.objects.exists()
