from datetime import UTC, date, datetime, timedelta

import pytest

from cockpit.domain.waiting import MOST, waiting_for
from delivery.enums import Raci
from projects.enums import Role
from tests.delivery.factories import RaciFactory, TaskFactory, approved, drafted, in_review
from tests.projects.factories import GateReviewFactory, ProjectFactory, member
from tests.quality.factories import (
    ActionFactory,
    CaseFactory,
    DefectFactory,
    ExecutionFactory,
    ResultFactory,
    RunFactory,
)
from tests.signing.factories import make_project, send

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)


def titles(user):
    return [item.title for item in waiting_for(user, on=TODAY)]


def test_waiting_for_lists_what_is_overdue_first():
    project = ProjectFactory()
    user = member(project, Role.ENGINEER)
    soon = TaskFactory(project=project, owner=user, ends_on=TODAY + timedelta(days=2))
    late = TaskFactory(project=project, owner=user, ends_on=TODAY - timedelta(days=2))
    undated = DefectFactory(project=project, owner=user)
    assert titles(user) == [str(late), str(soon), str(undated)]


def test_waiting_for_leaves_out_what_is_done_far_off_or_another_persons():
    project = ProjectFactory()
    user = member(project, Role.ENGINEER)
    TaskFactory(project=project, owner=user, progress_percent=100)
    far = TODAY + timedelta(days=30)
    TaskFactory(project=project, owner=user, starts_on=far, ends_on=far)
    TaskFactory(project=project)
    assert titles(user) == []


def test_waiting_for_asks_only_the_signer_whose_turn_it_is():
    project, manager, sponsor = make_project()
    request = send(project, manager, sponsor)
    assert titles(manager) == [str(request)]
    assert titles(sponsor) == []


def test_waiting_for_dates_a_signature_in_the_zone_of_the_contract():
    project, manager, sponsor = make_project()
    assert project.time_zone == "Asia/Shanghai"
    request = send(project, manager, sponsor)
    request.expires_at = datetime(2026, 6, 12, 17, 20, tzinfo=UTC)
    request.save(update_fields=["expires_at"])
    (item,) = waiting_for(manager, on=TODAY)
    assert item.due == date(2026, 6, 13)


def test_waiting_for_counts_the_open_cases_of_a_run_in_one_line():
    project = ProjectFactory()
    user = member(project, Role.KEY_USER)
    run = RunFactory(project=project, running=True, name="Round 1")
    ExecutionFactory.create_batch(3, run=run, assigned_to=user)
    ExecutionFactory(run=run, case=CaseFactory(project=project))
    assert titles(user) == ["Round 1: 3 still to run"]


def test_waiting_for_asks_the_person_who_failed_a_case_to_run_it_again():
    project = ProjectFactory()
    user, other = member(project, Role.KEY_USER), member(project, Role.KEY_USER)
    run = RunFactory(project=project, running=True, name="Round 1")
    execution = ResultFactory(execution=ExecutionFactory(run=run), outcome="failed", executed_by=user).execution
    assert titles(user) == []
    DefectFactory(project=project, case=execution.case, state="fixed")
    assert (titles(user), titles(other)) == (["Round 1: 1 still to run"], [])


@pytest.mark.parametrize("each", [1, 60])
def test_waiting_for_costs_the_same_with_much_and_with_little(django_assert_num_queries, each):
    project = ProjectFactory()
    user = member(project, Role.ENGINEER)
    TaskFactory.create_batch(each, project=project, owner=user, ends_on=TODAY)
    DefectFactory.create_batch(each, project=project, owner=user)
    with django_assert_num_queries(6):
        found = waiting_for(user, on=TODAY)
    assert len(found) == min(2 * each, MOST)
    assert sum(item.due is not None for item in found) >= min(each, MOST)


def test_waiting_for_names_what_to_do_about_each_kind():
    project = ProjectFactory()
    user = member(project, Role.ENGINEER)
    task, defect = TaskFactory(project=project, owner=user, ends_on=TODAY), DefectFactory(project=project, owner=user)
    finding = GateReviewFactory(project=project, with_action=True).findings.get()
    assert {(item.act, item.url) for item in waiting_for(user, on=TODAY)} == {
        ("Work on task", task.get_absolute_url()),
        ("Fix defect", defect.get_absolute_url()),
    }
    (item,) = waiting_for(finding.owner, on=TODAY)
    assert (item.act, item.title, item.due) == ("Close gate action", finding.action, finding.due_on)
    assert item.url == finding.get_absolute_url()


def test_waiting_for_asks_for_deliverables_by_what_the_person_is_to_them():
    project = ProjectFactory()
    user, customer = member(project, Role.CONSULTANT), member(project, Role.KEY_USER)
    soon, far = {"due_on": TODAY + timedelta(days=2)}, {"due_on": TODAY + timedelta(days=30)}
    to_finish, to_review = drafted(project, **soon), in_review(project, **far)
    RaciFactory(deliverable=to_finish, person=user, letter=Raci.RESPONSIBLE)
    RaciFactory(deliverable=to_review, person=user, letter=Raci.ACCOUNTABLE)
    own = in_review(project, **soon)
    RaciFactory(deliverable=own, person=own.versions.get().uploaded_by, letter=Raci.ACCOUNTABLE)
    RaciFactory(deliverable=drafted(project, **far), person=user, letter=Raci.ACCOUNTABLE)
    RaciFactory(deliverable=approved(project, **soon), person=user, letter=Raci.ACCOUNTABLE)
    RaciFactory(deliverable=drafted(project, **soon), person=customer, letter=Raci.RESPONSIBLE)  # not shared
    found = [(item.act, item.title) for item in waiting_for(user, on=TODAY)]
    assert found == [("Finish deliverable", str(to_finish)), ("Review deliverable", str(to_review))]
    assert titles(customer) == titles(own.versions.get().uploaded_by) == []


def test_waiting_for_lists_corrective_actions_for_who_does_and_who_verifies_them():
    to_do, done = ActionFactory(), ActionFactory(state="done", action="Wrote the rule")
    auditor = done.finding.recorded_by
    assert titles(to_do.owner) == [to_do.action]
    assert titles(done.owner) == []
    assert titles(auditor) == [f"AU-001 {done.finding.audit.title}", "Wrote the rule"]
