"""What the export of a project's evidence holds of this app: see projects.sections."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.roles import visible_in
from projects.sections import Section, all_named, record_of
from requirements.models import Baseline, Objective, Requirement


def _frozen(baseline: Baseline, reader: Any) -> dict[str, Any]:
    """What was frozen, row by row, as it was then."""
    kept = frozenset({"baseline", "id"})
    project = baseline.project
    return {
        "code": baseline.code,
        "objectives": [record_of(row, reader, project, kept | {"objective"}) for row in baseline.objectives.all()],
        "requirements": [record_of(row, reader, project, kept | {"requirement"}) for row in baseline.items.all()],
    }


SECTIONS = (
    Section(
        "objectives",
        _("Objectives"),
        lambda reader, project: visible_in(Objective.objects.select_related("created_by"), reader, project),
        columns=(
            (_("Number"), "code"),
            (_("Title"), "title"),
            (_("What is measured"), "measure"),
            (_("Value today"), "baseline_value"),
            (_("Target"), "target_value"),
            (_("To be reached by"), "due_on"),
        ),
        more=lambda row, reader: {"code": row.code},
    ),
    Section(
        "requirements",
        _("Requirements"),
        lambda reader, project: visible_in(
            Requirement.objects.select_related("project", "phase", "created_by", "withdrawn_by").prefetch_related(
                "objectives"
            ),
            reader,
            project,
        ),
        columns=(
            (_("Number"), "code"),
            (_("Business process"), "process"),
            (_("Title"), "title"),
            (_("Statement"), "statement"),
            (_("Acceptance"), "acceptance"),
            (_("Priority"), "get_priority_display"),
            (_("State"), "get_state_display"),
        ),
        more=lambda row, reader: {
            "code": row.code,
            "objectives": all_named(row.objectives.all(), reader, row.project),
        },
    ),
    Section(
        "baselines",
        _("Baselines"),
        lambda reader, project: visible_in(
            Baseline.objects.select_related("project", "frozen_by", "reopened_by", "discarded_by").prefetch_related(
                "items", "objectives"
            ),
            reader,
            project,
        ).order_by("number"),
        columns=(
            (_("Number"), "code"),
            (_("State"), "get_state_display"),
            (_("Frozen at"), "frozen_at"),
            (_("Frozen by"), "frozen_by.name"),
            (_("Signed at"), "signed_at"),
            (_("Requirements"), lambda row: len(row.items.all())),
            (_("Reason"), lambda row: row.reopened_reason or row.discarded_reason),
        ),
        more=_frozen,
    ),
)
