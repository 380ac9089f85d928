"""What tests, defects and acceptance tell the review of a gate."""

from collections import Counter
from datetime import date

from django.utils.translation import gettext as _

from projects.gate_facts import GateFact
from projects.models import Phase
from quality.enums import Severity
from quality.models import Acceptance, Defect

GRAVE = (Severity.BLOCKER, Severity.CRITICAL)


def defect_facts(phase: Phase, on: date) -> list[GateFact]:
    """Return the open defects of the phase, the blocking and critical ones apart."""
    open_ones = Counter(Defect.objects.unclosed().filter(phase=phase).values_list("severity", flat=True))
    grave, others = sum(open_ones[severity] for severity in GRAVE), open_ones.total()
    facts = [GateFact(_("Open defects"), str(others), "risk" if others else "good")]
    return [*facts, GateFact(_("Of these blocking or critical"), str(grave), "bad")] if grave else facts


def acceptance_facts(phase: Phase, on: date) -> list[GateFact]:
    """Return how the acceptance of the phase stands; nothing where none was requested."""
    latest = Acceptance.objects.filter(phase=phase).order_by("-requested_at", "-pk").first()
    return [GateFact(_("Acceptance"), latest.state_words, latest.state_family)] if latest else []
