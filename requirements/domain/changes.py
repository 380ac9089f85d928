"""Changing the scope: what a baseline that stands says to it."""

from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from projects.models import Project
from requirements.domain import baselines
from requirements.domain.errors import BaselineIsOpen, RequestIsOpen, ScopeIsSigned
from requirements.enums import BaselineState

# What a baseline freezes, so that a change of it is a change of the scope. Who may see a row is not.
FROZEN_FIELDS = frozenset(
    {"process", "title", "statement", "acceptance", "priority", "phase"}
    | {"measure", "baseline_value", "target_value", "due_on"}
)
SHOWN = 120  # characters of a long text in the reason of a voided request


def open_for_change(project: Project, difference: str, *, by, discard: bool) -> None:
    """Make sure that the locked scope may change; an open baseline is discarded for it, if `discard` says so.

    `difference` tells the signers of an open request, in words, what is being changed. Raises ScopeIsSigned,
    BaselineIsOpen or RequestIsOpen.
    """
    baseline = baselines.standing(project)
    if baseline is None:
        return
    if baseline.state == BaselineState.SIGNED:
        raise ScopeIsSigned(baseline=baseline.code)
    if not discard:
        refusal = RequestIsOpen if baseline.state == BaselineState.SENT else BaselineIsOpen
        raise refusal(baseline=baseline.code)
    baselines.discard(baseline.pk, reason=difference, by=by)


def frozen_difference(stored: Model, edited: Model) -> dict[str, tuple[str, str]]:
    """Return {label: (before, after)} of the fields in which the two differ and that a baseline freezes."""
    fields = [field for field in edited._meta.concrete_fields if field.name in FROZEN_FIELDS]
    return {
        str(field.verbose_name): (_shown(stored, field), _shown(edited, field))
        for field in fields
        if getattr(stored, field.attname) != getattr(edited, field.attname)
    }


def in_words(code: str, difference: dict[str, tuple[str, str]]) -> str:
    """Return one readable line for what changes in the object `code`."""
    parts = [
        _("%(field)s “%(before)s” → “%(after)s”") % {"field": field, "before": before, "after": after}
        for field, (before, after) in difference.items()
    ]
    return _("%(code)s is changed: %(parts)s") % {"code": code, "parts": "; ".join(parts)}


def in_language_of(project: Project):
    """Words that both sides will read are written in the language of the project's documents."""
    return translation.override(project.language)


def _shown(obj: Model, field) -> str:
    display = getattr(obj, f"get_{field.name}_display", None)
    value = display() if display else getattr(obj, field.name)
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
