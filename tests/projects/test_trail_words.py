"""The trail in words, on rows of this app: audit itself has none to tell of."""

import pytest
from django.apps import apps
from django.utils import timezone, translation
from django.utils.functional import Promise

from audit.domain import trail, words
from audit.models import Entry
from projects.domain import phases, team
from projects.enums import PhaseItemKind, Role
from projects.models import PhaseItem
from tests.projects.factories import CommentFactory, PhaseFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db


def test_lines_name_people_and_objects_behind_keys():
    project = ProjectFactory()
    manager, tester = member(project, Role.PROJECT_MANAGER), member(project, Role.TESTER)
    trail.save(project, by=manager)
    project.name = "ERP, second wave"
    trail.save(project, by=manager)
    team.remove_person(project, tester, by=manager)

    (line,) = words.lines(trail.entries_of_project(project.pk).filter(action="delete"))

    shown = {change.field: (change.before, change.after) for change in line.changes}
    assert shown["Person"] == (tester.name, "–")
    assert shown["Project"] == (str(project), "–")
    assert shown["Role"] == ("Tester", "–")


def test_lines_speak_the_readers_language():
    manager = member(PhaseFactory().project, Role.PROJECT_MANAGER)
    phase = PhaseFactory()
    phases.move_phase(phase.pk, "start", by=manager)

    with translation.override("zh-hans"):
        (line,) = words.lines(trail.entries_for(phase))

    assert line.noun == "阶段"
    assert line.changes == [words.Change("状态", "未开始", "进行中")]


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("2026-08-31T14:02:05.123Z", "31 Aug 2026, 22:02"),
        ("2026-08-31", "31 Aug 2026"),
        ("2026-13-45", "2026-13-45"),
        ("20261124", "20261124"),
        ("2026-W01-1", "2026-W01-1"),
        ("2026-08-31: moved", "2026-08-31: moved"),
    ],
)
def test_lines_give_instants_in_the_readers_zone(stored, read):
    entry = Entry(action="remind", object_type="delivery.task", changes={}, facts={"expires_at": stored})
    with timezone.override("Asia/Shanghai"):
        (line,) = words.lines([entry])
    assert line.facts == [("Expires", read)]


def test_lines_leave_out_how_a_remark_is_tied():
    comment = CommentFactory.build(project=ProjectFactory(), author=member(ProjectFactory(), Role.TESTER))
    comment.target = PhaseFactory(project=comment.project)
    trail.save(comment, by=comment.author, action="comment")

    (line,) = words.lines(trail.entries_for(comment))

    assert {change.field for change in line.changes} >= {"Comment"}
    assert not {"Object id", "Content type"} & {change.field for change in line.changes}


def test_lines_show_unknown_words_as_they_are():
    phase = PhaseFactory()
    entry = trail.record("blow_up", phase, facts={"half_life": 3, "sure": True, "signers": ["A", "B"]})

    (line,) = words.lines([entry])

    assert (line.verb, line.noun) == ("blow up", "Phase")
    assert line.facts == [("half life", "3"), ("sure", "yes"), ("Signers", "A, B")]


def test_noun_of_a_model_that_is_gone_is_its_label():
    assert words.noun("projects.cannon") == "projects.cannon"


def test_lines_cost_two_queries_however_many(django_assert_max_num_queries):
    phase = PhaseFactory()
    manager = member(phase.project, Role.PROJECT_MANAGER)
    for position in range(1, 30):
        item = PhaseItem.objects.create(phase=phase, kind=PhaseItemKind.CHECK, position=position, text="Signed")
        phases.tick_item(item.pk, done=True, by=member(phase.project, Role.TESTER))
    trail.save(phase, by=manager)
    entries = list(trail.entries_of_project(phase.project_id))

    with django_assert_max_num_queries(2):
        words.lines(entries)


def test_every_field_of_the_house_has_a_word():
    house = {"accounts", "projects", "signing", "requirements", "delivery", "quality", "success"}
    fields = [
        field
        for model in apps.get_models()
        if model._meta.app_label in house
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in words.HIDDEN and field.attname not in words.HIDDEN
    ]
    wordless = {f.name for f in fields if not isinstance(f.verbose_name, Promise) and f.name not in words.FIELDS}
    assert wordless == set()
