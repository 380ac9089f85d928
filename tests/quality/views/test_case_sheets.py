import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.enums import Role
from quality.domain.tables import sheets
from quality.models import CaseSheet, TestCase
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def tester(client, project):
    person = member(project, Role.TESTER)
    client.force_login(person)
    return person


def url(name, project, *args):
    return reverse(f"quality:{name}", args=[project.key, *args])


def upload(content=b"Title\nBook\n", name="cases.csv"):
    return {"file": SimpleUploadedFile(name, content)}


def test_a_file_is_looked_through_and_then_written(client, project, tester):
    response = client.post(url("case_import", project), upload(), follow=True)
    content = response.content.decode()
    assert ("Write 1 test case" in content, TestCase.objects.count()) == (True, 0)
    client.post(url("case_import_apply", project), {"digest": response.context["plan"].digest})
    assert (TestCase.objects.get().title, CaseSheet.objects.count()) == ("Book", 0)


def test_nothing_is_written_without_the_digest_that_was_looked_at(client, project, tester):
    client.post(url("case_import", project), upload())
    response = client.post(url("case_import_apply", project), follow=True)
    assert "is not what you looked through any more" in response.content.decode()
    assert not TestCase.objects.exists()


def test_a_bad_file_says_why_in_the_persons_language(client, project, tester):
    tester.language = "zh-hans"
    tester.save()
    content = client.post(url("case_import", project), upload(b"PK\x03\x04 broken", "a.xlsx")).content.decode()
    assert "XLSX 文件已损坏或不是工作簿" in content
    assert not CaseSheet.objects.exists()


def test_the_preview_of_one_kind_shows_only_these(client, project, tester):
    CaseFactory(project=project, title="Here", steps=0)
    client.post(url("case_import", project), upload(b"Title\nHere\nNew one\n,\n"))
    page = client.get(url("case_import_preview", project), {"show": "create"}).context["page"]
    assert [line.case.title for line in page.rows] == ["New one"]


def test_without_a_file_the_preview_leads_to_the_upload(client, project, tester):
    assert client.get(url("case_import_preview", project)).url == url("case_import", project)
    assert client.post(url("case_import_apply", project)).url == url("case_list", project)


def test_another_persons_file_is_not_shown(client, project, tester):
    client.post(url("case_import", project), upload())
    client.force_login(member(project, Role.TESTER))
    assert client.get(url("case_import_preview", project)).status_code == 302


def test_discard_forgets_the_file(client, project, tester):
    client.post(url("case_import", project), upload())
    client.post(url("case_import_discard", project))
    assert not CaseSheet.objects.exists()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_case_export_gives_a_customer_what_is_shared(client, project, suffix):
    CaseFactory(project=project, title="Hidden"), CaseFactory(title="Foreign", shared=True)
    CaseFactory(project=project, title="Shared", shared=True)
    client.force_login(member(project, Role.KEY_USER))
    response = client.get(url("case_export", project, suffix))
    file = SimpleUploadedFile("x", b"".join(response.streaming_content))
    assert [cells[1] for _row, cells in sheets.read_rows(file) if cells[0]] == ["Title", "Shared"]
    assert response["Content-Disposition"] == f'attachment; filename="{project.key}-test-cases.{suffix}"'


def test_case_export_knows_no_other_kind(client, project, tester):
    assert client.get(url("case_export", project, "exe")).status_code == 404


@pytest.mark.parametrize("count", [1, 100])
def test_case_sheet_queries(client, project, tester, count, django_assert_max_num_queries):
    for number in range(count):
        CaseFactory(project=project, title=f"Case {number}", requirements=[RequirementFactory(project=project)])
    rows = "".join(f"TC-{number:03d},Other {number}\n" for number in range(1, count + 1))
    client.post(url("case_import", project), upload(f"Number,Title\n{rows}".encode()))
    with django_assert_max_num_queries(12):
        assert client.get(url("case_import_preview", project)).context["plan"].count("change") == count
    with django_assert_max_num_queries(10):
        b"".join(client.get(url("case_export", project, "csv")).streaming_content)


def test_the_api_tells_before_it_writes(client, project, tester):
    address = f"/api/v1/projects/{project.key}/test-case-tables/"
    told = client.post(address, upload()).json()
    assert (told["written"], told["lines"][0]["action"], TestCase.objects.count()) == (False, "create", 0)
    written = client.post(address, upload() | {"dry_run": "false"}).json()
    again = client.post(address, upload() | {"dry_run": "false"}).json()
    assert (written["lines"][0]["action"], again["lines"][0]["action"]) == ("create", "same")
    assert client.post(address, upload(b"", "empty.csv")).status_code == 400
    exported = b"".join(client.get(address, {"type": "csv"}).streaming_content)
    assert b"TC-001,Book" in exported
