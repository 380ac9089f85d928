"""Acceptance of a phase or the whole project: asked for when every criterion is met, decided by signature."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import User
from audit.domain import trail
from projects.enums import Audience
from projects.models import Phase, Project
from quality.domain import contents
from quality.domain.contents import Content
from quality.domain.errors import AcceptanceMoveNotAllowed, AcceptanceStands, CriteriaNotAgreed, CriteriaNotMet
from quality.domain.evaluation import Line
from quality.enums import AcceptanceState
from quality.models import Acceptance, Check, CriteriaSet, scope_name
from signing.domain import requests
from signing.models import SignatureRequest

KIND = "acceptance"
MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "accept": ({AcceptanceState.REQUESTED}, AcceptanceState.ACCEPTED),
    "decline": ({AcceptanceState.REQUESTED}, AcceptanceState.DECLINED),
    "void": ({AcceptanceState.REQUESTED}, AcceptanceState.VOIDED),  # voided, or expired unsigned
}


@dataclass(frozen=True)
class Certificate:
    """What the document prints; words and figures are ready, the template only sets them."""

    scope: str
    content: Content

    @property
    def rows(self) -> list[tuple[Line, Check | None]]:
        """Each criterion as measured, with the check a person made."""
        return list(zip(self.content.lines, self.content.checks, strict=True))


@transaction.atomic
def request_acceptance(project: Project, phase: Phase | None, *, by: User, **options: Any) -> Acceptance:
    """Freeze what the scope is accepted by and send it for signature; `options` are those of requests.send.

    Raises CriteriaNotAgreed, CriteriaNotMet, AcceptanceStands if one waits or was given, and what sending refuses.
    """
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    scope = scope_name(phase)
    if standing(project, phase):
        raise AcceptanceStands(scope=scope)
    criteria_set = CriteriaSet.objects.of_scope(project, phase).agreed().select_related("project", "phase").first()
    if criteria_set is None:
        raise CriteriaNotAgreed(scope=scope)
    with translation.override(project.language):
        content = contents.read(criteria_set)
        if not content.is_met:
            raise CriteriaNotMet(scope=scope)
        title = gettext("Acceptance: %(scope)s") % {"scope": scope_name(phase)}
    acceptance = Acceptance(
        project=project,
        phase=phase,
        criteria_set=criteria_set,
        requested_by=by,
        requested_at=timezone.now(),
        audience=Audience.CUSTOMER,
    )
    acceptance.save(force_insert=True)
    acceptance.document = requests.send(
        project,
        KIND,
        acceptance,
        title=title,
        manifest=content.manifest(),
        facts=Certificate(scope_name(phase), content),
        by=by,
        **options,
    )
    acceptance.save(update_fields=["document"])
    trail.record("request", acceptance, by=by, before={}, facts={"document": acceptance.document.label})
    return acceptance


def standing(project: Project, phase: Phase | None) -> Acceptance | None:
    """Return the acceptance of the scope that waits for signature or was given, if there is one."""
    states = [AcceptanceState.REQUESTED, AcceptanceState.ACCEPTED]
    return Acceptance.objects.filter(project=project, phase=phase, state__in=states).first()


def waiting(project: Project) -> list[Acceptance]:
    """Return the acceptances of the project that wait for signature: a change of what they list voids them."""
    rows = Acceptance.objects.filter(project=project, state=AcceptanceState.REQUESTED)
    return list(rows.select_related("phase", "document"))


def manifest_of(acceptance: Acceptance) -> dict[str, Any]:
    """Return what the acceptance would list now; signing compares it with what was sent."""
    return contents.read(acceptance.criteria_set).manifest()


def follow_signed(request: SignatureRequest) -> None:
    """Everyone asked has signed: the scope is accepted."""
    _move(request, "accept")


def follow_declined(request: SignatureRequest) -> None:
    """A signer declined, with a reason: the acceptance is declined for it."""
    _move(request, "decline", reason=request.closing_reason)


def follow_voided(request: SignatureRequest) -> None:
    """The request was voided by a person or by a change, or it expired: acceptance can be asked for anew."""
    _move(request, "void", reason=request.closing_reason)


def _move(request: SignatureRequest, name: str, *, reason: str = "") -> Acceptance:
    """Lock the acceptance a document is about, check the move, set and record the new state."""
    rows = Acceptance.objects.select_for_update(of=("self",)).select_related("project", "phase")
    acceptance = rows.get(pk=request.object_id)
    sources, target = MOVES[name]
    if acceptance.state not in sources:
        raise AcceptanceMoveNotAllowed(scope=str(acceptance), state=acceptance.get_state_display())
    before = trail.snapshot(acceptance)
    acceptance.state, acceptance.ended_at, acceptance.reason = target, timezone.now(), reason
    acceptance.save(update_fields=["state", "ended_at", "reason"])
    trail.record(name, acceptance, before=before, facts={"document": request.label})
    return acceptance
