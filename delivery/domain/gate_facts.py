"""What the plan and the register of deliverables tell the review of a gate."""

from datetime import date

from django.utils.translation import gettext as _

from delivery.enums import DeliverableState
from delivery.models import Deliverable, Task
from projects.gate_facts import GateFact
from projects.models import Phase


def task_facts(phase: Phase, on: date) -> list[GateFact]:
    """Return how many tasks of the phase are done, and how many should be and are not."""
    tasks = list(Task.objects.filter(phase=phase).values_list("progress_percent", "ends_on"))
    if not tasks:
        return []
    done = sum(percent == 100 for percent, _ends_on in tasks)
    late = sum(percent < 100 and ends_on < on for percent, ends_on in tasks)
    facts = [GateFact(_("Tasks done"), f"{done} / {len(tasks)}", "good" if done == len(tasks) else "risk")]
    return [*facts, GateFact(_("Tasks overdue"), str(late), "bad")] if late else facts


def deliverable_facts(phase: Phase, on: date) -> list[GateFact]:
    """Return how many deliverables of the phase are approved, and which are not."""
    rows = list(Deliverable.objects.filter(phase=phase).order_by("number"))
    if not rows:
        return []
    missing = [row.code for row in rows if row.state != DeliverableState.APPROVED]
    value = f"{len(rows) - len(missing)} / {len(rows)}"
    facts = [GateFact(_("Deliverables approved"), value, "risk" if missing else "good")]
    return [*facts, GateFact(_("Deliverables not approved"), ", ".join(missing), "risk")] if missing else facts
