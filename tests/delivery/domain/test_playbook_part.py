from datetime import date

import pytest

from audit.domain import trail
from delivery.domain.playbook_part import create_deliverables
from delivery.domain.standards import standards
from delivery.enums import DeliverableKind, DeliverableState
from delivery.models import Deliverable
from projects.domain import projects
from projects.domain.playbooks import list_codes
from projects.enums import Audience, PhaseItemKind
from projects.models import PhaseItem
from tests.accounts.factories import OrganisationFactory, UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def row(phase, **fields):
    return {
        "phase": phase,
        "title": "Project charter",
        "kind": "document",
        "headings": ["Scope", "Out of scope"],
        "due_on": date(2026, 5, 4),
        "audience": Audience.CUSTOMER,
        "roles": {"A": ["project_manager"], "R": ["consultant"], "C": [], "I": []},
    } | fields


def test_create_deliverables_registers_outputs_in_the_order_of_phases_and_the_standards():
    project, by = ProjectFactory(language="en"), UserFactory()
    first, second, third = (PhaseFactory(project=project, number=number) for number in (1, 2, 3))
    rows = [row(first), row(third, title="Certificate")]
    create_deliverables(project, {"a": first, "b": second, "c": third}, rows, by)

    made = list(Deliverable.objects.order_by("number"))
    assert [(one.number, one.title, one.phase, one.kind) for one in made] == [
        (1, "Project charter", first, DeliverableKind.DOCUMENT),
        (2, "Coding standard", second, DeliverableKind.STANDARD),
        (3, "Test-writing standard", second, DeliverableKind.STANDARD),
        (4, "Certificate", third, DeliverableKind.DOCUMENT),
    ]
    assert (made[0].template, made[0].due_on) == ("Scope\nOut of scope", date(2026, 5, 4))
    assert made[0].planned_roles == {"A": ["project_manager"], "R": ["consultant"]}
    assert [entry.action for entry in trail.entries_for(made[0])] == ["create"]


def test_create_deliverables_puts_the_standards_into_the_only_phase():
    project = ProjectFactory()
    phase = PhaseFactory(project=project)
    create_deliverables(project, {"a": phase}, [], UserFactory())
    assert set(Deliverable.objects.values_list("phase", flat=True)) == {phase.pk}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("playbook", list_codes())
def test_start_project_makes_a_deliverable_of_every_output(playbook, language):
    project = projects.start_project(
        key="P",
        name="P",
        customer=OrganisationFactory(),
        language=language,
        playbook=playbook,
        starts_on=date(2026, 3, 2),
        by=UserFactory(),
    )
    outputs = PhaseItem.objects.filter(phase__project=project, kind=PhaseItemKind.OUTPUT)
    register = project.deliverables.exclude(kind=DeliverableKind.STANDARD)
    assert list(register.order_by("number").values_list("phase", "title")) == list(
        outputs.order_by("phase__number", "position").values_list("phase", "text")
    )
    assert set(project.deliverables.values_list("state", flat=True)) == {DeliverableState.PLANNED}
    assert not project.deliverables.filter(due_on=None).exists()
    titles = list(project.deliverables.filter(kind=DeliverableKind.STANDARD).values_list("title", flat=True))
    assert titles == [standard.title for standard in standards(language)]
