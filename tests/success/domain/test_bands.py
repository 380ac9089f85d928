from decimal import Decimal

import pytest

from success.domain.bands import Reason, band_for, reason_for
from success.enums import Band
from tests.success.factories import make_facts, month_of_checks

QUICK, SLOW = month_of_checks("2026-07"), month_of_checks(response_ms=lambda n: 400 + n % 100)


@pytest.mark.parametrize(
    ("facts", "reason", "band"),
    [
        (make_facts([]), Reason.NO_DATA, Band.UNRATED),
        (make_facts(month_of_checks()[:1000]), Reason.TOO_LITTLE_DATA, Band.UNRATED),
        (make_facts(month_of_checks(down=[5, 9])), Reason.TARGET_MISSED, Band.POOR),
        (make_facts(month_of_checks(down=[5])), Reason.BUDGET_SPENT, Band.WATCH),
        (make_facts(month_of_checks(), target_p95_ms=293), Reason.ABOVE_TARGET, Band.WATCH),
        (make_facts(SLOW, before=QUICK), Reason.SLOWER, Band.WATCH),
        (make_facts(month_of_checks(), before=QUICK, target_p95_ms=300), Reason.ALL_WELL, Band.GOOD),
        (make_facts(month_of_checks(down=[5]), target_percent=Decimal(99)), Reason.ALL_WELL, Band.GOOD),
        (make_facts(target_percent=Decimal(100)), Reason.ALL_WELL, Band.GOOD),
        (make_facts(month_of_checks(down=[5]), target_percent=Decimal(100)), Reason.TARGET_MISSED, Band.POOR),
    ],
)
def test_reason_for_takes_the_first_line_that_applies(facts, reason, band):
    assert (reason_for(facts), band_for(facts)) == (reason, band)
