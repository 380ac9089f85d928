import json

import pytest
from django.core.management import CommandError, call_command

from projects.enums import Role
from quality.models import ResultImport
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import CaseFactory
from tests.quality.samples import JMETER, JUNIT, NEWMAN, files

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    project = ProjectFactory()
    member(project, Role.PROJECT_MANAGER)
    return project


@pytest.fixture
def run(capsys, project):
    def run(file, *options):
        call_command("import_results", project.key, str(file), "--json", *options)
        return json.loads(capsys.readouterr().out)

    return run


def expected(path):
    """The counts of a sample: read, passed, failed, skipped, errored."""
    if path.name in JUNIT:
        found = JUNIT[path.name]
        return [found[name] for name in ("tests", "passed", "failures", "skipped", "errors")]
    if path.name in NEWMAN:
        found = NEWMAN[path.name]
        told = ("assertions_passed", "assertions_failed", "assertions_skipped", "request_errors")
        counts = [found[name] for name in told]
        return [sum(counts), *counts]
    samples, errors = JMETER[path.name]["samples"], JMETER[path.name]["errors"]
    return [samples, samples - errors, errors, 0, 0]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_import_results_prints_the_expected_counts_of_every_sample(run, path):
    for options, repeated in ((["--dry-run"], False), ([], False), ([], True)):
        answer = run(path, *options)
        assert [answer[name] for name in ("read", "passed", "failed", "skipped", "errored")] == expected(path)
        assert answer["mapped"] == 0
        assert answer["unmapped"] == (0 if path.name in JMETER else answer["read"])
        assert (answer["repeated"], answer["dry_run"]) == (repeated, bool(options))
        if path.name in JMETER:
            assert (answer["samples"], answer["errors"]) == (answer["read"], answer["failed"])
            assert len(answer["labels"]) == JMETER[path.name]["labels"]
    assert ResultImport.objects.count() == 1


def test_import_results_maps_and_says_what_the_file_is_about(run, project, tmp_path):
    case, phase, person = CaseFactory(project=project), PhaseFactory(project=project), member(project, Role.TESTER)
    file = tmp_path / "junit.xml"
    file.write_text(f"<testsuite><testcase name='{case.code}'/></testsuite>")
    answer = run(file, "--build", "1.5", "--environment", "CI", "--phase", str(phase.number), "--by", person.email)
    assert answer["mapped"] == 1
    record = ResultImport.objects.get()
    assert (record.build, record.environment, record.phase, record.created_by) == ("1.5", "CI", phase, person)
    assert record.run.name == "JUnit XML: junit.xml"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--build", "b" * 61], "A build has at most 60 characters"),
        (["--environment", "e" * 121], "an environment 120"),
    ],
)
def test_import_results_refuses_what_is_too_long(run, tmp_path, options, told):
    with pytest.raises(CommandError, match=told):
        run(tmp_path / "junit.xml", *options)


def test_import_results_refuses_the_name_of_somebody_who_may_not(run, tmp_path):
    with pytest.raises(CommandError, match="may not import"):
        run(tmp_path / "junit.xml", "--by", UserFactory().email)


def test_import_results_prints_percentiles_per_label(run, tmp_path):
    file = tmp_path / "load.jtl"
    rows = "".join(f"1,{n},Save,true\n" for n in range(1, 21))
    file.write_text(f"timeStamp,elapsed,label,success\n{rows}1,900,Open,false\n")
    labels = {row.pop("label"): row for row in run(file)["labels"]}
    assert labels["Save"] == {
        "samples": 20, "errors": 0, "error_percent": 0.0, "min_ms": 1, "mean_ms": 10.5, "max_ms": 20,
        "p50_ms": 10, "p90_ms": 18, "p95_ms": 19, "p99_ms": None,
    }  # fmt: skip
    assert (labels["Open"]["error_percent"], labels["Open"]["p95_ms"]) == (100.0, None)


def test_import_results_takes_the_columns_of_a_summary(run, tmp_path):
    file = tmp_path / "summary.csv"
    file.write_text("Step;Verdict\nLogin;passed\n")
    assert run(file, "--column", "label=Step", "--column", "outcome=Verdict")["passed"] == 1


def test_import_results_prints_lines_for_a_person(capsys, project, tmp_path):
    file = tmp_path / "load.jtl"
    file.write_text("elapsed,label,success\n7,Save,true\n")
    call_command("import_results", project.key, str(file))
    printed = capsys.readouterr().out
    assert "samples: 1\n" in printed
    assert "label=Save  samples=1  errors=0" in printed


def test_import_results_refuses_with_the_reason(project, tmp_path):
    broken = tmp_path / "broken.xml"
    broken.write_text("<testsuite><testcase")
    empty = ProjectFactory().key
    good = tmp_path / "good.xml"
    good.write_text("<testsuite><testcase name='a'/></testsuite>")
    for arguments, reason in (
        ([project.key, broken], r"The file is broken or cut off in line 1\."),
        ([project.key, tmp_path / "missing.xml"], "No such file"),
        ([project.key, tmp_path], "Is a directory"),
        (["NO-WHERE", good], "There is no project NO-WHERE"),
        ([empty, good], "Say in whose name"),
        ([project.key, good, "--by", "nobody@example.com"], "There is no person nobody@example.com"),
        ([project.key, good, "--phase", "9"], "no phase 9"),
        ([project.key, good, "--column", "nonsense=x"], "A column holds one of"),
    ):
        with pytest.raises(CommandError, match=reason) as caught:
            call_command("import_results", *map(str, arguments))
        assert caught.value.returncode == 1
    assert not ResultImport.objects.exists()
