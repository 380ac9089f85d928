from datetime import date

import pytest

from audit.domain import trail
from projects import parts
from projects.domain import errors, playbooks, projects
from projects.enums import Audience, PhaseItemKind, ProjectState, Role
from projects.models import Project
from tests.accounts.factories import OrganisationFactory, UserFactory
from tests.projects.factories import ProjectFactory
from tests.projects.playbook_text import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_playbook(tmp_path, monkeypatch):
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr(playbooks, "FOLDER", tmp_path)
    monkeypatch.setattr(parts, "_makers", {})
    playbooks.load_playbook.cache_clear()
    yield
    playbooks.load_playbook.cache_clear()


def start(**changes):
    fields = {
        "key": "HX-ERP",
        "name": "ERP",
        "customer": OrganisationFactory(time_zone="UTC"),
        "language": "zh-hans",
        "playbook": "small",
        "starts_on": date(2026, 3, 2),
        "go_live_on": date(2026, 6, 10),
        "by": UserFactory(),
    }
    return projects.start_project(**fields | changes)


def test_start_project_makes_phases_items_and_the_manager():
    manager = UserFactory()

    project = start(manager=manager)

    assert [(phase.name, phase.starts_on, phase.ends_on) for phase in project.phases.all()] == [
        ("准备", date(2026, 3, 2), date(2026, 4, 11)),
        ("运行", date(2026, 4, 11), date(2026, 6, 20)),
    ]
    checks = project.phases.first().items.filter(kind=PhaseItemKind.CHECK)
    assert [item.text for item in checks] == ["章程已签署"]
    assert [(member.user, member.role) for member in project.memberships.all()] == [(manager, Role.PROJECT_MANAGER)]


def test_start_project_is_in_the_trail():
    project = start()

    assert [(entry.action, entry.object_type) for entry in trail.entries_of_project(project.pk).order_by("number")] == [
        ("start", "projects.project"),
        ("create", "projects.membership"),
        ("create", "projects.phase"),
        ("create", "projects.phase"),
    ]


def test_start_project_hands_each_part_its_rows():
    given = {}

    def maker(name, made):
        def create(project, phases, rows, by):
            given[name] = rows
            return made

        parts.register_part(name, create)

    maker("objectives", {"faster": "the objective"})
    maker("requirements", {"close": "the requirement"})
    maker("tasks", None)
    maker("criteria", {})
    by = UserFactory()

    project = start(by=by)

    phases = {phase.code: phase for phase in project.phases.all()}
    assert given["objectives"][0]["due_on"] == date(2026, 9, 8)
    assert given["requirements"][0]["objectives"] == ["the objective"]
    kick_off, build, go_live = given["tasks"]
    assert kick_off == {
        "code": "kick-off",
        "phase": phases["prepare"],
        "title": "启动会",
        "description": "",
        "days": 0,
        "starts_on": date(2026, 3, 6),
        "ends_on": date(2026, 3, 6),
        "is_milestone": True,
        "owner_role": Role.PROJECT_MANAGER,
        "owner": by,
        "audience": Audience.CUSTOMER,
        "requirements": [],
    }
    assert (build["owner"], build["owner_role"], build["audience"]) == (None, Role.CONSULTANT, Audience.TEAM)
    assert build["requirements"] == ["the requirement"]
    assert go_live["starts_on"] == date(2026, 6, 10)
    assert given["criteria"][0]["phase"] == phases["run"]


def test_start_project_makes_nothing_when_a_part_fails():
    def fail(project, phases, rows, by):
        raise RuntimeError

    parts.register_part("tasks", fail)

    with pytest.raises(RuntimeError):
        start()

    assert not Project.objects.exists()


def test_start_project_refuses_a_taken_key():
    ProjectFactory(key="HX-ERP")

    with pytest.raises(errors.KeyTaken, match="HX-ERP"):
        start()


def test_start_project_refuses_an_unknown_playbook():
    with pytest.raises(errors.UnknownPlaybook):
        start(playbook="none")


def test_start_project_refuses_a_vendor_as_customer():
    with pytest.raises(errors.NotACustomer):
        start(customer=OrganisationFactory(vendor=True))


def test_register_part_refuses_an_unknown_part():
    with pytest.raises(ValueError, match="no part"):
        parts.register_part("jokes", lambda project, phases, rows, by: None)


@pytest.mark.parametrize(
    ("move", "source", "target"), [(m, s, t) for m, (ss, t) in projects.MOVES.items() for s in sorted(ss)]
)
def test_move_project_follows_the_table(move, source, target):
    project = ProjectFactory(state=source)

    assert projects.move_project(project.pk, move, by=UserFactory()).state == target
    changes = trail.entries_for(project).get().changes
    assert changes["state"] == [source, target]
    assert ("closed_at" in changes) == (ProjectState.CLOSED in (source, target))


@pytest.mark.parametrize(
    ("move", "state"), [(m, s) for m, (ss, _t) in projects.MOVES.items() for s in sorted(set(ProjectState) - ss)]
)
def test_move_project_refuses_every_other_state(move, state):
    with pytest.raises(errors.MoveNotAllowed):
        projects.move_project(ProjectFactory(state=state).pk, move, by=UserFactory())
