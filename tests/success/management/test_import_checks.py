import json

import pytest
from django.core.management import CommandError, call_command

from success.models import Check
from tests.projects.factories import ProjectFactory
from tests.success.samples import DATA

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    call_command("import_checks", *map(str, arguments))
    return json.loads(capsys.readouterr().out)


def test_import_checks_prints_what_it_counted(capsys):
    project = ProjectFactory()
    first = run(capsys, project.key, DATA / "checks.csv")
    again = run(capsys, project.key, DATA / "checks.csv")
    assert (first["repeated"], first["rows_new"], first["systems_made"]) == (False, 332, 18)
    assert (again["repeated"], again["rows_new"], again["systems_made"]) == (True, 0, 0)
    assert again["sha256"] == first["sha256"]


def test_import_checks_refuses_a_foreign_file(tmp_path):
    file = tmp_path / "plan.csv"
    file.write_text("task,start\nBlueprint,2026-08-01\n")
    with pytest.raises(CommandError, match=r"Row 1: .* Nothing was imported"):
        call_command("import_checks", ProjectFactory().key, file)
    assert not Check.objects.exists()


def test_import_checks_refuses_an_unknown_project_and_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="no project NO-WHERE"):
        call_command("import_checks", "NO-WHERE", DATA / "checks.csv")
    with pytest.raises(CommandError, match=r"missing\.csv"):
        call_command("import_checks", ProjectFactory().key, tmp_path / "missing.csv")
