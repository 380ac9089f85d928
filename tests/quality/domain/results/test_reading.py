import json
from io import BytesIO

import pytest

from quality.domain.results import json_files, xml_files
from quality.domain.results.naming import case_number
from quality.domain.results.reading import read_results
from quality.domain.results.refusals import (
    ColumnsAreMissing,
    DocumentTypeIsRefused,
    EncodingIsWrong,
    FileHoldsTooMuch,
    FileIsBroken,
    FileIsEmpty,
    FileIsTooDeep,
    FileIsTooLarge,
    FormatIsUnknown,
    LabelsAreTooMany,
    NothingInside,
    RowIsCut,
    ShapeIsWrong,
    UnreadableFile,
    ValueIsWrong,
)
from quality.enums import FindingSeverity, RowOutcome
from tests.quality.samples import files

HEADER = "timeStamp,elapsed,label,success\n"
BOMB = (
    '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>'
)
OUTSIDE = '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testResults><a>&x;</a></testResults>'


def read(content, **options):
    return read_results(BytesIO(content if isinstance(content, bytes) else content.encode()), **options)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ("", FileIsEmpty),
        (" \n\t ", FileIsEmpty),
        ("\ufeff", FileIsEmpty),
        (BOMB, DocumentTypeIsRefused),
        (OUTSIDE, DocumentTypeIsRefused),
        ("<!DOCTYPE testsuite SYSTEM 'http://localhost/x.dtd'><testsuite/>", DocumentTypeIsRefused),
        ("<testsuite><testcase name='a'>", FileIsBroken),
        ("<testsuite><testcase name=a/></testsuite>", FileIsBroken),
        ("<testsuite/>", NothingInside),
        ("<testsuite>" + "<a>" * 200_000, FileIsTooDeep),
        ("<html><body>Sign in</body></html>", FormatIsUnknown),
        ("<?xml version='1.0' encoding='gbk'?><testsuite/>", EncodingIsWrong),
        ("<?xml version='1.0' encoding='klingon'?><testsuite/>", EncodingIsWrong),
        ("<testsuite name='单'/>".encode("gbk"), FileIsBroken),
        ("<testResults/>", NothingInside),
        ("<testResults><sample t='-1' lb='a' s='true'/></testResults>", ValueIsWrong),
        ("{", FileIsBroken),
        ('{"run": ', FileIsBroken),
        ("[1, 2]", FormatIsUnknown),
        ('{"run": []}', ShapeIsWrong),
        ('{"run": {"executions": [3]}}', ShapeIsWrong),
        ('{"run": {"executions": [{"item": {"name": 7}, "assertions": [{}]}]}}', ShapeIsWrong),
        ('{"run": {"executions": []}}', NothingInside),
        ('{"runs": []}', ShapeIsWrong),
        ('{"runs": [{"tool": {}}]}', ShapeIsWrong),
        ("[" * 300_000, FileIsTooDeep),
        ('{"run": ' + "9" * 5000 + "}", FileIsBroken),
        ('{"run": "\xff"}'.encode("latin-1"), EncodingIsWrong),
        ("hello", FormatIsUnknown),
        (b"\x89PNG\r\n\x1a\n\0\0", FormatIsUnknown),
        (HEADER, NothingInside),
        ("elapsed,label\n1,a\n", ColumnsAreMissing),
        (HEADER + "1,2,a\n", RowIsCut),
        (HEADER + "1,two,a,true\n", ValueIsWrong),
        (HEADER + "1,-2,a,true\n", ValueIsWrong),
        (HEADER + "1,99999999999,a,true\n", ValueIsWrong),
        (HEADER + "1,2,a,perhaps\n", ValueIsWrong),
        (HEADER + '1,2,"a', FileIsBroken),
        (HEADER.encode() + "1,2,登录,true\n".encode("gbk"), EncodingIsWrong),
        (HEADER.encode("utf-16"), EncodingIsWrong),
        (HEADER + "x" * 300_000, FileHoldsTooMuch),
        (HEADER + "".join(f"1,2,l{n},true\n" for n in range(2001)), LabelsAreTooMany),
        ("label,outcome\nLogin,perhaps\n", ValueIsWrong),
        ("label,samples,errors\nLogin,5,6\n", ValueIsWrong),
    ],
)  # fmt: skip
def test_read_results_refuses_with_a_reason(content, refusal):
    with pytest.raises(refusal) as caught:
        read(content)
    assert type(caught.value) is refusal
    assert "%(" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_read_results_refuses_every_sample_cut_in_its_middle_or_reads_less():
    for path in files():
        data = path.read_bytes()
        for size in (len(data) // 3, len(data) // 2, len(data) - 20):
            try:
                found = read(data[:size])
            except UnreadableFile:
                continue
            assert found.read <= read(data).read


def test_read_results_refuses_a_file_above_the_limit(monkeypatch):
    monkeypatch.setattr("quality.domain.results.reading.MAX_MEGABYTES", 0)
    with pytest.raises(FileIsTooLarge):
        read("<testsuite/>")


def test_read_json_refuses_what_would_fill_the_memory(monkeypatch):
    monkeypatch.setattr(json_files, "MAX_CONTAINERS", 10)
    with pytest.raises(FileHoldsTooMuch):
        read('{"run": {"executions": [' + "{}," * 20 + "{}]}}")


def test_read_xml_refuses_a_tag_without_end(monkeypatch):
    monkeypatch.setattr(xml_files, "MAX_TOKEN", 200_000)
    with pytest.raises(FileHoldsTooMuch):
        read("<testsuite name='" + "x" * 500_000 + "'/>")


def test_read_results_leaves_the_file_open():
    file = BytesIO((HEADER + "1,2,a,true\n").encode())
    read_results(file)
    assert not file.closed


def test_junit_takes_the_worst_of_a_case_and_keeps_its_words():
    found = read(
        "<testsuite name='s'><testcase name='a'><skipped/><error>boom</error><failure message='no'/></testcase>"
        "<testcase name='b' status='notrun'/><error>outside</error></testsuite>"
    )
    first, second = found.rows
    assert (first.name, first.outcome, first.message) == ("s / a", RowOutcome.FAILED, "no")
    assert second.outcome == RowOutcome.SKIPPED
    assert found.details["suite_errors"] == 1


def test_junit_reads_the_case_from_a_property_before_the_name():
    found = read(
        "<testsuite><testcase name='TC-1 login'><properties><property name='test_case'>TC-007</property></properties>"
        "</testcase><testcase name='test_tc_12_login'/><testcase name='plain'/></testsuite>"
    )
    assert [row.case for row in found.rows] == [7, 12, None]


@pytest.mark.parametrize(
    ("name", "number"),
    [("TC-012 Login", 12), ("[tc_3]", 3), ("test_TC_4_x", 4), ("ETC-5", None), ("TC-0", None), ("TC 6", 6)],
)
def test_case_number_reads_the_code_in_a_name(name, number):
    assert case_number([name]) == number


def test_case_number_takes_a_bare_number_only_from_a_property_of_that_name():
    assert case_number([], {"test_id": "12"}) == 12
    assert case_number([], {"id": "12"}) is None
    assert case_number(["TC-3"], {"id": "TC-12"}) == 12


def test_jmeter_counts_nested_samples_once_and_reads_other_delimiters():
    nested = read(
        "<testResults><sample t='5' lb='T' s='false'><httpSample t='4' lb='a' s='true'/></sample></testResults>"
    )
    assert (nested.times[0].samples, nested.times[0].errors, nested.details["nested"]) == (1, 1, 1)
    for delimiter in ";\t|":
        found = read((HEADER + "1,2,a,TRUE\n").replace(",", delimiter))
        assert [(times.label, times.samples, times.errors) for times in found.times] == [("", 1, 0), ("a", 1, 0)]


def test_newman_drops_the_bodies_of_answers():
    body = {"type": "Buffer", "data": [1] * 3_000_000}
    execution = {"item": {"name": "TC-2 list"}, "response": {"stream": body, "responseTime": 250},
                 "assertions": [{"assertion": "ok"}]}  # fmt: skip
    found = read(json.dumps({"collection": {}, "run": {"executions": [execution]}}))
    [row] = found.rows
    assert (row.name, row.seconds, row.case) == ("TC-2 list / ok", 0.25, 2)


def sarif(*results, rules=()):
    driver = {"name": "Scanner", "rules": list(rules)}
    return read(json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": list(results)}]}))


def test_sarif_counts_open_findings_by_severity():
    rules = [
        {"id": "sqli", "properties": {"security-severity": "9.1"}},
        {"id": "style", "defaultConfiguration": {"level": "note"}},
    ]
    found = sarif(
        {"ruleId": "sqli", "level": "note"},
        {"ruleIndex": 0, "suppressions": [{"kind": "external"}]},
        {"ruleIndex": 0, "suppressions": [{"kind": "external", "status": "rejected"}]},
        {"ruleId": "style"},
        {"ruleId": "unknown", "level": "error", "baselineState": "absent"},
        {"ruleId": "unknown"},
        {"kind": "pass"},
        {"kind": "notApplicable"},
        rules=rules,
    )
    counts = {row.severity: (row.open, row.closed) for row in found.findings}
    assert counts == {
        FindingSeverity.CRITICAL: (2, 1),
        FindingSeverity.HIGH: (0, 1),
        FindingSeverity.MEDIUM: (1, 0),
        FindingSeverity.LOW: (1, 0),
        FindingSeverity.INFO: (0, 0),
    }
    assert (found.read, found.passed, found.failed, found.skipped) == (8, 1, 4, 3)


def test_sarif_without_findings_is_a_good_result():
    found = sarif()
    assert found.read == 0
    assert [row.open for row in found.findings] == [0] * 5


def test_summary_of_loadrunner_in_seconds():
    text = (
        "Transaction Name,Minimum,Average,Maximum,Std. Deviation,90 Percent,Pass,Fail,Stop\n"
        "Login,0.5,1.2034,3.0001,0.2,2.1,95,5,0\nNever,0,0,0,0,0,0,0,0\n"
    )
    whole, login = read(text, unit="s").times
    assert (login.samples, login.errors, login.min_ms, login.max_ms, login.p90_ms) == (100, 5, 500, 3001, 2100)
    assert (whole.samples, whole.errors, whole.max_ms, whole.p90_ms) == (100, 5, 3001, None)


def test_summary_of_jmeter_takes_its_total_as_all():
    text = (
        "Label,# Samples,Average,Median,90% Line,95% Line,99% Line,Min,Max,Error %,Throughput\n"
        "Home,50,120,110,200,250,300,90,310,2.00%,5.1\nTOTAL,50,120,110,200,250,300,90,310,2.00%,5.1\n"
    )
    whole, home = read(text).times
    assert (home.samples, home.errors, home.p95_ms, home.p99_ms) == (50, 1, 250, None)
    assert (whole.label, whole.p95_ms) == ("", 250)


def test_summary_of_tests_with_named_columns():
    text = "用例;结论;说明\nTC-5 登录;通过;\n下单;失败;超时\n"
    found = read(text, columns={"label": "用例", "outcome": "结论", "message": "说明"})
    assert [(row.outcome, row.case, row.message) for row in found.rows] == [
        (RowOutcome.PASSED, 5, ""), (RowOutcome.FAILED, None, "超时")
    ]  # fmt: skip
    with pytest.raises(ColumnsAreMissing, match="Verdict"):
        read(text, columns={"outcome": "Verdict"})


LOADS = "Label,Samples,Errors,Mean,Max\n"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ("a" * 200_000, FileIsBroken),  # one cell longer than csv reads
        (LOADS.replace(",", ";") + "Login;10;1;12,5;20\n", ValueIsWrong),  # 12.5 or 125?
        (LOADS + "Login,10,1,5,9\nLogin,20,2,5,9\n", ValueIsWrong),  # two rows of one label
        (LOADS + "Login,999999999,0,5,9\nLogout,999999999,0,5,9\n", FileHoldsTooMuch),
    ],
)
def test_summary_refuses_what_it_would_have_to_guess(content, refusal):
    with pytest.raises(refusal):
        read(content)


