from io import BytesIO

import pytest
from django.utils.translation import override

from audit.domain import trail
from projects.enums import Audience
from quality.domain.errors import SheetIsOutdated, WorkbookWouldBeTooLarge
from quality.domain.tables import exporting, importing, sheets
from quality.domain.tables.parsing import HeaderIsMissing
from quality.enums import CaseKind, Scenario
from quality.models import CaseSheet, TestCase
from requirements.models import Requirement
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.quality.factories import CaseFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db

HEADER = ["Number", "Title", "Kind", "Situation", "Priority", "Requirements", "Action", "Test data", "Expected result"]


@pytest.fixture
def project():
    return ProjectFactory()


def table(*rows, header=HEADER):
    content = b"".join(sheets.csv_lines([header, *rows]))
    return importing.read_table(BytesIO(content), "cases.csv")


def exported(project, suffix):
    found, named = TestCase.objects.filter(project=project).order_by("number"), Requirement.objects.all()
    content, _kind = exporting.export(found, named, suffix)
    return b"".join(content)


def plan(project, *rows, **options):
    return importing.plan_import(project, table(*rows, **options).rows)


NEW = ["", "Book", "Security", "No rights", "1", "R-1", "Open it", "", "It is refused"]


def test_import_table_writes_new_cases_with_their_steps(project):
    requirement = RequirementFactory(project=project, number=1)
    importing.import_table(project, table(NEW, [*[""] * 6, "Again", "x", "Refused"]), by=UserFactory())
    case = TestCase.objects.get()
    assert (case.title, case.kind, case.scenario, case.priority) == ("Book", CaseKind.SECURITY, Scenario.NO_RIGHTS, 1)
    assert (list(case.requirements.all()), case.audience) == ([requirement], Audience.TEAM)
    assert [(step.action, step.test_data, step.expected) for step in case.steps.all()] == [
        ("Open it", "", "It is refused"),
        ("Again", "x", "Refused"),
    ]


def test_the_same_file_again_changes_nothing(project):
    RequirementFactory(project=project, number=1)
    first = importing.import_table(project, table(NEW), by=UserFactory())
    again = importing.import_table(project, table(NEW), by=UserFactory())
    assert ([line.action for line in first.lines], [line.action for line in again.lines]) == (["create"], ["same"])
    assert (TestCase.objects.count(), TestCase.objects.get().version) == (1, 1)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize(("written", "read"), [("en", "zh-hans"), ("zh-hans", "en")])
def test_an_export_imported_in_another_language_changes_nothing(project, suffix, written, read):
    requirement = RequirementFactory(project=project)
    CaseFactory(project=project, requirements=[requirement], title="=1+1", kind="accessibility", scenario="wrong_data")
    CaseFactory(project=project, steps=0, preconditions="One\nTwo")
    with override(written):
        content = exported(project, suffix)
    with override(read):
        found = importing.plan_import(project, importing.read_table(BytesIO(content), "x").rows)
    assert [(line.action, line.case.problems) for line in found.lines] == [("same", []), ("same", [])]
    assert found.unknown_columns == []


def test_a_row_with_a_number_changes_that_case_and_leaves_columns_alone_that_the_file_has_not(project):
    case = CaseFactory(project=project, process="Selling", priority=1)
    found = importing.import_table(project, table([case.code, "Renamed"], header=["Number", "Title"]), by=UserFactory())
    case.refresh_from_db()
    assert [line.changes for line in found.lines] == [["title"]]
    assert (case.title, case.process, case.priority, case.version, case.steps.count()) == (
        "Renamed",
        "Selling",
        1,
        2,
        2,
    )


