from datetime import UTC, datetime

import pytest

from notices.models import Message
from projects.enums import Role
from quality import tasks
from quality.domain import reminders
from quality.enums import Outcome
from tests.projects.factories import member
from tests.quality.factories import DefectFactory, ExecutionFactory, ResultFactory, RunFactory

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 6, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, 03:00 in Berlin


@pytest.fixture
def run():
    return RunFactory(running=True, name="Round 1")


@pytest.fixture
def person(run):
    found = member(run.project, Role.KEY_USER)
    found.time_zone = "Asia/Shanghai"
    found.save()
    return found


def subjects():
    return list(Message.objects.filter(channel="email").order_by("pk").values_list("subject", flat=True))


def test_remind_says_what_is_left_of_which_run(run, person):
    ExecutionFactory.create_batch(2, run=run, assigned_to=person)
    ResultFactory(execution=ExecutionFactory(run=run, assigned_to=person))
    failed = ResultFactory(execution=ExecutionFactory(run=run, assigned_to=person), outcome=Outcome.FAILED).execution
    DefectFactory(project=run.project, case=failed.case, state="fixed")
    reminders.remind(person.pk, now=MORNING)
    mail = Message.objects.get(channel="email")
    assert mail.subject == "3 test cases are left for you: Round 1"
    assert run.get_work_url() in mail.body


def test_remind_once_a_day(run, person):
    ExecutionFactory(run=run, assigned_to=person)
    reminders.remind(person.pk, now=MORNING)
    reminders.remind(person.pk, now=MORNING.replace(hour=11))
    assert subjects() == ["1 test case is left for you: Round 1"]
    reminders.remind(person.pk, now=MORNING.replace(day=3))
    assert len(subjects()) == 2


def test_remind_says_nothing_when_nothing_is_left(run, person):
    ResultFactory(execution=ExecutionFactory(run=run, assigned_to=person))
    ExecutionFactory(run=run)  # anyone's: nobody is reminded of it
    ExecutionFactory(run=RunFactory(project=run.project, finished=True), assigned_to=person)
    reminders.remind(person.pk, now=MORNING)
    assert subjects() == []
    assert reminders.people_to_remind(MORNING) == []


def test_people_are_reminded_in_the_morning_of_their_zone(run, person):
    ExecutionFactory(run=run, assigned_to=person)
    assert reminders.people_to_remind(MORNING) == [person.pk]
    person.time_zone = "Europe/Berlin"
    person.save()
    assert reminders.people_to_remind(MORNING) == []


def test_remind_of_cases_of_called_twice_mails_once(run, person):
    ExecutionFactory(run=run, assigned_to=person)
    tasks.remind_of_cases_of(person.pk)
    tasks.remind_of_cases_of(person.pk)
    assert len(subjects()) == 1


def test_remind_of_cases_of_somebody_who_is_gone_does_nothing():
    tasks.remind_of_cases_of(0)
    assert subjects() == []
