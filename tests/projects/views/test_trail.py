from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from audit.domain import trail
from projects.domain import phases
from projects.enums import PhaseState, Role
from tests.projects.factories import PhaseFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def manager(client, project):
    user = member(project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def shown(client, project, **query):
    return client.get(reverse("projects:trail", args=[project.key]), query).context["lines"]


def rename(project, name, by):
    project.name = name
    trail.save(project, by=by)


def test_trail_says_who_what_and_from_what_to_what(client, project, manager):
    phases.move_phase(PhaseFactory(project=project, name="Blueprint").pk, "start", by=manager)

    (line,) = shown(client, project)

    assert (line.entry.actor, line.verb, line.noun) == (manager, "started", "Phase")
    assert [(change.field, change.before, change.after) for change in line.changes] == [
        ("State", "Planned", "In progress")
    ]


def test_trail_filters_by_person_kind_object_and_day(client, project, manager):
    other = member(project, Role.PROJECT_MANAGER)
    phase = PhaseFactory(project=project)
    phases.move_phase(phase.pk, "start", by=other)
    rename(project, "New name", manager)

    assert [line.entry.action for line in shown(client, project)] == ["edit", "start"]
    assert [line.entry.action for line in shown(client, project, person=other.pk)] == ["start"]
    assert [line.entry.action for line in shown(client, project, type="projects.project")] == ["edit"]
    assert [line.entry.action for line in shown(client, project, object=f"projects.phase:{phase.pk}")] == ["start"]
    today = timezone.localdate(timezone=ZoneInfo(manager.time_zone))
    assert len(shown(client, project, since=today.isoformat(), until=today.isoformat())) == 2
    assert shown(client, project, since=(today + timedelta(days=1)).isoformat()) == []
    assert shown(client, project, until="2020-01-01") == []


def test_trail_tells_of_this_project_alone(client, project, manager):
    rename(ProjectFactory(), "Elsewhere", manager)

    assert shown(client, project) == []


def test_trail_answers_htmx_with_the_table_alone(client, project, manager):
    response = client.get(reverse("projects:trail", args=[project.key]), headers={"HX-Request": "true"})

    assert response.text.lstrip().startswith('<div id="trail">')
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("size", [1, 100])
def test_trail_costs_the_same_for_many(client, project, manager, size, django_assert_max_num_queries):
    for index in range(size):
        rename(project, f"Name {index}", member(project, Role.PROJECT_MANAGER))
        phases.move_phase(PhaseFactory(project=project, state=PhaseState.DONE).pk, "reopen", by=manager)

    with django_assert_max_num_queries(10):
        client.get(reverse("projects:trail", args=[project.key]))


def object_trail(user, obj):
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load projects %}{% object_trail obj %}").render(Context({"request": request, "obj": obj}))


def test_object_trail_shows_the_last_entries(project, manager):
    phase = PhaseFactory(project=project)
    for move in ["start", *["finish", "reopen"] * 5]:
        phase = phases.move_phase(phase.pk, move, by=manager)

    text = object_trail(manager, phase)

    assert (text.count("<li>"), text.count("started")) == (10, 0)
    assert f"object=projects.phase%3A{phase.pk}" in text


def test_object_trail_is_not_for_the_customer(project):
    assert object_trail(member(project, Role.SPONSOR), PhaseFactory(project=project)).strip() == ""
