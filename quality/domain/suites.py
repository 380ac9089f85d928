"""What happens to a suite: begun, renamed, its cases chosen and put in order, deleted."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from accounts.models import User
from audit.domain import trail
from projects.domain.numbers import next_number
from projects.models import Project
from quality.domain.errors import CaseIsRetired, ForeignRows, SuiteIsFull, SuiteNameTaken
from quality.enums import CaseState
from quality.models import SuiteEntry, TestCase, TestSuite

MAX_CASES = 2000


@transaction.atomic
def create_suite(
    project: Project, *, name: str, purpose: str = "", case_ids: Sequence[int] = (), by: User
) -> TestSuite:
    """Begin a suite with these cases in this order. Raises SuiteNameTaken, ForeignRows, SuiteIsFull, CaseIsRetired."""
    _check_name(project, name)
    number = next_number(TestSuite, project)
    suite = TestSuite(project=project, number=number, name=name, purpose=purpose, created_by=by)
    trail.save(suite, by=by)
    _arrange(suite, case_ids, by=by)
    return suite


@transaction.atomic
def edit_suite(suite_id: int, *, name: str, purpose: str, case_ids: Sequence[int] | None = None, by: User) -> TestSuite:
    """Call a suite otherwise; `case_ids`, where given, are exactly the cases it then holds, in this order.

    One that is named twice stands at its first place. Raises SuiteNameTaken, ForeignRows, SuiteIsFull, and
    CaseIsRetired for a retired case that was not in it.
    """
    suite = _locked(suite_id)
    _check_name(suite.project, name, but=suite)
    suite.name, suite.purpose = name, purpose
    trail.save(suite, by=by)
    if case_ids is not None:
        _arrange(suite, case_ids, by=by)
    return suite


@transaction.atomic
def delete_suite(suite_id: int, *, by: User) -> None:
    """Delete a suite; its cases, and what was run of it, stay."""
    trail.delete(_locked(suite_id), by=by)


@transaction.atomic
def add_cases(suite_id: int, case_ids: Iterable[int], *, by: User) -> int:
    """Put cases at the end in the order of their numbers; return how many were not in the suite before.

    Raises ForeignRows, SuiteIsFull, CaseIsRetired.
    """
    suite = _locked(suite_id)
    present = case_ids_of(suite)
    wanted = TestCase.objects.filter(pk__in=set(case_ids) - set(present))
    added = list(wanted.order_by("number").values_list("pk", flat=True))
    _arrange(suite, [*present, *added], by=by)
    return len(added)


@transaction.atomic
def remove_case(suite_id: int, case_id: int, *, by: User) -> None:
    """Take a case out of a suite; where it is out already, nothing changes."""
    suite = _locked(suite_id)
    _arrange(suite, [pk for pk in case_ids_of(suite) if pk != case_id], by=by)


@transaction.atomic
def move_case(suite_id: int, case_id: int, position: int, *, by: User) -> None:
    """Give a case of the suite the place `position`, the first being 1; beyond the ends it becomes first or last."""
    suite = _locked(suite_id)
    present = case_ids_of(suite)
    if case_id in present:
        present.remove(case_id)
        present.insert(max(position, 1) - 1, case_id)
        _arrange(suite, present, by=by)


def case_ids_of(suite: TestSuite, *, active: bool = False) -> list[int]:
    """Return the cases of a suite in their order; `active`: without the retired ones, as a run can take them."""
    entries = suite.entries.order_by("position")
    if active:
        entries = entries.filter(case__state=CaseState.ACTIVE)
    return list(entries.values_list("case_id", flat=True))


def _arrange(suite: TestSuite, case_ids: Sequence[int], *, by: User) -> None:
    """Check and write the order; the trail says what came, what went, and whether the others were put in order."""
    before, after = case_ids_of(suite), list(dict.fromkeys(case_ids))
    if after == before:
        return
    if len(after) > MAX_CASES:
        raise SuiteIsFull(suite=suite.code, limit=MAX_CASES)
    cases = TestCase.objects.filter(project_id=suite.project_id).in_bulk(set(before) | set(after))
    if set(after) - cases.keys():
        raise ForeignRows
    for pk in after:
        if pk not in before and cases[pk].state == CaseState.RETIRED:
            raise CaseIsRetired(case=cases[pk].code)
    suite.entries.all().delete()
    SuiteEntry.objects.bulk_create(
        SuiteEntry(suite=suite, case_id=pk, position=position) for position, pk in enumerate(after, start=1)
    )
    facts = {
        "added": [cases[pk].code for pk in after if pk not in set(before)],
        "removed": [cases[pk].code for pk in before if pk not in set(after)],
    }
    trail.record("arrange", suite, by=by, facts={name: codes for name, codes in facts.items() if codes})


def _locked(suite_id: int) -> TestSuite:
    return TestSuite.objects.select_for_update(of=("self",)).select_related("project").get(pk=suite_id)


def _check_name(project: Project, name: str, *, but: TestSuite | None = None) -> None:
    holder = TestSuite.objects.filter(project=project, name=name).first()
    if holder is not None and holder != but:
        raise SuiteNameTaken(name=name)
