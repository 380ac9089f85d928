"""The playbook that ships: it loads in every language, and its parts hold together."""

from datetime import date

import pytest

from projects.domain.calendars import calendar_for, plan_phases
from projects.domain.playbooks import load_playbook

PLAYBOOK = load_playbook("erp_rollout")


@pytest.mark.parametrize(
    ("part", "least"), [("phases", 7), ("objectives", 4), ("requirements", 25), ("tasks", 45), ("test_cases", 20)]
)
def test_erp_rollout_is_complete(part, least):
    assert len(PLAYBOOK.data[part]) >= least


def test_erp_rollout_tests_every_requirement_of_this_project():
    covered = {code for case in PLAYBOOK.data["test_cases"] for code in case["requirements"]}
    needed = {row["code"] for row in PLAYBOOK.data["requirements"] if row["priority"] != "wont"}

    assert needed - covered == set()


def test_erp_rollout_keeps_work_inside_its_phase():
    calendar = calendar_for(PLAYBOOK, starts_on=date(2026, 3, 2), go_live_on=None, zone="UTC")
    phases = {phase.code: phase for phase in plan_phases(PLAYBOOK, calendar, "en")}

    outside = [
        task["code"]
        for task in PLAYBOOK.data["tasks"]
        if calendar.span(task["at"], task["days"])[0] < phases[task["phase"]].starts_on
        or calendar.span(task["at"], task["days"])[1] > phases[task["phase"]].ends_on
    ]

    assert outside == []


def test_erp_rollout_ends_with_go_live_and_final_acceptance():
    calendar = calendar_for(PLAYBOOK, starts_on=date(2026, 3, 2), go_live_on=date(2026, 11, 1), zone="Asia/Shanghai")
    phases = plan_phases(PLAYBOOK, calendar, "en")

    assert ("Go-live", date(2026, 11, 1)) in phases[5].milestones  # a Sunday: cut-over weekends are usual
    assert phases[6].milestones == [("Final acceptance signed", date(2026, 12, 16))]
