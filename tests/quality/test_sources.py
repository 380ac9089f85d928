from datetime import date
from fractions import Fraction

import pytest

from quality import sources
from quality.domain import evaluation, facts
from quality.enums import Operator, Verdict
from quality.models import CriteriaSet, ImportedFindings, ImportedTimes
from tests.projects.factories import PhaseFactory, ProjectFactory
from tests.quality.factories import (
    AuditFactory,
    CaseFactory,
    CriteriaSetFactory,
    CriterionFactory,
    DefectFactory,
    ExecutionFactory,
    FindingFactory,
    ResultFactory,
    ResultImportFactory,
)
from tests.requirements.factories import RequirementFactory

pytestmark = pytest.mark.django_db


def line(project, source, operator="le", threshold=0, unit="", label=""):
    criteria_set = CriteriaSet.objects.filter(project=project).first() or CriteriaSetFactory(project=project)
    criterion = CriterionFactory(
        criteria_set=criteria_set,
        source=source,
        operator=operator,
        threshold_scaled=int(threshold * 10_000),
        unit=unit,
        label=label,
    )
    return evaluation.evaluate_all([criterion], facts.of_scope(project, None))[0]


def test_rates_of_a_scope():
    project = ProjectFactory()
    for priority, outcome in [(1, "passed"), (1, "failed"), (2, "passed"), (3, "blocked")]:
        case = CaseFactory(project=project, priority=priority)
        ResultFactory(execution=ExecutionFactory(case=case, run__project=project), outcome=outcome)
    scope = facts.of_scope(project, None)
    found = {
        key: sources.get(key).measure(scope, None).counts
        for key in ("execution_rate", "pass_rate", "priority_1_pass_rate")
    }
    assert found == {"execution_rate": (3, 4), "pass_rate": (2, 4), "priority_1_pass_rate": (1, 2)}


def test_majors_are_met_up_to_the_number_agreed_and_only_with_a_date_each():
    project = ProjectFactory()
    planned = DefectFactory(project=project, severity="major", fix_planned_on=date(2026, 9, 1))
    assert line(project, "open_major_defects", threshold=1).verdict == Verdict.MET
    planned.fix_planned_on = None
    planned.save()
    undated = line(project, "open_major_defects", threshold=1)
    assert undated.verdict == Verdict.NOT_MET
    assert undated.measured.against == ("1 defect has no date for its fix.",)


def test_blockers_and_criticals_count_and_others_do_not():
    project = ProjectFactory()
    for severity in ("blocker", "critical", "major", "minor"):
        DefectFactory(project=project, severity=severity)
    assert line(project, "open_blocker_critical_defects").measured.value == 2


def test_requirements_covered_and_verified():
    project = ProjectFactory()
    proven, planned, _bare = RequirementFactory.create_batch(3, project=project)
    CaseFactory(project=project, requirements=[planned])
    execution = ExecutionFactory(case=CaseFactory(project=project, requirements=[proven]), run__project=project)
    ResultFactory(execution=execution, requirement_versions={str(proven.number): proven.version})
    assert line(project, "requirements_covered_rate").measured.counts == (2, 3)
    assert line(project, "requirements_verified_rate").measured.counts == (1, 3)


def test_a_source_that_is_not_there_has_no_data():
    project = ProjectFactory()
    assert line(project, "availability_of_a_missing_app").verdict == Verdict.NO_DATA


def test_register_refuses_a_key_twice():
    with pytest.raises(ValueError, match="registered twice"):
        sources.register(sources.get("pass_rate"))


@pytest.mark.parametrize(
    ("source", "operator", "threshold", "unit", "asked", "found"),
    [
        ("pass_rate", Operator.AT_LEAST, Fraction("99.5"), "%", "≥ 99.5\N{NO-BREAK SPACE}%", "2 / 3, 66.6"),
        ("execution_rate", Operator.AT_LEAST, 100, "%", "≥ 100\N{NO-BREAK SPACE}%", "3 / 3, 100"),
        ("priority_1_pass_rate", Operator.AT_LEAST, 100, "%", "≥ 100\N{NO-BREAK SPACE}%", "no cases"),
        ("open_blocker_critical_defects", Operator.AT_MOST, 0, "", "≤ 0", "0"),
        ("manual", Operator.EXACTLY, 1, "", "confirmed", "no data"),
    ],
)
def test_what_is_asked_and_found_in_words(source, operator, threshold, unit, asked, found):
    project = ProjectFactory()
    for outcome in ("passed", "passed", "failed"):
        case = CaseFactory(project=project, priority=2)
        ResultFactory(execution=ExecutionFactory(case=case, run__project=project), outcome=outcome)
    shown = line(project, source, operator, threshold, unit)
    assert shown.asked == asked
    assert shown.found.startswith(found)


