"""The life of a deliverable: planned, drafted version by version, reviewed, approved, opened again with a reason."""

import hashlib
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from audit.domain import trail
from delivery.domain import errors
from delivery.enums import DeliverableState, Raci, ReviewVerdict
from delivery.models import Deliverable, DeliverableReview, DeliverableVersion
from notices.domain import outbox
from projects.domain.attachments import check_upload
from projects.domain.numbers import next_number
from projects.enums import CUSTOMER_ROLES, Audience, Role
from projects.models import Attachment, Comment, Phase, Project
from signing.domain import requests

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "draft": ({DeliverableState.PLANNED, DeliverableState.DRAFT}, DeliverableState.DRAFT),  # a version is uploaded
    "submit": ({DeliverableState.DRAFT}, DeliverableState.IN_REVIEW),
    "approve": ({DeliverableState.IN_REVIEW}, DeliverableState.APPROVED),
    "send_back": ({DeliverableState.IN_REVIEW}, DeliverableState.DRAFT),
    "reopen": ({DeliverableState.APPROVED}, DeliverableState.DRAFT),
}


def moves_of(deliverable: Deliverable) -> list[str]:
    """Return the names of the moves that start from the state `deliverable` is in."""
    return [name for name, (sources, _target) in MOVES.items() if deliverable.state in sources]


@transaction.atomic
def create_deliverable(project: Project, *, by: User, phase: Phase, **fields: Any) -> Deliverable:
    """Enter a deliverable into the register of its project. Raises ForeignPhase."""
    _check_phase(project, phase)
    deliverable = Deliverable(project=project, number=next_number(Deliverable, project), phase=phase, **fields)
    deliverable.save(force_insert=True)
    trail.record("create", deliverable, by=by, before={})
    requests.recheck(project, by)
    return deliverable


@transaction.atomic
def edit_deliverable(deliverable_id: int, *, by: User, **fields: Any) -> Deliverable:
    """Change what the register says of a deliverable. Raises ForeignPhase and CustomerHasPart."""
    deliverable = _locked(deliverable_id)
    before = trail.snapshot(deliverable)
    for name, value in fields.items():
        setattr(deliverable, name, value)
    _check_phase(deliverable.project, deliverable.phase)
    if deliverable.audience == Audience.TEAM:
        _check_no_customer_has_part(deliverable)
    deliverable.save()
    if trail.difference(before, trail.snapshot(deliverable)):
        trail.record("edit", deliverable, by=by, before=before)
        requests.recheck(deliverable.project, by)
    return deliverable


@transaction.atomic
def delete_deliverable(deliverable_id: int, *, by: User) -> None:
    """Take out of the register what this project does not need. Raises DeliverableInUse once there is work on it."""
    deliverable = _locked(deliverable_id)
    kind = ContentType.objects.get_for_model(Deliverable)
    about = {"content_type": kind, "object_id": deliverable.pk}
    in_use = (deliverable.versions.all(), Comment.objects.filter(**about), Attachment.objects.filter(**about))
    if any(rows.exists() for rows in in_use):
        raise errors.DeliverableInUse(deliverable=deliverable.code)
    trail.delete(deliverable, by=by)
    requests.recheck(deliverable.project, by)


def upload_version(deliverable_id: int, upload: UploadedFile, *, by: User, note: str = "") -> DeliverableVersion:
    """Keep `upload` as the next version; with the first one the deliverable is a draft.

    Raises DeliverableMoveNotAllowed while it is in review or approved, and what attachments.check_upload raises.
    """
    name, kind = check_upload(upload)
    version = DeliverableVersion(
        name=name,
        media_type=kind.media_type,
        size=upload.size or 0,
        sha256=_sha256(upload),
        note=note,
        uploaded_by=by,
    )
    try:
        with transaction.atomic():
            deliverable, before = _move(deliverable_id, "draft")
            version.deliverable, version.number = deliverable, _latest_number(deliverable) + 1
            version.file.save(name, upload, save=False)
            version.save(force_insert=True)
            trail.record("upload", version, by=by, before={}, facts={"about": str(deliverable)})
            if trail.difference(before, trail.snapshot(deliverable)):
                deliverable.save(update_fields=["state"])
                trail.record("draft", deliverable, by=by, before=before)
    except Exception:
        if version.file.name:
            version.file.delete(save=False)  # no row, no file
        raise
    return version


@transaction.atomic
def submit(deliverable_id: int, *, by: User) -> Deliverable:
    """Give the newest version to review; who reviews it is told.

    Raises DeliverableMoveNotAllowed from any state but DRAFT, and VersionMissing if the newest was reviewed already.
    """
    deliverable, before = _move(deliverable_id, "submit")
    version = newest_version(deliverable)
    if version is None or hasattr(version, "review"):
        raise errors.VersionMissing(deliverable=deliverable.code)
    deliverable.save(update_fields=["state"])
    trail.record("submit", deliverable, by=by, before=before, facts={"version": version.number})
    for person in reviewers_of(deliverable, version) - {by}:
        _tell(person, "deliverable_submitted", deliverable, version=version, by=by)
    return deliverable