def test_summary_refuses_a_time_too_long_for_milliseconds():
    with pytest.raises(ValueIsWrong):
        read(LOADS + "Login,10,1,5,3000000\n", unit="s")


def test_summary_reads_thousands():
    contents = read(LOADS + 'Login,"1,204",1,"1,204.5","2,000"\n')
    (login,) = contents.times[1:]
    assert (login.samples, float(login.mean_ms), login.max_ms) == (1204, 1204.5, 2000)


def test_sarif_reads_the_rules_of_extensions():
    severe = {"id": "X1", "properties": {"security-severity": "9.8"}}
    mild = {"id": "D1", "properties": {"security-severity": "1.0"}}
    tool = {"driver": {"name": "scan", "rules": [mild]}, "extensions": [{"name": "more", "rules": [severe]}]}
    by_place = {"rule": {"index": 0, "toolComponent": {"index": 0}}, "message": {"text": "a"}}
    by_name = {"ruleId": "X1", "message": {"text": "b"}}
    runs = [{"tool": tool, "results": [by_place, by_name]}]
    found = read(json.dumps({"version": "2.1.0", "runs": runs})).findings
    assert {row.severity: row.open for row in found if row.open} == {FindingSeverity.CRITICAL: 2}


def test_sarif_survives_a_score_beyond_any_number():
    rule = {"id": "X1", "properties": {"security-severity": 10**400}}
    found = sarif({"ruleId": "X1"}, rules=[rule]).findings
    assert {row.severity: row.open for row in found if row.open} == {FindingSeverity.MEDIUM: 1}
