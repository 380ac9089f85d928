"""Criteria sent for signature, and what follows when they are signed or not."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from audit.domain import trail
from projects.enums import Audience
from quality import sources
from quality.domain import contents, criteria_sets
from quality.domain.criteria_sets import MOVES
from quality.domain.errors import CriteriaAreEmpty, CriteriaMoveNotAllowed
from quality.domain.evaluation import threshold_text
from quality.enums import CriteriaState, CriterionKind
from quality.models import CriteriaSet, scope_name
from signing.domain import requests
from signing.models import SignatureRequest

KIND = "criteria"


@dataclass(frozen=True)
class PrintedCriterion:
    number: int
    statement: str
    kind: str
    asked: str
    source: str
    how: str


@dataclass(frozen=True)
class Agreement:
    """What the document prints; words and figures are ready, the template only sets them."""

    scope: str
    version: int
    criteria: tuple[PrintedCriterion, ...]
    deemed_after_days: int | None = None
    deemed_clause: str = ""


@transaction.atomic
def send(set_id: int, *, by: User, **options: Any) -> CriteriaSet:
    """Lock a draft and send it for signature by both sides; `options` are those of requests.send.

    Raises CriteriaAreEmpty, CriteriaMoveNotAllowed unless it is a draft, and what sending refuses.
    """
    criteria_set = CriteriaSet.objects.select_for_update(of=("self",)).select_related("project", "phase").get(pk=set_id)
    starts, target = MOVES["send"]
    if criteria_set.state not in starts:
        raise CriteriaMoveNotAllowed.of(criteria_set)
    if not criteria_set.criteria.exists():
        raise CriteriaAreEmpty
    before = trail.snapshot(criteria_set)
    criteria_set.state, criteria_set.audience = target, Audience.CUSTOMER
    with translation.override(criteria_set.project.language):
        title = gettext("Acceptance criteria: %(scope)s") % {"scope": scope_name(criteria_set.phase)}
        facts = printed(criteria_set)
    criteria_set.document = requests.send(
        criteria_set.project,
        KIND,
        criteria_set,
        title=title,
        manifest=contents.criteria_manifest(criteria_set),
        facts=facts,
        by=by,
        **options,
    )
    criteria_set.save(update_fields=["state", "audience", "document"])
    trail.record("send", criteria_set, by=by, before=before, facts={"document": criteria_set.document.label})
    return criteria_set


def printed(criteria_set: CriteriaSet) -> Agreement:
    """Return the facts of the document, in the language now active."""
    rows = []
    for criterion in criteria_set.criteria.all():
        source = sources.find(criterion.source)
        rows.append(
            PrintedCriterion(
                number=criterion.position,
                statement=criterion.statement,
                kind=str(CriterionKind(criterion.kind).label),
                asked=threshold_text(criterion),
                source=" · ".join(filter(None, [str(source.label) if source else criterion.source, criterion.label])),
                how=criterion.how,
            )
        )
    return Agreement(
        scope_name(criteria_set.phase),
        criteria_set.version,
        tuple(rows),
        criteria_set.deemed_after_days,
        criteria_set.deemed_clause,
    )


def manifest_of(criteria_set: CriteriaSet) -> dict[str, Any]:
    """Return what the criteria would list now; signing compares it with what was sent."""
    return contents.criteria_manifest(criteria_set)


def follow_signed(request: SignatureRequest) -> None:
    """Both sides have signed: the criteria are agreed and stay as they are."""
    criteria_sets.agree(request.object_id)


def follow_unsigned(request: SignatureRequest) -> None:
    """Declined, voided or expired: the criteria are a draft again."""
    if CriteriaSet.objects.filter(pk=request.object_id, state=CriteriaState.SENT).exists():
        criteria_sets.take_back(request.object_id)
