import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.domain.requirement_status import LinkedTest, coverage, requirement_status, verified_coverage
from quality.enums import Outcome, RequirementStatus

PASSED = LinkedTest(Outcome.PASSED, 1, 1, 1)
STALE_CASE = LinkedTest(Outcome.PASSED, 2, 1, 1)
STALE_REQUIREMENT = LinkedTest(Outcome.PASSED, 1, 1, None)
FAILED = LinkedTest(Outcome.FAILED, 1, 1, 1)
BLOCKED = LinkedTest(Outcome.BLOCKED, 1, 1, 1)
SKIPPED = LinkedTest(Outcome.SKIPPED, 1, 1, 1)
NOT_RUN = LinkedTest(Outcome.NOT_RUN, 1)
WORST_FIRST = list(RequirementStatus)

TESTS = st.lists(
    st.builds(
        LinkedTest,
        outcome=st.sampled_from(list(Outcome)),
        version=st.integers(1, 3),
        ran_version=st.integers(1, 3),
        ran_requirement=st.integers(1, 3),
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    ("tests", "status"),
    [
        ([], "uncovered"),
        ([PASSED], "ok"),
        ([PASSED, PASSED], "ok"),
        ([PASSED, STALE_CASE], "stale"),
        ([STALE_REQUIREMENT], "stale"),
        ([PASSED, NOT_RUN], "not_run"),
        ([SKIPPED], "not_run"),
        ([STALE_CASE, NOT_RUN], "not_run"),
        ([BLOCKED, NOT_RUN, STALE_CASE], "blocked"),
        ([PASSED, FAILED, BLOCKED, NOT_RUN], "nok"),
    ],
)
def test_requirement_status_is_the_worst_that_applies(tests, status):
    assert requirement_status(1, tests) == status


def test_a_newer_requirement_makes_a_pass_stale():
    assert requirement_status(2, [PASSED]) == RequirementStatus.STALE


@pytest.mark.parametrize("tests", [[FAILED], [NOT_RUN], [], [STALE_CASE]])
def test_a_signed_waiver_stands_for_what_is_missing(tests):
    assert requirement_status(1, tests, waived=True) == RequirementStatus.WAIVED


def test_a_waiver_changes_nothing_about_what_is_proven():
    assert requirement_status(1, [PASSED], waived=True) == RequirementStatus.OK


@given(TESTS, st.integers(1, 3))
def test_ok_means_that_every_test_passed_at_the_present_versions(tests, version):
    proven = bool(tests) and all(
        (test.outcome, test.ran_version, test.ran_requirement) == (Outcome.PASSED, test.version, version)
        for test in tests
    )
    assert (requirement_status(version, tests) == RequirementStatus.OK) is proven


@given(TESTS, TESTS, st.integers(1, 3))
def test_another_test_never_makes_it_better_once_there_is_one(tests, more, version):
    before, after = requirement_status(version, tests), requirement_status(version, tests + more)
    assert not tests or WORST_FIRST.index(after) <= WORST_FIRST.index(before)


@given(TESTS, st.integers(1, 3))
def test_the_order_of_tests_does_not_matter(tests, version):
    assert requirement_status(version, tests) == requirement_status(version, tests[::-1])


def test_coverage_counts_what_has_a_test_and_what_is_proven():
    statuses = [RequirementStatus(name) for name in ("ok", "ok", "nok", "stale", "uncovered", "waived")]
    assert coverage(statuses).counts == (4, 6)
    assert verified_coverage(statuses).counts == (2, 6)
    assert coverage([]).value is None


@given(st.lists(st.sampled_from(WORST_FIRST), max_size=40))
def test_verified_is_never_more_than_covered(statuses):
    assert verified_coverage(statuses).counts[0] <= coverage(statuses).counts[0]
