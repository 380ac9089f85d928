import hashlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from audit.models import Entry
from projects.enums import Audience, Role
from quality.domain import result_imports
from quality.domain.errors import CaseIsRetired, DefectIsOpen, ForeignRows, RowIsNoFailure, RowsAreMapped
from quality.domain.facts import ProjectFacts
from quality.domain.result_imports import About
from quality.domain.results.refusals import NothingInside
from quality.enums import CaseKind, DefectState, ImportChannel, Outcome, RunState, Severity
from quality.models import Defect, Execution, ImportedTimes, Result, ResultImport, RowMapping, TestRun
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import CaseFactory, DefectFactory, ResultFactory

pytestmark = pytest.mark.django_db
JTL = "timeStamp,elapsed,label,success\n" + "".join(f"1,{n},Save,true\n" for n in range(1, 21)) + "1,900,Open,false\n"


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def person(project):
    return member(project, Role.TESTER)


@pytest.fixture
def bring(project, person):
    def bring(content, *, name="results.xml", dry_run=False, project=project, **about):
        return result_imports.import_results(
            project,
            BytesIO(content.encode()),
            About(**about),
            file_name=name,
            by=person,
            channel=ImportChannel.PAGE,
            dry_run=dry_run,
        )

    return bring


def suite(*names, failed=(), skipped=()):
    rows = [f"<testcase name='{name}'/>" for name in names]
    rows += [f"<testcase name='{name}'><failure message='was 3'/></testcase>" for name in failed]
    rows += [f"<testcase name='{name}'><skipped/></testcase>" for name in skipped]
    return f"<testsuite>{''.join(rows)}</testsuite>"


def functional(project, **fields):
    return CaseFactory(project=project, kind=CaseKind.FUNCTIONAL, **fields)


def test_import_results_maps_rows_by_id_and_lists_the_others(project, person, bring):
    case, phase = functional(project), PhaseFactory(project=project)
    record = bring(suite(case.code, "other"), build="1.5", environment="CI", phase=phase).record

    assert (record.read, record.passed, record.mapped, record.unmapped) == (2, 2, 1, 1)
    run = record.run
    assert (run.state, run.build, run.environment, run.phase) == (RunState.FINISHED, "1.5", "CI", phase)
    result = Result.objects.get()
    assert (result.execution.run, result.execution.case, result.outcome) == (run, case, Outcome.PASSED)
    assert (result.case_version, result.build, result.executed_by) == (case.version, "1.5", person)
    assert Execution.objects.get().outcome == Outcome.PASSED
    assert [row.name for row in record.rows.unmapped()] == ["other"]
    case.refresh_from_db()
    assert (run.audience, case.audience) == (Audience.CUSTOMER, Audience.CUSTOMER)  # what counts is seen by both


def test_import_results_writes_the_trail(project, person, bring):
    bring(suite(functional(project).code))
    told = Entry.objects.filter(actor=person).values_list("action", flat=True)
    assert set(told) == {"create", "finish", "import", "result"}


def test_import_results_keeps_the_file_and_does_nothing_with_the_same_again(project, bring):
    case = functional(project)
    first = bring(suite(case.code), name="C:\\tmp\\..\\a.xml").record
    assert first.file_name == "a.xml"
    with default_storage.open(first.file.name) as kept:
        assert kept.read().decode() == suite(case.code)
    before = Entry.objects.count()

    again = bring(suite(case.code), name="b.xml")
    assert (again.record, again.is_repeated) == (first, True)
    assert (Result.objects.count(), TestRun.objects.count(), Entry.objects.count()) == (1, 1, before)
    assert not bring(suite(case.code), project=ProjectFactory()).is_repeated


def test_another_file_is_a_new_attempt_and_the_latest_counts(project, bring):
    case = functional(project)
    bring(suite(failed=[case.code]), build="1.5")
    bring(suite(case.code), build="1.5")
    assert Execution.objects.counting(project).get().outcome == Outcome.PASSED
    assert TestRun.objects.count() == 2


def test_import_results_leaves_nothing_of_a_dry_run(project, bring):
    case = functional(project)
    imported = bring(suite(case.code, "only tried"), dry_run=True)
    assert (imported.record.mapped, imported.record.unmapped) == (1, 1)
    assert not ResultImport.objects.exists()
    assert not TestRun.objects.exists()
    assert not Entry.objects.exists()
    assert not default_storage.exists(f"results/{project.pk}/{imported.record.sha256}")


def test_import_results_refuses_whole(project, bring):
    with pytest.raises(NothingInside):
        bring("<testsuite/>")
    with pytest.raises(ForeignRows):
        bring(suite("a"), phase=PhaseFactory())
    assert not ResultImport.objects.exists()


def test_of_several_rows_of_a_case_the_worst_counts(project, bring):
    case, part = functional(project), functional(project)
    bring(suite(f"{case.code} a", failed=[f"{case.code} b"]) + "")
    bring(suite(f"{part.code} a", skipped=[f"{part.code} b"]))
    outcomes = dict(Result.objects.values_list("execution__case", "outcome"))
    assert outcomes == {case.pk: Outcome.FAILED, part.pk: Outcome.SKIPPED}
    assert Result.objects.get(outcome=Outcome.FAILED).comment == f"{case.code} b"  # the customer reads it too


def test_import_results_passes_over_retired_and_foreign_cases(project, bring):
    retired, foreign = functional(project, retired=True), functional(ProjectFactory(), number=77)
    record = bring(suite(retired.code, foreign.code)).record
    assert (record.mapped, record.unmapped, record.run) == (0, 2, None)


