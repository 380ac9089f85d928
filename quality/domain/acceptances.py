"""Acceptance of a phase or the whole project: asked for, with conditions where not every criterion is met, and decided
by signature."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import User
from audit.domain import trail
from common.tasks import enqueue
from projects.enums import Audience
from projects.models import Phase, Project
from projects.roles import visible_in
from quality import tasks
from quality.domain import clocks, contents, lines, punch_items
from quality.domain.contents import Content
from quality.domain.errors import AcceptanceMoveNotAllowed, AcceptanceStands, CriteriaNotAgreed, CriteriaNotMet
from quality.domain.evaluation import Line
from quality.enums import AcceptanceState
from quality.models import Acceptance, AcceptanceLine, Check, CriteriaSet, PunchItem, scope_name
from quality.models.acceptances import WAITS_OR_IS_WHOLE
from signing.domain import manifest as manifests
from signing.domain import requests
from signing.models import SignatureRequest

KIND, CONDITIONAL_KIND = "acceptance", "acceptance_conditional"
MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "accept": ({AcceptanceState.REQUESTED}, AcceptanceState.ACCEPTED),
    "accept_with_conditions": ({AcceptanceState.REQUESTED}, AcceptanceState.CONDITIONAL),
    "deem": ({AcceptanceState.REQUESTED}, AcceptanceState.DEEMED),
    "decline": ({AcceptanceState.REQUESTED}, AcceptanceState.DECLINED),
    "void": ({AcceptanceState.REQUESTED}, AcceptanceState.VOIDED),  # voided, or expired unsigned
}


@dataclass(frozen=True)
class Changes:
    """What changed since a request that was voided: the one thing to look at for who has read it before."""

    since: str  # the document's label
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Certificate:
    """What the document prints; words and figures are ready, the template only sets them."""

    scope: str
    content: Content
    items: tuple[dict[str, Any], ...] = ()  # of the punch list, as they are signed
    scope_lines: tuple[dict[str, Any], ...] = ()  # what the scope hands over, as it is signed
    is_partial: bool = False
    changes: Changes | None = None

    @property
    def rows(self) -> list[tuple[Line, Check | None]]:
        """Each criterion as measured, with the check a person made."""
        return list(zip(self.content.lines, self.content.checks, strict=True))


@transaction.atomic
def request_acceptance(
    project: Project,
    phase: Phase | None,
    *,
    by: User,
    punch_list: Sequence[punch_items.Wording] = (),
    accepted_lines: Collection[str] | None = None,
    **options: Any,
) -> Acceptance:
    """Freeze what the scope is accepted by and send it for signature; `options` are those of requests.send.

    With a punch list it is an acceptance with conditions, a document of its own kind. `accepted_lines` are the keys of
    what is accepted now (of lines.remaining); what is left out remains, and so may criteria that are not met yet.
    Raises CriteriaNotAgreed, CriteriaNotMet without a punch list, CriterionWithoutItem with one that leaves a criterion
    open, OwnerIsNotOfTeam, AcceptanceStands if one waits or was given, NothingIsAccepted, ForeignRows, and what sending
    refuses.
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
    chosen = lines.choose(lines.remaining(project, phase), accepted_lines)
    is_partial = not all(is_accepted for _item, is_accepted in chosen)
    if not punch_list and not is_partial and not content.is_met:
        raise CriteriaNotMet(scope=scope)
    if punch_list and not is_partial:
        punch_items.check_covers(content.lines, punch_list)
    with translation.override(project.language):
        changes = changes_since_voided(project, phase, content)
    acceptance = Acceptance(
        project=project,
        phase=phase,
        criteria_set=criteria_set,
        is_partial=is_partial,
        requested_by=by,
        requested_at=timezone.now(),
        audience=Audience.CUSTOMER,
    )
    acceptance.save(force_insert=True)
    lines.write(acceptance, chosen)
    punch_items.write(acceptance, punch_list)
    document = _send(acceptance, content, changes, by=by, **clocks.in_time_for(acceptance, options))
    trail.record("request", acceptance, by=by, before={}, facts={"document": document.label})
    if criteria_set.deemed_after_days:
        enqueue(tasks.tick_clock, acceptance.pk)
    return acceptance


def _send(
    acceptance: Acceptance, content: Content, changes: Changes | None, *, by: User, **options: Any
) -> SignatureRequest:
    items, scope_lines = punch_items.of(acceptance), list(acceptance.lines.all())
    with translation.override(acceptance.project.language):
        words = gettext("Acceptance with conditions: %(scope)s") if items else gettext("Acceptance: %(scope)s")
        scope = scope_name(acceptance.phase)
        document = requests.send(
            acceptance.project,
            CONDITIONAL_KIND if items else KIND,
            acceptance,
            title=words % {"scope": scope},
            manifest=_manifest(content, items, scope_lines),
            facts=Certificate(
                scope,
                content,
                tuple(punch_items.manifest(items)),
                tuple(lines.manifest(scope_lines)),
                acceptance.is_partial,
                changes,
            ),
            by=by,
            **options,
        )
    acceptance.document = document
    acceptance.save(update_fields=["document"])
    return document