def load_test(project, *labels, phase=None, **fields):
    """An imported load test; a label is (label, samples, errors, p95_ms)."""
    record = ResultImportFactory(project=project, phase=phase, format="jmeter", **fields)
    for label, samples, errors, p95_ms in labels:
        ImportedTimes.objects.create(
            result_import=record, label=label, samples=samples, errors=errors, p95_ms=p95_ms, max_ms=9000
        )
    return record


def test_p95_is_that_of_the_label_in_the_latest_load_test_that_has_it():
    project = ProjectFactory()
    load_test(project, ("", 200, 0, 3000), ("Save", 100, 0, 2500))
    latest = load_test(project, ("", 200, 0, 2001), ("Save", 100, 0, 1500))
    load_test(project, ("Open", 100, 0, 100))
    load_test(ProjectFactory(), ("", 100, 0, 1), ("Save", 100, 0, 1))
    save = line(project, "load_test_p95", threshold=2, unit="s", label="Save")
    assert (save.measured.value, save.verdict) == (Fraction(3, 2), Verdict.MET)
    assert [item.label for item in save.measured.evidence] == [latest.code]
    whole = line(project, "load_test_p95", threshold=2, unit="s")
    assert (whole.measured.value, whole.verdict) == (Fraction(2001, 1000), Verdict.NOT_MET)
    assert line(project, "load_test_p95", threshold=2000, unit="ms").found == "2001\u00a0ms"


def test_p95_of_too_few_samples_or_of_an_unknown_label_is_no_data():
    project = ProjectFactory()
    assert line(project, "load_test_p95", threshold=2, unit="s").verdict == Verdict.NO_DATA
    load_test(project, ("", 19, 0, None))
    assert line(project, "load_test_p95", threshold=2, unit="s").verdict == Verdict.NO_DATA
    assert line(project, "load_test_p95", threshold=2, unit="s", label="Save").verdict == Verdict.NO_DATA


def test_failed_samples_are_a_rate_with_its_counts():
    project = ProjectFactory()
    load_test(project, ("", 200, 3, 100))
    failed = line(project, "failed_samples_rate", threshold=1, unit="%")
    assert (failed.measured.counts, failed.verdict) == ((3, 200), Verdict.NOT_MET)


def test_open_findings_are_those_of_the_latest_file_of_every_scanner():
    project = ProjectFactory()
    assert line(project, "open_findings_high").verdict == Verdict.NO_DATA
    for tool, severity, number in (("A", "high", 5), ("A", "high", 0), ("B", "critical", 2), ("B", "medium", 7)):
        ImportedFindings.objects.create(
            result_import=ResultImportFactory(project=project, format="sarif"),
            tool=tool,
            severity=severity,
            open=number,
            closed=1,
        )
    found = line(project, "open_findings_medium")
    assert (found.measured.value, found.verdict) == (7, Verdict.NOT_MET)
    record = ResultImportFactory(project=project, format="sarif")
    ImportedFindings.objects.create(result_import=record, tool="B", severity="critical", open=0, closed=2)
    clean = line(project, "open_findings_high")
    assert (clean.measured.value, clean.verdict) == (0, Verdict.MET)


def test_a_phase_is_measured_by_its_own_imports():
    project = ProjectFactory()
    phase = PhaseFactory(project=project)
    criterion = CriterionFactory(
        criteria_set=CriteriaSetFactory(project=project, phase=phase), source="load_test_p95", unit="ms"
    )
    load_test(project, ("", 100, 0, 100))
    assert sources.measure(facts.of_scope(project, phase), criterion).value is None
    load_test(project, ("", 100, 0, 200), phase=phase)
    assert sources.measure(facts.of_scope(project, phase), criterion).value == 200


def test_open_nonconformities_count_what_is_not_closed_and_nothing_before_an_audit_is_reported():
    project = ProjectFactory()
    begun = AuditFactory(project=project)
    FindingFactory(audit=begun, grade="major")
    assert line(project, "open_audit_nonconformities").verdict == Verdict.NO_DATA
    reported = AuditFactory(project=project, state="reported")
    for fields in ({"grade": "minor"}, {"grade": "observation"}, {"grade": "major", "withdrawn": True}):
        FindingFactory(audit=reported, **fields)
    AuditFactory(project=project, state="planned")
    both, major = line(project, "open_audit_nonconformities", threshold=1), line(project, "open_audit_major")
    assert (both.measured.value, major.measured.value) == (2, 1)
    assert [item.label for item in both.measured.evidence] == ["AU-001", "AU-002"]
    assert (both.verdict, line(project, "open_audit_nonconformities", threshold=2).verdict) == (
        Verdict.NOT_MET,
        Verdict.MET,
    )


def test_open_nonconformities_of_a_phase_are_those_of_its_audits():
    phase = PhaseFactory()
    FindingFactory(audit=AuditFactory(project=phase.project, state="reported"))
    FindingFactory(audit=AuditFactory(project=phase.project, phase=phase, state="reported"), grade="major")
    measure = sources.get("open_audit_nonconformities").measure
    assert measure(facts.of_scope(phase.project, phase), None).value == 1
    assert measure(facts.of_scope(phase.project, None), None).value == 2
