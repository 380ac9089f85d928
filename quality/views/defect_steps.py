"""What rows, cards and pages of defects show beside the stored values: whose turn it is, how old, what can be done."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from quality.domain import defects
from quality.domain.defect_turns import age_in_days, whose_turn
from quality.enums import DefectMoveName
from quality.permissions import can_close_defect, can_fix_defect, can_reopen_defect, can_settle_defect

RIGHTS = {
    "fix": can_fix_defect,
    "decline": can_settle_defect,
    "defer": can_settle_defect,
    "duplicate": can_settle_defect,
    "close": can_close_defect,
    "reopen": can_reopen_defect,
}
ASK_NOTHING = {"close"}


@dataclass(frozen=True)
class Step:
    """A move that this person can make now. `asks`: its form is shown first."""

    name: str
    label: str | Promise
    url: str
    target: str
    asks: bool


def prepare(request, project, rows, *, back):
    """Add turn, age and steps to defects of a project; `back` is the page that a step leads back to."""
    today, now = timezone.localdate(), timezone.now()
    allowed = {name for name, can in RIGHTS.items() if can(request.user, project)}
    query = f"?{urlencode({'next': back})}" if back else ""
    for defect in rows:
        defect.project = project
        defect.age_days = age_in_days(defect.reported_at, defect.closed_at, now)
        defect.turn = whose_turn(
            defect.state,
            has_owner=defect.owner_id is not None,
            asks_customer=defect.asks_customer,
            deferred_until=defect.deferred_until,
            on=today,
        )
        defect.steps = [
            Step(
                name,
                DefectMoveName(name).label,
                reverse(f"quality:defect_{name}", args=[project.key, defect.number]) + query,
                defects.MOVES[name][1],
                name not in ASK_NOTHING,
            )
            for name in defects.open_moves(defect, request.user)
            if name in allowed
        ]
