"""Every file of the samples gives the numbers that were counted in it independently."""

from fractions import Fraction

import pytest

from common.percentiles import LEAST_N, P50, P90, P95, P99
from quality.domain.results.reading import read_results
from tests.quality.samples import JMETER, JUNIT, NEWMAN, RESULTS, files


def read(path):
    with path.open("rb") as file:
        return read_results(file)


def test_every_file_has_its_expected_numbers():
    assert {path.name for path in files()} == JUNIT.keys() | JMETER.keys() | NEWMAN.keys()


@pytest.mark.parametrize("name", JUNIT)
def test_junit_counts_are_those_expected(name):
    found, wanted = read(RESULTS / "junit" / name), JUNIT[name]
    assert found.details["suites"] == wanted["suites"]
    assert (found.read, found.passed, found.failed, found.errored, found.skipped) == (
        wanted["tests"], wanted["passed"], wanted["failures"], wanted["errors"], wanted["skipped"]
    )  # fmt: skip
    assert sum(row.seconds for row in found.rows) == pytest.approx(wanted["time_sum_of_cases"], abs=0.0005)


@pytest.mark.parametrize("name", JMETER)
def test_jmeter_counts_and_percentiles_are_those_expected(name):
    found, wanted = read(RESULTS / "jmeter" / name), JMETER[name]
    whole, *labels = found.times
    assert (whole.samples, whole.errors) == (wanted["samples"], wanted["errors"])
    assert found.details["nested"] == wanted["nested_sub_samples"]
    assert float(whole.error_percent) == pytest.approx(wanted["error_pct"], abs=0.0001)
    assert (whole.min_ms, whole.max_ms) == (wanted["elapsed_min"], wanted["elapsed_max"])
    assert float(whole.mean_ms) == pytest.approx(wanted["elapsed_mean"], abs=0.0001)
    for q, value in ((P50, whole.p50_ms), (P90, whole.p90_ms), (P95, whole.p95_ms), (P99, whole.p99_ms)):
        enough = whole.samples >= LEAST_N[q]
        assert (value is not None) == enough
        assert (value if enough else whole.max_ms) == wanted[f"p{int(q * 100)}_nearest_rank"]
    assert len(labels) == wanted["labels"]
    counted = {times.label: times.samples for times in labels}
    assert wanted["top_labels"].items() <= counted.items()


@pytest.mark.parametrize("name", NEWMAN)
def test_newman_counts_are_those_expected(name):
    found, wanted = read(RESULTS / "newman" / name), NEWMAN[name]
    assert (found.passed, found.failed, found.skipped, found.errored) == (
        wanted["assertions_passed"], wanted["assertions_failed"], wanted["assertions_skipped"], wanted["request_errors"]
    )  # fmt: skip
    assert found.failed + found.errored == wanted["failures"]
    assert found.details["executions"] == wanted["executions"]


def test_jmeter_percentiles_are_per_label():
    found = read(RESULTS / "jmeter" / "filewithtransactions.csv")
    for times in found.times[1:]:
        assert times.p95_ms is not None
        assert times.p99_ms is None  # fewer than a hundred
        assert times.error_percent == Fraction(0)
