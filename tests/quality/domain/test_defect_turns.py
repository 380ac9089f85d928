from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from projects.enums import Role
from quality.domain.defect_turns import age_in_days, whose_turn
from quality.enums import DefectState, Turn
from quality.models import Defect
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import DefectFactory, ExecutionFactory, ResultFactory

TODAY = date(2026, 6, 10)
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "has_owner", "asks_customer", "turn"),
    [
        ("open", True, True, Turn.OWNER),
        ("open", False, True, Turn.MANAGER),
        ("fixed", True, True, Turn.CUSTOMER),
        ("fixed", True, False, Turn.REPORTER),
        ("declined", False, True, Turn.CUSTOMER),
        ("declined", False, False, Turn.REPORTER),
        ("duplicate", True, True, Turn.NOBODY),
        ("closed", True, True, Turn.NOBODY),
    ],
)
def test_whose_turn_by_state(state, has_owner, asks_customer, turn):
    facts = {"has_owner": has_owner, "asks_customer": asks_customer, "deferred_until": None}
    assert whose_turn(state, **facts, on=TODAY) == turn


@pytest.mark.parametrize(("days", "turn"), [(-1, Turn.OWNER), (0, Turn.OWNER), (1, Turn.NOBODY)])
def test_whose_turn_of_what_is_deferred_comes_with_its_day(days, turn):
    until = TODAY + timedelta(days=days)
    assert whose_turn("deferred", has_owner=True, asks_customer=False, deferred_until=until, on=TODAY) == turn


@pytest.mark.parametrize(("hours", "days"), [(0, 0), (23, 0), (24, 1), (71, 2)])
def test_age_in_days_counts_whole_days_until_it_is_settled(hours, days):
    assert age_in_days(NOON - timedelta(hours=hours), None, NOON) == days
    assert age_in_days(NOON - timedelta(hours=hours), NOON, NOON + timedelta(days=30)) == days


@pytest.mark.django_db
def test_the_database_finds_the_same_turns():
    """Every state, with and without owner, found by team and customer, visible to both, before and after its day."""
    project = ProjectFactory()
    customer, tester = member(project, Role.KEY_USER), member(project, Role.TESTER)
    dates = {"deferred": [TODAY, TODAY + timedelta(days=1)]}
    for state, owner, finder, audience in product(
        DefectState, [None, tester], [customer, tester], ["team", "customer"]
    ):
        for until in dates.get(state, [None]):
            DefectFactory(
                project=project,
                state=state,
                owner=owner,
                reported_by=finder,
                audience=audience,
                deferred_until=until,
            )
    found = {
        defect.pk: whose_turn(
            defect.state,
            has_owner=defect.owner_id is not None,
            asks_customer=defect.asks_customer,
            deferred_until=defect.deferred_until,
            on=TODAY,
        )
        for defect in Defect.objects.with_people()
    }
    for turn in Turn:
        rows = set(Defect.objects.of_turn(turn, on=TODAY).values_list("pk", flat=True))
        assert rows == {pk for pk, value in found.items() if value == turn}
    assert set(found.values()) == set(Turn)


@pytest.mark.django_db
def test_with_people_asks_whoever_ran_the_case_rather_than_whoever_wrote_it_down():
    execution = ExecutionFactory()
    project = execution.run.project
    result = ResultFactory(execution=execution, outcome="failed", executed_by=member(project, Role.KEY_USER))
    DefectFactory(project=project, result=result, reported_by=UserFactory(), audience="customer")
    assert Defect.objects.with_people().get().asks_customer is True