def test_empty_cells_of_steps_leave_the_steps_of_a_case(project):
    case = CaseFactory(project=project)
    importing.import_table(project, table([case.code, "Renamed"]), by=UserFactory())
    assert (TestCase.objects.get().title, case.steps.count()) == ("Renamed", 2)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["TC-999", "Book"], "There is no test case “TC-999”."),
        (["?", "Book"], "“?” is no number of a test case."),
        (["", "", "uat"], "The title is missing."),
        (["", "x" * 201], "Title is longer than 200 characters."),
        (["", "Book", "odd"], "“odd” is no value for Kind, which is one of: "),
        (["", "Book", "", "", "", "R-77"], "There is no requirement R-077."),
        (["", "Book", "", "", "", "soon"], "“soon” is no number of a requirement."),
        (["", "Book", "", "", "", "", "Open it"], "Row 2: a step needs both an action and an expected result."),
        (["", "Book", "", "", "", "", "x" * 501, "", "y"], "Row 2: Action is longer than 500 characters."),
        (["", "Twice"], "Several cases have this title; name the one that is meant: TC-001, TC-002."),
    ],
)
def test_plan_import_refuses_a_row_with_its_reason(project, row, problem):
    CaseFactory.create_batch(2, project=project, title="Twice")
    [line] = plan(project, row).lines
    assert (line.action, len(line.case.problems)) == ("refuse", 1)
    assert line.case.problems[0].startswith(problem)


def test_plan_import_refuses_a_case_that_the_file_has_twice(project):
    case = CaseFactory(project=project, title="Book")
    found = plan(project, [case.code, "Other"], ["", "Between"], ["", "Book"])
    assert [line.action for line in found.lines] == ["change", "create", "refuse"]


def test_refused_rows_do_not_stop_the_others(project):
    importing.import_table(project, table(["TC-999", "Lost"], ["", "Book"]), by=UserFactory())
    assert [case.title for case in TestCase.objects.all()] == ["Book"]


def test_another_projects_case_and_requirement_are_not_there(project):
    CaseFactory(number=7), RequirementFactory(number=7)
    found = plan(project, ["TC-007", "Book"], ["", "Book", "", "", "", "R-007"])
    assert [line.action for line in found.lines] == ["refuse", "refuse"]


def test_a_file_without_title_column_is_no_table_of_cases(project):
    with pytest.raises(HeaderIsMissing):
        table(["x"], header=["Nothing"])


def test_unknown_columns_are_named(project):
    assert plan(project, ["Book", "x"], header=["title", "Owner"]).unknown_columns == ["Owner"]


def test_import_sheet_writes_once_and_is_gone(project):
    person = UserFactory()
    sheet = importing.keep_sheet(project, table(["", "Book"]), by=person)
    digest = importing.plan_import(project, sheet.rows).digest
    importing.import_sheet(sheet.pk, digest=digest, by=person)
    with pytest.raises(SheetIsOutdated):
        importing.import_sheet(sheet.pk, digest=digest, by=person)
    assert (TestCase.objects.count(), CaseSheet.objects.count()) == (1, 0)
    entry = trail.entries_for(project).get(action="import_cases")
    assert entry.facts["file"] == "cases.csv"


def test_import_sheet_refuses_when_the_cases_changed_since_they_were_looked_through(project):
    person = UserFactory()
    sheet = importing.keep_sheet(project, table(["", "Book"]), by=person)
    digest = importing.plan_import(project, sheet.rows).digest
    CaseFactory(project=project, title="Book")
    with pytest.raises(SheetIsOutdated):
        importing.import_sheet(sheet.pk, digest=digest, by=person)
    assert CaseSheet.objects.count() == 1


def test_keep_sheet_forgets_the_persons_earlier_one(project):
    person = UserFactory()
    for title in ("Book", "Post"):
        importing.keep_sheet(project, table(["", title]), by=person)
    assert CaseSheet.objects.get().rows[1][1][1] == "Post"


def test_export_names_only_the_requirements_it_is_given(project):
    requirement = RequirementFactory(project=project)
    CaseFactory(project=project, requirements=[requirement])
    found = TestCase.objects.filter(project=project).order_by("number")
    content, _kind = exporting.export(found, Requirement.objects.none(), "csv")
    assert requirement.code not in b"".join(content).decode()


def test_export_refuses_a_workbook_that_is_too_large(project, monkeypatch):
    monkeypatch.setattr(exporting, "MAX_WORKBOOK", 0)
    CaseFactory(project=project)
    with pytest.raises(WorkbookWouldBeTooLarge):
        exported(project, "xlsx")