def test_map_rows_records_and_remembers(project, person, bring):
    case = functional(project)
    record = bring(suite("login", "logout")).record
    record = result_imports.map_rows(record.pk, "login", case, by=person)
    assert (record.mapped, record.unmapped) == (1, 1)
    assert Result.objects.get().execution.case == case
    assert RowMapping.objects.get().case == case

    following = bring(suite(failed=["login"])).record
    assert (following.mapped, following.unmapped) == (1, 0)
    assert Execution.objects.counting(project).get().outcome == Outcome.FAILED


def test_map_rows_counts_the_worst_of_all_rows_of_the_case(project, person, bring):
    case = functional(project)
    record = bring(suite(case.code, failed=["more of it"])).record
    result_imports.map_rows(record.pk, "more of it", case, by=person)
    assert Execution.objects.get().outcome == Outcome.FAILED
    assert [row.result.outcome for row in record.rows.all()] == [Outcome.FAILED, Outcome.FAILED]
    assert Result.objects.count() == 2  # what was recorded first stays


def test_map_rows_refuses(project, person, bring):
    record = bring(suite("login")).record
    with pytest.raises(ForeignRows):
        result_imports.map_rows(record.pk, "login", CaseFactory(), by=person)
    with pytest.raises(CaseIsRetired):
        result_imports.map_rows(record.pk, "login", CaseFactory(project=project, retired=True), by=person)
    with pytest.raises(RowsAreMapped):
        result_imports.map_rows(record.pk, "absent", CaseFactory(project=project), by=person)


def test_a_case_of_user_acceptance_is_not_passed_by_a_file(project, bring):
    mine = ResultFactory(execution__run__project=project, outcome=Outcome.FAILED).execution
    defect = DefectFactory(project=project, case=mine.case, state=DefectState.FIXED)
    bring(suite(mine.case.code))
    assert Execution.objects.counting(project).get() == mine
    assert [fact.outcome for fact in ProjectFacts(project).executions] == [Outcome.FAILED]
    defect.refresh_from_db()
    assert defect.state == DefectState.FIXED


@pytest.mark.parametrize(("failed", "state"), [(False, DefectState.CLOSED), (True, DefectState.OPEN)])
def test_import_results_is_the_retest_of_a_fixed_defect(project, bring, failed, state):
    case = functional(project)
    defect = DefectFactory(project=project, case=case, state=DefectState.FIXED)
    bring(suite(failed=[case.code]) if failed else suite(case.code))
    defect.refresh_from_db()
    assert defect.state == state


def test_open_defect_takes_what_the_row_shows_once(project, person, bring):
    case = functional(project)
    record = bring(suite("fine", failed=[case.code]), build="1.5").record
    row = record.rows.get(case=case)
    assert not Defect.objects.exists()

    defect = result_imports.open_defect(row, severity=Severity.CRITICAL, by=person)
    assert (defect.case, defect.result, defect.build) == (case, row.result, "1.5")
    assert (defect.severity, defect.seen, defect.audience) == (Severity.CRITICAL, f"{case.code}\nwas 3", Audience.TEAM)
    with pytest.raises(DefectIsOpen):
        result_imports.open_defect(row, severity=Severity.MAJOR, by=person)
    with pytest.raises(RowIsNoFailure):
        result_imports.open_defect(record.rows.get(name="fine"), severity=Severity.MAJOR, by=person)


def test_import_results_keeps_times_per_label(project, bring):
    record = bring(JTL, name="load.jtl").record
    assert (record.read, record.passed, record.failed, record.mapped, record.unmapped) == (21, 20, 1, 0, 0)
    times = {row.label: (row.samples, row.errors, row.p95_ms, row.max_ms) for row in record.times.all()}
    assert times == {"": (21, 1, 20, 900), "Save": (20, 0, 19, 20), "Open": (1, 1, None, 900)}
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedTimes.objects.update(p95_ms=1)


@pytest.mark.parametrize("rows", [1, 300])
def test_import_results_costs_the_same_for_one_row_and_many(
    project, person, bring, rows, django_assert_max_num_queries
):
    cases = [functional(project) for _number in range(rows)]
    with django_assert_max_num_queries(70):
        bring(suite(*(case.code for case in cases)))


def test_the_same_file_is_in_a_project_once():
    record = ResultImport(
        project=ProjectFactory(), number=1, format="sarif", sha256="a" * 64, channel="page", created_by=UserFactory(),
        read=0, passed=0, failed=0, skipped=0, errored=0,
    )  # fmt: skip
    record.save()
    record.pk, record.number = None, 2
    with pytest.raises(IntegrityError):
        record.save(force_insert=True)


def test_an_import_neither_shows_nor_shares_a_case_of_user_acceptance(project, bring):
    case = CaseFactory(project=project, kind=CaseKind.UAT)
    bring(suite(case.code))
    case.refresh_from_db()
    assert case.audience == Audience.TEAM
    assert not Result.objects.latest_of([case]).exists()


def test_a_file_half_kept_is_kept_anew(project, bring):
    content = suite("a").encode()
    digest = hashlib.sha256(content).hexdigest()
    default_storage.save(f"results/{project.pk}/{digest}", ContentFile(b"<tes"))
    record = bring(suite("a")).record
    with record.file.open() as kept:
        assert kept.read() == content
