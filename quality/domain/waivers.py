"""A waiver: the team proposes with a reason that the proof of a case, a requirement or a criterion is done without; it
counts only when the customer has signed it, and only for the version that it was signed for."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import User
from audit.domain import trail
from projects.domain.numbers import next_number
from projects.enums import Audience
from projects.models import Project
from quality.domain.errors import ForeignRows, ReasonMissing, WaiverMoveNotAllowed, WaiverStands
from quality.enums import CriteriaState, WaiverState
from quality.models import Criterion, TestCase, Waiver
from requirements.models import Requirement
from signing.domain import requests
from signing.models import SignatureRequest

KIND = "waiver"
MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "grant": ({WaiverState.SENT}, WaiverState.SIGNED),
    "refuse": ({WaiverState.SENT}, WaiverState.DECLINED),
    "void": ({WaiverState.SENT}, WaiverState.VOIDED),  # voided, or expired unsigned
}


@dataclass(frozen=True)
class Printed:
    """What the document prints."""

    code: str
    what: str
    version: int | None
    reason: str


def waivers_of(project: Project) -> QuerySet[Waiver]:
    """Return the waivers of the project that count now: signed, for what it was signed for."""
    return Waiver.objects.filter(project=project).counting()


def waived_requirements(project: Project) -> set[int]:
    """Return the numbers of the requirements whose waiver counts now."""
    return set(waivers_of(project).exclude(requirement=None).values_list("requirement__number", flat=True))


@transaction.atomic
def propose(
    project: Project,
    *,
    reason: str,
    by: User,
    case: TestCase | None = None,
    requirement: Requirement | None = None,
    criterion: Criterion | None = None,
    **options: Any,
) -> Waiver:
    """Propose to do without the proof of one thing, and send that for signature; `options` are those of requests.send.

    Raises ReasonMissing, ForeignRows (not exactly one thing, or of another project, or a criterion that is not
    agreed), WaiverStands if one waits or counts already, and what sending refuses.
    """
    if not reason.strip():
        raise ReasonMissing
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    subject = _one_of(project, case, requirement, criterion)
    same = Waiver.objects.filter(project=project, case=case, requirement=requirement, criterion=criterion)
    if same.waiting().exists() or same.counting().exists():
        raise WaiverStands(subject=str(subject))
    waiver = Waiver(
        project=project,
        number=next_number(Waiver, project),
        case=case,
        requirement=requirement,
        criterion=criterion,
        version=getattr(subject, "version", None),
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=timezone.now(),
        audience=Audience.CUSTOMER,
    )
    waiver.save(force_insert=True)
    with translation.override(project.language):
        title = gettext("Waiver: %(subject)s") % {"subject": str(subject)}
    waiver.document = requests.send(
        project,
        KIND,
        waiver,
        title=title[:200],
        manifest=manifest_of(waiver),
        facts=Printed(waiver.code, str(subject), waiver.version, waiver.reason),
        by=by,
        **options,
    )
    waiver.save(update_fields=["document"])
    trail.record("propose", waiver, by=by, before={}, facts={"document": waiver.document.label})
    requests.recheck(project, by)  # a proposal that waits is an open point of every acceptance that asks for none
    return waiver


def manifest_of(waiver: Waiver) -> dict[str, Any]:
    """Return what the waiver would say now: a newer version of its subject is another thing."""
    subject = waiver.subject
    return {
        "waiver": waiver.code,
        "subject": str(subject),
        "kind": subject._meta.model_name,
        "version": getattr(subject, "version", None),
        "reason": waiver.reason,
    }


def follow_signed(request: SignatureRequest) -> None:
    """Both sides have signed: it counts from now on, and acceptances that wait are checked against it."""
    waiver = _move(request, "grant")
    requests.recheck(waiver.project)


def follow_declined(request: SignatureRequest) -> None:
    """A signer declined: the proof is asked for as before."""
    requests.recheck(_move(request, "refuse").project)


def follow_voided(request: SignatureRequest) -> None:
    """Voided or expired: it can be proposed anew."""
    requests.recheck(_move(request, "void").project)


def _one_of(project: Project, case: Any, requirement: Any, criterion: Any) -> Any:
    subjects = [subject for subject in (case, requirement, criterion) if subject is not None]
    if len(subjects) != 1 or subjects[0].project_id != project.pk:
        raise ForeignRows
    if criterion is not None and criterion.criteria_set.state != CriteriaState.AGREED:
        raise ForeignRows
    return subjects[0]


def _move(request: SignatureRequest, name: str) -> Waiver:
    """Lock the waiver a document is about, check the move, set and record the new state."""
    waiver = Waiver.objects.select_for_update(of=("self",)).select_related("project").get(pk=request.object_id)
    starts, target = MOVES[name]
    if waiver.state not in starts:
        raise WaiverMoveNotAllowed(waiver=waiver.code, state=waiver.get_state_display())
    before = trail.snapshot(waiver)
    waiver.state, waiver.decided_at, waiver.decided_because = target, timezone.now(), request.closing_reason
    waiver.save(update_fields=["state", "decided_at", "decided_because"])
    trail.record(name, waiver, before=before, facts={"document": request.label})
    return waiver
