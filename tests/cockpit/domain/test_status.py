from datetime import date

import pytest

from cockpit.domain.status import ProjectFigures, judge

TODAY = date(2026, 6, 10)
FINE = {
    "go_live_on": date(2026, 9, 1),
    "is_live": False,
    "overdue_tasks": 0,
    "overdue_milestones": 0,
    "open_blockers": 0,
    "open_criticals": 0,
}


@pytest.mark.parametrize(
    ("changes", "family", "first_reason"),
    [
        ({}, "good", "Nothing is overdue and no blocker or critical defect is open."),
        ({"overdue_tasks": 1}, "risk", "1 task is overdue."),
        ({"overdue_milestones": 2}, "risk", "2 milestones are overdue."),
        ({"open_criticals": 1, "overdue_tasks": 3}, "risk", "1 critical defect is open."),
        ({"open_blockers": 2}, "bad", "2 blocker defects are open."),
        ({"go_live_on": date(2026, 6, 9)}, "bad", "Go-live is 1 day late."),
        ({"go_live_on": TODAY}, "good", "Nothing is overdue and no blocker or critical defect is open."),
        (
            {"go_live_on": date(2026, 6, 1), "is_live": True},
            "good",
            "Nothing is overdue and no blocker or critical defect is open.",
        ),
        ({"go_live_on": None}, "good", "Nothing is overdue and no blocker or critical defect is open."),
    ],
)
def test_judge_names_the_worst_reason_first(changes, family, first_reason):
    status = judge(ProjectFigures(**FINE | changes), on=TODAY)
    assert (status.family, status.reasons[0]) == (family, first_reason)


def test_judge_keeps_the_lesser_reasons_behind_the_broken_promise():
    status = judge(ProjectFigures(**FINE | {"open_blockers": 1, "overdue_tasks": 1}), on=TODAY)
    assert status.reasons == ("1 blocker defect is open.", "1 task is overdue.")
