import pytest

from audit.domain import trail
from quality.domain import suites
from quality.domain.errors import CaseIsRetired, ForeignRows, SuiteIsFull, SuiteNameTaken
from quality.models import SuiteEntry, TestSuite
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.quality.factories import CaseFactory, SuiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def cases(project):
    return CaseFactory.create_batch(3, project=project)


def order(suite):
    return [(entry.position, entry.case) for entry in suite.entries.select_related("case").order_by("position")]


def test_create_suite_numbers_it_and_keeps_the_order(project, cases):
    first, _second, third = cases
    suite = suites.create_suite(project, name="Smoke", case_ids=[third.pk, first.pk, third.pk], by=UserFactory())
    assert (suite.code, order(suite)) == ("TS-01", [(1, third), (2, first)])
    assert [entry.action for entry in trail.entries_for(suite).order_by("number")] == ["create", "arrange"]


def test_a_case_may_be_in_several_suites(project, cases):
    for name in ("Smoke", "Full"):
        suites.create_suite(project, name=name, case_ids=[cases[0].pk], by=UserFactory())
    assert cases[0].suite_entries.count() == 2


def test_edit_suite_replaces_the_cases_only_where_they_are_given(project, cases):
    suite = SuiteFactory(project=project, cases=cases)
    suites.edit_suite(suite.pk, name="Renamed", purpose="", by=UserFactory())
    assert len(order(suite)) == 3
    suites.edit_suite(suite.pk, name="Renamed", purpose="", case_ids=[cases[1].pk], by=UserFactory())
    assert order(suite) == [(1, cases[1])]


def test_add_cases_puts_new_ones_at_the_end_by_number(project, cases):
    suite = SuiteFactory(project=project, cases=[cases[1]])
    added = suites.add_cases(suite.pk, [cases[2].pk, cases[1].pk, cases[0].pk], by=UserFactory())
    assert (added, order(suite)) == (2, [(1, cases[1]), (2, cases[0]), (3, cases[2])])


def test_remove_case_closes_the_gap_and_is_safe_twice(project, cases):
    suite = SuiteFactory(project=project, cases=cases)
    for _again in range(2):
        suites.remove_case(suite.pk, cases[0].pk, by=UserFactory())
    assert order(suite) == [(1, cases[1]), (2, cases[2])]
    assert trail.entries_for(suite).count() == 1


@pytest.mark.parametrize(
    ("position", "expected"), [(0, [2, 0, 1]), (1, [2, 0, 1]), (2, [0, 2, 1]), (3, [0, 1, 2]), (99, [0, 1, 2])]
)
def test_move_case(project, cases, position, expected):
    suite = SuiteFactory(project=project, cases=cases)
    suites.move_case(suite.pk, cases[2].pk, position, by=UserFactory())
    assert [case for _place, case in order(suite)] == [cases[index] for index in expected]


def test_add_cases_refuses_another_projects_and_a_retired_case(project):
    suite = SuiteFactory(project=project)
    with pytest.raises(ForeignRows):
        suites.add_cases(suite.pk, [CaseFactory().pk], by=UserFactory())
    with pytest.raises(CaseIsRetired):
        suites.add_cases(suite.pk, [CaseFactory(project=project, retired=True).pk], by=UserFactory())


def test_a_case_retired_later_stays_but_is_not_planned(project, cases):
    retired = CaseFactory(project=project, retired=True)
    suite = SuiteFactory(project=project, cases=[*cases, retired])
    suites.move_case(suite.pk, retired.pk, 1, by=UserFactory())
    assert suites.case_ids_of(suite)[0] == retired.pk
    assert suites.case_ids_of(suite, active=True) == [case.pk for case in cases]


def test_a_suite_has_a_limit(project, cases, monkeypatch):
    monkeypatch.setattr(suites, "MAX_CASES", 2)
    suite = SuiteFactory(project=project)
    with pytest.raises(SuiteIsFull):
        suites.add_cases(suite.pk, [case.pk for case in cases], by=UserFactory())


def test_a_name_is_given_once_in_a_project(project):
    suite, other = SuiteFactory(project=project), SuiteFactory(project=project)
    suites.edit_suite(suite.pk, name=suite.name, purpose="Every build", by=UserFactory())
    with pytest.raises(SuiteNameTaken):
        suites.edit_suite(other.pk, name=suite.name, purpose="", by=UserFactory())
    assert suites.create_suite(ProjectFactory(), name=suite.name, by=UserFactory()).number == 1


def test_delete_suite_leaves_the_cases(project, cases):
    suite = SuiteFactory(project=project, cases=cases)
    suites.delete_suite(suite.pk, by=UserFactory())
    assert (TestSuite.objects.count(), SuiteEntry.objects.count(), project.test_cases.count()) == (0, 0, 3)