@transaction.atomic
def approve(deliverable_id: int, *, by: User, version: int, comment: str = "") -> Deliverable:
    """Approve the version that the reviewer read; its author and who is to be informed are told.

    Raises DeliverableMoveNotAllowed from any state but IN_REVIEW, ReviewedMeanwhile and OwnVersion.
    """
    deliverable, before = _move(deliverable_id, "approve")
    review = _review(deliverable, version, ReviewVerdict.APPROVED, comment, by=by)
    deliverable.approved_version, deliverable.approved_by = review.version, by
    deliverable.approved_at = review.reviewed_at
    deliverable.save(update_fields=["state", "approved_version", "approved_at", "approved_by"])
    trail.record("approve", deliverable, by=by, before=before, facts=_facts(version, comment))
    for person in {review.version.uploaded_by, *_people(deliverable, Raci.INFORMED)} - {by}:
        _tell(person, "deliverable_approved", deliverable, version=review.version, by=by, comment=comment)
    requests.recheck(deliverable.project, by)
    return deliverable


@transaction.atomic
def send_back(deliverable_id: int, *, by: User, version: int, comment: str) -> Deliverable:
    """Send the version that the reviewer read back with what is missing; its author and those who work on it are told.

    Raises DeliverableMoveNotAllowed from any state but IN_REVIEW, ReviewedMeanwhile and OwnVersion.
    """
    deliverable, before = _move(deliverable_id, "send_back")
    review = _review(deliverable, version, ReviewVerdict.RETURNED, comment, by=by)
    deliverable.save(update_fields=["state"])
    trail.record("send_back", deliverable, by=by, before=before, facts=_facts(version, comment))
    for person in {review.version.uploaded_by, *_people(deliverable, Raci.RESPONSIBLE)} - {by}:
        _tell(person, "deliverable_returned", deliverable, version=review.version, by=by, comment=comment)
    return deliverable


@transaction.atomic
def reopen(deliverable_id: int, *, by: User, reason: str) -> Deliverable:
    """Take an approval back, so that a better version can follow; who works on it is told.

    The approved version and its review stay on record. Raises DeliverableMoveNotAllowed from any state but APPROVED.
    """
    deliverable, before = _move(deliverable_id, "reopen")
    deliverable.approved_version = deliverable.approved_at = deliverable.approved_by = None
    deliverable.save(update_fields=["state", "approved_version", "approved_at", "approved_by"])
    trail.record("reopen", deliverable, by=by, before=before, facts={"reason": reason})
    for person in _people(deliverable, Raci.RESPONSIBLE, Raci.ACCOUNTABLE) - {by}:
        _tell(person, "deliverable_reopened", deliverable, by=by, comment=reason)
    requests.recheck(deliverable.project, by)
    return deliverable


def newest_version(deliverable: Deliverable) -> DeliverableVersion | None:
    """Return the version with the highest number, with its author and its review, if there are."""
    return deliverable.versions.select_related("uploaded_by", "review").order_by("-number").first()


def reviewers_of(deliverable: Deliverable, version: DeliverableVersion) -> set[User]:
    """Return who is asked to review: who is accountable; the project managers where nobody is, or it is theirs."""
    accountable = _people(deliverable, Raci.ACCOUNTABLE) - {version.uploaded_by}
    managers = User.objects.filter(
        memberships__project=deliverable.project_id, memberships__role=Role.PROJECT_MANAGER, is_active=True
    )
    return accountable or set(managers) - {version.uploaded_by}


def _review(deliverable: Deliverable, number: int, verdict: str, comment: str, *, by: User) -> DeliverableReview:
    version = newest_version(deliverable)
    if version is None or version.number != number:
        raise errors.ReviewedMeanwhile(deliverable=deliverable.code, version=_latest_number(deliverable))
    if version.uploaded_by_id == by.pk:
        raise errors.OwnVersion
    version.deliverable = deliverable
    review = DeliverableReview(version=version, verdict=verdict, comment=comment, reviewed_by=by)
    review.save(force_insert=True)
    return review


def _facts(version: int, comment: str) -> dict[str, Any]:
    return {"version": version} | ({"reason": comment} if comment else {})


def _locked(deliverable_id: int) -> Deliverable:
    related = ("project", "phase")
    return Deliverable.objects.select_for_update(of=("self",)).select_related(*related).get(pk=deliverable_id)


def _move(deliverable_id: int, name: str) -> tuple[Deliverable, dict[str, Any]]:
    """Lock the deliverable, check the move, set the new state; the caller saves and records it against the snapshot."""
    deliverable = _locked(deliverable_id)
    sources, target = MOVES[name]
    if deliverable.state not in sources:
        raise errors.DeliverableMoveNotAllowed(deliverable=deliverable.code, state=deliverable.get_state_display())
    before = trail.snapshot(deliverable)
    deliverable.state = target
    return deliverable, before


def _check_phase(project: Project, phase: Phase) -> None:
    if phase.project_id != project.pk:
        raise errors.ForeignPhase


def _check_no_customer_has_part(deliverable: Deliverable) -> None:
    outside = deliverable.raci.filter(
        person__memberships__project=deliverable.project_id, person__memberships__role__in=CUSTOMER_ROLES
    ).select_related("person")
    for entry in outside[:1]:
        raise errors.CustomerHasPart(person=entry.person.name, deliverable=deliverable.code)


def _latest_number(deliverable: Deliverable) -> int:
    return deliverable.versions.order_by("-number").values_list("number", flat=True).first() or 0


def _people(deliverable: Deliverable, *letters: str) -> set[User]:
    return set(User.objects.filter(raci__deliverable=deliverable, raci__letter__in=letters, is_active=True))


def _tell(person: User, mail: str, deliverable: Deliverable, **context: Any) -> None:
    outbox.tell(
        person,
        f"delivery/mails/{mail}",
        {"deliverable": deliverable, "project": deliverable.project, **context},
        url=deliverable.get_absolute_url(),
        project_id=deliverable.project_id,
    )


def _sha256(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
