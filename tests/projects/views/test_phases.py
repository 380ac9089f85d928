import pytest
from django.urls import reverse

from projects.enums import PhaseItemKind, PhaseState, Role
from projects.models import PhaseItem
from tests.projects.factories import CommentFactory, PhaseFactory, ProjectFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def phase():
    made = PhaseFactory(project=ProjectFactory(), state=PhaseState.ACTIVE)
    for kind in PhaseItemKind:
        PhaseItem.objects.create(phase=made, kind=kind, position=1, text=f"A {kind.label.lower()}")
    return made


@pytest.fixture
def manager(client, phase):
    user = member(phase.project, Role.PROJECT_MANAGER)
    client.force_login(user)
    return user


def item_url(phase):
    check = phase.items.get(kind=PhaseItemKind.CHECK)
    return reverse("projects:phase_tick", args=[phase.project.key, phase.number, check.pk])


def test_phase_detail_shows_the_team_everything(client, phase, manager):
    text = client.get(phase.get_absolute_url()).text

    assert all(f"A {kind.label.lower()}" in text for kind in PhaseItemKind)
    assert "Finish phase" in text


def test_phase_detail_keeps_risks_from_the_customer(client, phase):
    client.force_login(member(phase.project, Role.SPONSOR))

    text = client.get(phase.get_absolute_url()).text

    assert "A risk to consider" not in text
    assert "Tick off" not in text


def test_phase_tick_answers_htmx_with_the_checklist_alone(client, phase, manager):
    response = client.post(item_url(phase), {"done": "true"}, headers={"HX-Request": "true"})

    assert response.text.startswith("<section")
    assert "Take back" in response.text
    assert "1 / 1" in response.text


def test_phase_tick_without_htmx_goes_back_to_the_phase(client, phase, manager):
    assert client.post(item_url(phase), {"done": "true"})["Location"] == phase.get_absolute_url()


def test_phase_tick_of_a_done_phase_says_why_not(client, phase, manager):
    type(phase).objects.filter(pk=phase.pk).update(state=PhaseState.DONE)

    response = client.post(item_url(phase), {"done": "true"}, headers={"HX-Request": "true"})

    assert "so this is not possible" in response.text


def test_phase_tick_knows_only_checks(client, phase, manager):
    risk = phase.items.get(kind=PhaseItemKind.RISK_PROMPT)
    url = reverse("projects:phase_tick", args=[phase.project.key, phase.number, risk.pk])

    assert client.post(url, {"done": "true"}).status_code == 404


def test_phase_move_says_why_not(client, phase, manager):
    url = reverse("projects:phase_move", args=[phase.project.key, phase.number, "finish"])

    response = client.post(url, follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        f"“{phase.name}” cannot be finished: 1 check-list items are not ticked."
    ]


def test_phase_move_finishes(client, phase, manager):
    client.post(item_url(phase), {"done": "true"})

    client.post(reverse("projects:phase_move", args=[phase.project.key, phase.number, "finish"]))

    phase.refresh_from_db()
    assert phase.state == PhaseState.DONE


def test_phase_move_knows_its_moves_only(client, phase, manager):
    url = reverse("projects:phase_move", args=[phase.project.key, phase.number, "explode"])

    assert client.post(url).status_code == 404


def test_phase_edit_refuses_an_end_before_the_start(client, phase, manager):
    url = reverse("projects:phase_edit", args=[phase.project.key, phase.number])
    data = {"name": "Build", "purpose": "", "starts_on": "2026-03-10", "ends_on": "2026-03-09"}

    assert list(client.post(url, data).context["form"].errors) == ["ends_on"]

    client.post(url, data | {"ends_on": "2026-03-10"})
    phase.refresh_from_db()
    assert phase.name == "Build"


@pytest.mark.parametrize("size", [1, 100])
def test_phase_detail_costs_the_same_for_many(client, phase, manager, size, django_assert_max_num_queries):
    for position in range(2, size + 2):
        PhaseItem.objects.create(phase=phase, kind=PhaseItemKind.CHECK, position=position, text="More")
        CommentFactory(project=phase.project, target=phase)

    with django_assert_max_num_queries(12):
        client.get(phase.get_absolute_url())
