import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.enums import Role
from quality.enums import CaseKind, Outcome
from quality.models import Defect, Execution, ResultImport
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import CaseFactory, DefectFactory, ImportedRowFactory, ResultImportFactory
from tests.quality.samples import RESULTS
from tests.quality.signing import requested

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


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


def send(client, project, content, **fields):
    file = SimpleUploadedFile("results.xml", content.encode() if isinstance(content, str) else content)
    return client.post(url("import_create", project), {"file": file, **fields}, follow=True)


def suite(*names, failed=()):
    rows = [f"<testcase name='{name}'/>" for name in names]
    rows += [f"<testcase name='{name}'><failure message='was 3'/></testcase>" for name in failed]
    return f"<testsuite>{''.join(rows)}</testsuite>"


def test_import_shows_the_counts_and_says_so_of_the_same_file_again(client, project, tester):
    case, phase = CaseFactory(project=project), PhaseFactory(project=project)
    page = send(client, project, suite(case.code, "other"), build="1.5", phase=phase.pk).content.decode()
    assert "IM-001: 2 read, 1 recorded as results of test cases." in page
    record = ResultImport.objects.get()
    assert (record.build, record.phase, record.channel, record.created_by) == ("1.5", phase, "page", tester)
    again = send(client, project, suite(case.code, "other")).content.decode()
    assert "This very file was imported before as IM-001; nothing has changed." in again
    assert ResultImport.objects.count() == 1


def test_import_writes_a_refusal_at_the_field(client, project, tester):
    page = send(client, project, "<testsuite>").content.decode()
    assert "The file is broken or cut off in line 1." in page
    assert not ResultImport.objects.exists()


def test_import_takes_the_columns_of_a_summary(client, project, tester):
    text = "Step;Verdict\nLogin;passed\n"
    page = send(client, project, text, columns="label = Step\noutcome=Verdict\n").content.decode()
    assert "IM-001: 1 read" in page
    assert "what a column holds is one of" in send(client, project, text, columns="nonsense = Step").content.decode()


def test_import_asks_before_it_voids_an_acceptance(client):
    project = requested().project
    client.force_login(member(project, Role.TESTER))
    page = client.get(url("import_create", project)).content.decode()
    assert "An acceptance is waiting for signature" in page
    send(client, project, suite("a"))
    assert not ResultImport.objects.exists()
    send(client, project, suite("a"), confirmed="yes")
    assert ResultImport.objects.exists()


def test_import_map_takes_the_likely_case_in_one_click(client, project, tester):
    case = CaseFactory(project=project, title="Book an invoice", kind=CaseKind.FUNCTIONAL)
    send(client, project, suite(failed=["test_book_invoice"]))
    page = client.get(url("import_detail", project, 1)).content.decode()
    assert f'<input type="hidden" name="case" value="{case.code}">' in page

    answer = client.post(url("import_map", project, 1), {"row": 1, "case": case.code}, **HTMX).content.decode()
    assert answer.lstrip().startswith('<div id="import-body">')
    assert "Report defect" in answer
    assert f'hx-get="{url("import_detail", project, 1)}"' in answer  # the filter of the page, not of the step
    assert Execution.objects.get().outcome == Outcome.FAILED


def test_import_map_takes_what_is_typed_and_refuses_what_is_none(client, project, tester):
    CaseFactory(project=project, number=12, title="Login")
    CaseFactory(number=13)
    send(client, project, suite("a", "b"))
    for typed in ("TC-012 Login", "12"):
        row = ResultImport.objects.get().rows.unmapped().first()
        client.post(url("import_map", project, 1), {"row": row.position, "case": typed})
        row.refresh_from_db()
        assert row.case.number == 12
    page = client.post(url("import_map", project, 1), {"row": 1, "case": "TC-013"}, follow=True).content.decode()
    assert "There is no test case “TC-013”." in page


def test_import_defect_is_offered_once(client, project, tester):
    row = ImportedRowFactory(result_import__project=project, failed=True)
    address = url("import_defect", project, row.result_import.number, row.position)
    answer = client.post(address, {"severity": "critical"}, **HTMX).content.decode()
    defect = Defect.objects.get()
    assert (defect.severity, defect.seen, defect.case) == ("critical", f"{row.name}\nwas 3", row.case)
    assert defect.get_absolute_url() in answer
    assert "Report defect" not in answer
    assert "app:toast" in client.post(address, **HTMX)["HX-Trigger"]
    assert Defect.objects.count() == 1


def test_import_detail_shows_times_per_label(client, project, tester):
    send(client, project, (RESULTS / "jmeter" / "filewithtransactions.csv").read_bytes())
    page = client.get(url("import_detail", project, 1)).content.decode()
    assert "All samples" in page
    assert "4906" in page
    assert "Table of rows" not in page


def test_import_detail_keeps_the_words_of_tests_from_the_customer(client, project):
    row = ImportedRowFactory(result_import__project=project, message="Traceback")
    address = url("import_detail", project, row.result_import.number)
    client.force_login(member(project, Role.KEY_USER))
    assert row.name not in client.get(address).content.decode()
    client.force_login(member(project, Role.CSM))
    page = client.get(address).content.decode()
    assert "Traceback" in page
    assert 'placeholder="TC-012"' not in page


def test_import_of_another_project_does_not_exist(client, project, tester):
    foreign = ImportedRowFactory()
    for name, arguments in (("import_detail", ()), ("import_file", ())):
        assert client.get(url(name, project, foreign.result_import.number, *arguments)).status_code == 404
    address = url("import_defect", project, foreign.result_import.number, foreign.position)
    assert client.post(address).status_code == 404


def test_import_file_comes_as_it_was_and_is_never_shown(client, project, tester):
    record = ResultImportFactory(project=project, kept=True, file_name='a".html')
    response = client.get(url("import_file", project, record.number))
    assert b"".join(response.streaming_content) == b"<testsuite/>"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("rows", [1, 100])
def test_import_pages_cost_the_same_with_one_row_and_a_hundred(
    client, project, tester, rows, django_assert_max_num_queries
):
    record = ResultImportFactory(project=project)
    ResultImportFactory.create_batch(rows, project=project)
    for place in range(rows):
        row = ImportedRowFactory(result_import=record, failed=place % 2 == 0)
        if row.case:
            DefectFactory(project=project, case=row.case)
    with django_assert_max_num_queries(10):
        client.get(url("import_list", project))
    with django_assert_max_num_queries(12):
        client.get(url("import_detail", project, record.number))


def test_import_list_answers_htmx_with_the_table_alone(client, project, tester):
    ResultImportFactory(project=project)
    answer = client.get(url("import_list", project), **HTMX).content.decode()
    assert answer.startswith('<div id="import-table">')
