from datetime import UTC, datetime

import pytest

from notices.models import Message
from projects.enums import ProjectState, Role
from quality.domain import defect_summaries, defects
from quality.enums import DefectState
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import DefectFactory

pytestmark = pytest.mark.django_db

EIGHT_IN_SHANGHAI = datetime(2026, 6, 3, 0, 30, tzinfo=UTC)


def mails(person):
    return Message.objects.filter(recipient=person, channel="email", key__startswith="defect-summary").order_by("pk")


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def engineer(project):
    return member(project, Role.ENGINEER)


def test_tell_names_what_waits_for_the_person_once_a_day(project, engineer):
    own = DefectFactory(project=project, owner=engineer, severity="blocker")
    DefectFactory(project=project, owner=engineer, state=DefectState.FIXED)
    for _again in range(2):
        defect_summaries.tell(engineer.pk, now=EIGHT_IN_SHANGHAI)
    mail = mails(engineer).get()
    assert mail.subject == "1 defect waits for you"
    assert own.get_absolute_url() in Message.objects.get(recipient=engineer, channel="in_app").body
    defect_summaries.tell(engineer.pk, now=datetime(2026, 6, 4, 0, 30, tzinfo=UTC))
    assert mails(engineer).count() == 2


def test_tell_sends_nothing_where_nothing_waits(project, engineer):
    DefectFactory(project=project, owner=UserFactory())
    DefectFactory(project=project, owner=engineer, state=DefectState.CLOSED)
    defect_summaries.tell(engineer.pk, now=EIGHT_IN_SHANGHAI)
    assert not Message.objects.exists()


def test_tell_asks_the_project_manager_for_owners_and_the_reporter_to_confirm(project, engineer):
    manager, tester = member(project, Role.PROJECT_MANAGER), member(project, Role.TESTER)
    DefectFactory(project=project)
    declined = DefectFactory(project=project, reported_by=tester)
    defects.decline_defect(declined.pk, by=engineer, reason="As agreed")
    for person in (manager, tester, engineer):
        defect_summaries.tell(person.pk, now=EIGHT_IN_SHANGHAI)
    assert [mails(person).count() for person in (manager, tester, engineer)] == [1, 1, 0]


def test_tell_leaves_out_closed_projects_and_names_no_more_than_it_should(project, engineer, monkeypatch):
    monkeypatch.setattr(defect_summaries, "MOST", 1)
    for _ in range(3):
        DefectFactory(project=project, owner=engineer)
    DefectFactory(project=ProjectFactory(state=ProjectState.CLOSED, closed_at=EIGHT_IN_SHANGHAI), owner=engineer)
    defect_summaries.tell(engineer.pk, now=EIGHT_IN_SHANGHAI)
    mail = Message.objects.get(recipient=engineer, channel="in_app")
    assert (mail.subject, "and 2 more" in mail.body) == ("3 defects wait for you", True)


@pytest.mark.parametrize(("hour", "told"), [(0, True), (23, False)])
def test_people_to_tell_are_of_the_team_and_past_the_hour_in_their_zone(project, engineer, hour, told):
    member(project, Role.KEY_USER)
    moment = datetime(2026, 6, 3, hour, 30, tzinfo=UTC)  # 08:30 and 07:30 in Shanghai
    assert defect_summaries.people_to_tell(moment) == ([engineer.pk] if told else [])
