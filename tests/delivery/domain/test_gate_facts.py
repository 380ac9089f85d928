from datetime import date

import pytest

from delivery.domain.gate_facts import deliverable_facts
from projects.gate_facts import GateFact
from tests.delivery.factories import approved, drafted
from tests.projects.factories import PhaseFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)


def test_deliverable_facts_count_what_is_approved_and_name_what_is_not():
    phase = PhaseFactory()
    assert deliverable_facts(phase, TODAY) == []
    approved(phase.project, phase=phase)
    assert deliverable_facts(phase, TODAY) == [GateFact("Deliverables approved", "1 / 1", "good")]
    drafted(phase.project, phase=phase)
    drafted(phase.project)
    assert deliverable_facts(phase, TODAY) == [
        GateFact("Deliverables approved", "1 / 2", "risk"),
        GateFact("Deliverables not approved", "DL-002", "risk"),
    ]
