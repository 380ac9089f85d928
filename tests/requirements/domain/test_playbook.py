from datetime import date

import pytest
from django.db import transaction

from audit.domain import trail
from projects.parts import maker_of
from tests.accounts.factories import UserFactory
from tests.projects.factories import PhaseFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory(playbook="erp")


def test_playbook_makes_objectives_and_requirements_that_refer_to_them(project):
    by, phase = UserFactory(), PhaseFactory(project=project)
    with transaction.atomic():
        objectives = maker_of("objectives")(
            project,
            {phase.code: phase},
            [
                {
                    "code": "close",
                    "title": "Close the month faster",
                    "measure": "Days to the signed balance",
                    "baseline": "",
                    "target": "5 days",
                    "due_on": date(2026, 12, 31),
                    "phase": None,
                }
            ],
            by,
        )
        requirements = maker_of("requirements")(
            project,
            {phase.code: phase},
            [
                {
                    "code": "match",
                    "process": "Procure to pay",
                    "title": "Match invoice and order",
                    "text": "Each invoice is matched.",
                    "acceptance": "Differences above 2 % are held.",
                    "priority": "must",
                    "phase": phase,
                    "objectives": [objectives["close"]],
                }
            ],
            by,
        )
    match = requirements["match"]
    match.refresh_from_db()
    assert (match.code, match.process, match.priority, match.phase) == ("R-001", "Procure to pay", "must", phase)
    assert (match.statement, match.version, match.audience) == ("Each invoice is matched.", 1, "team")
    assert list(match.objectives.all()) == [objectives["close"]]
    assert objectives["close"].code == "O-1"
    assert trail.entries_for(match).get().facts == {"playbook": "erp"}