def standing(project: Project, phase: Phase | None) -> Acceptance | None:
    """Return the acceptance of the scope that waits for signature or was given as a whole, if there is one."""
    return Acceptance.objects.filter(WAITS_OR_IS_WHOLE, project=project, phase=phase).first()


def visible_to(user: User, project: Project) -> QuerySet[Acceptance]:
    """Return the acceptances of the project that exist for `user`."""
    return visible_in(Acceptance.objects.all(), user, project)


def waiting(project: Project) -> list[Acceptance]:
    """Return the acceptances of the project that wait for signature: a change of what they list voids them."""
    rows = Acceptance.objects.filter(project=project, state=AcceptanceState.REQUESTED)
    return list(rows.select_related("phase", "document"))


def voided_of(asked: Sequence[Acceptance]) -> list[Acceptance]:
    """Return those that are voided by now, each with what changed as its reason."""
    rows = Acceptance.objects.filter(pk__in=[row.pk for row in asked], state=AcceptanceState.VOIDED)
    return list(rows.select_related("phase", "document"))


def changes_since_voided(project: Project, phase: Phase | None, content: Content) -> Changes | None:
    """Return what differs from the request that was voided last, where no other followed it; in words, at most 50."""
    earlier = Acceptance.objects.filter(project=project, phase=phase, document__isnull=False)
    last = earlier.select_related("document").first()
    if last is None or last.document is None or last.state != AcceptanceState.VOIDED:
        return None
    manifest = content.manifest()
    before = {name: value for name, value in last.document.manifest.items() if name in manifest}
    return Changes(last.document.label, tuple(manifests.difference(before, manifest)[:50]))


def manifest_of(acceptance: Acceptance) -> dict[str, Any]:
    """Return what the acceptance would list now; signing compares it with what was sent."""
    content = contents.read(acceptance.criteria_set)
    return _manifest(content, punch_items.of(acceptance), list(acceptance.lines.all()))


def conditions_of(request: SignatureRequest) -> list[str]:
    """Return the conditions that a signature agrees to, one line each, as they were frozen."""
    return [f"{item['number']}. {item['text']}" for item in request.manifest.get("punch list", [])]


def follow_signed(request: SignatureRequest) -> None:
    """Everyone asked has signed: the scope is accepted."""
    _move(request, "accept")


def follow_signed_with_conditions(request: SignatureRequest) -> None:
    """Everyone asked has signed: the scope is accepted, and the owners of the punch list are told what is theirs."""
    punch_items.hand_out(_move(request, "accept_with_conditions"))


def follow_declined(request: SignatureRequest) -> None:
    """A signer declined, with a reason: the acceptance is declined for it, and a record of that is printed."""
    acceptance = _move(request, "decline", reason=request.closing_reason)
    enqueue(tasks.print_record, acceptance.pk)


def follow_voided(request: SignatureRequest) -> None:
    """The request was voided by a person or by a change, or it expired: acceptance can be asked for anew.

    Nothing follows where the clock has closed it: the scope is deemed accepted then.
    """
    if request.closed_by_id is None and Acceptance.objects.filter(pk=request.object_id, state=AcceptanceState.DEEMED):
        return
    _move(request, "void", reason=request.closing_reason)


def follow_the_clock(request: SignatureRequest, *, reason: str) -> Acceptance:
    """The time in which the customer could sign, decline or comment is over: the scope is deemed accepted.

    Called by deemed.tick, which has checked that the contract says so and holds the lock of the request.
    """
    return _move(request, "deem", reason=reason)


def notes_of(request: SignatureRequest) -> list[str]:
    """Return what the signer's page says of the clock of a deemed acceptance, if there is one."""
    acceptance = Acceptance.objects.select_related("project", "criteria_set").get(pk=request.object_id)
    return clocks.words(acceptance, timezone.now())


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


def _manifest(content: Content, items: Sequence[PunchItem], scope_lines: Sequence[AcceptanceLine]) -> dict[str, Any]:
    """Return what is signed; without punch list and lines as it was before there were any."""
    conditions = {"punch list": punch_items.manifest(items)} if items else {}
    handed_over = {"lines": lines.manifest(scope_lines)} if scope_lines else {}
    return content.manifest() | conditions | handed_over
