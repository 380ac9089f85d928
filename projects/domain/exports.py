"""The life of an export of the evidence: asked for, made by a worker, downloaded for some days, gone.

Only `make` is long. It claims the row for one attempt, gives signs of life while it writes, and hands in what it made
only if the attempt is still its own: a worker that was thought dead and was not throws its file away.
"""

import hashlib
import logging
import tempfile
import uuid
from datetime import datetime, timedelta

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from common.tasks import enqueue
from notices.domain import outbox
from projects import tasks
from projects.domain import errors
from projects.domain.export.archive import blocks_of
from projects.domain.export.writing import write_export
from projects.enums import Audience, ExportState
from projects.models import EvidenceExport, Project

logger = logging.getLogger(__name__)
KEPT = timedelta(days=7)
SILENCE = timedelta(minutes=10)  # after which a worker is taken for dead
ATTEMPTS = 3


@transaction.atomic
def request_export(project: Project, *, audience: str, by: User) -> EvidenceExport:
    """Ask for an export; it is made once committed. Raises ExportUnderWay if one of the kind is being made."""
    try:
        with transaction.atomic():
            export = EvidenceExport.objects.create(project=project, audience=audience, requested_by=by)
    except IntegrityError:
        raise errors.ExportUnderWay from None
    trail.record("request", export, by=by, before={})
    enqueue(tasks.make_export, export.pk)
    return export


def make_export(export_id: int) -> None:
    """Make an export that waits, once; a worker that died is followed by another, three at most."""
    export = _claim(export_id, now=timezone.now())
    if export is None:
        return
    attempt = export.attempts
    with tempfile.TemporaryFile() as zipped:
        try:
            count = write_export(
                export.project,
                zipped,
                for_customer=export.audience == Audience.CUSTOMER,
                made_by=export.requested_by.name,
                made_at=timezone.now(),
                tick=lambda percent: _give_sign(export_id, attempt, percent),
            )
        except Exception:
            logger.exception("The export %s of the evidence failed in attempt %s", export_id, attempt)
            _mine(export_id, attempt).update(state=_after_failure(attempt))
            return
        zipped.seek(0)
        digest = hashlib.sha256()
        for block in blocks_of(zipped):
            digest.update(block)
        size = zipped.tell()
        zipped.seek(0)
        name = default_storage.save(f"exports/{export.project_id}/{uuid.uuid4().hex}.zip", File(zipped))
    if not _hand_in(export_id, attempt, name=name, size=size, sha256=digest.hexdigest(), files=count):
        default_storage.delete(name)


def _claim(export_id: int, *, now: datetime) -> EvidenceExport | None:
    """Take the export for this worker if nobody alive has it."""
    claimed = EvidenceExport.objects.filter(_free(now), pk=export_id, attempts__lt=ATTEMPTS).update(
        state=ExportState.RUNNING, touched_at=now, attempts=F("attempts") + 1, percent=0
    )
    exports = EvidenceExport.objects.select_related("project__customer", "requested_by")
    return exports.get(pk=export_id) if claimed else None


def _free(now: datetime) -> Q:
    return Q(state=ExportState.WAITING) | Q(state=ExportState.RUNNING, touched_at__lt=now - SILENCE)


def _mine(export_id: int, attempt: int):
    return EvidenceExport.objects.filter(pk=export_id, state=ExportState.RUNNING, attempts=attempt)


def _give_sign(export_id: int, attempt: int, percent: int) -> None:
    _mine(export_id, attempt).update(touched_at=timezone.now(), percent=percent)


def _after_failure(attempt: int) -> ExportState:
    return ExportState.WAITING if attempt < ATTEMPTS else ExportState.FAILED


@transaction.atomic
def _hand_in(export_id: int, attempt: int, *, name: str, size: int, sha256: str, files: int) -> bool:
    """Make what was written the export, and tell who asked for it; False if another attempt has taken over."""
    export = _mine(export_id, attempt).select_for_update(of=("self",)).first()
    if export is None:
        return False
    before = trail.snapshot(export)
    now = timezone.now()
    export.state, export.percent, export.file = ExportState.READY, 100, name
    export.size, export.sha256, export.files = size, sha256, files
    export.made_at, export.expires_at = now, now + KEPT
    export.save()
    trail.record("export", export, by=export.requested_by, before=before)
    outbox.tell(
        export.requested_by,
        "projects/mails/export_ready",
        {"export": export, "project": export.project},
        url=f"/projects/{export.project.key}/evidence/",
        key=f"export:{export.pk}",
        project_id=export.project_id,
    )
    return True


def due_ids(*, now: datetime) -> list[int]:
    """Return the exports that wait for a worker, or whose worker gives no sign of life."""
    return list(EvidenceExport.objects.filter(_free(now), attempts__lt=ATTEMPTS).values_list("pk", flat=True))


def give_up(*, now: datetime) -> None:
    """Close as failed what died in its last attempt."""
    EvidenceExport.objects.filter(_free(now), attempts__gte=ATTEMPTS).update(state=ExportState.FAILED)


def expire(*, now: datetime) -> None:
    """Delete the files whose days are over; their rows stay."""
    for export_id in EvidenceExport.objects.filter(state=ExportState.READY, expires_at__lte=now).values_list("pk"):
        _expire(export_id[0])


@transaction.atomic
def _expire(export_id: int) -> None:
    ready = EvidenceExport.objects.filter(state=ExportState.READY, pk=export_id)
    export = ready.select_for_update(of=("self",)).first()
    if export is None:
        return
    before, name = trail.snapshot(export), str(export.file)
    export.state, export.file = ExportState.EXPIRED, ""
    export.save(update_fields=["state", "file"])
    trail.record("expire", export, before=before)
    transaction.on_commit(lambda: default_storage.delete(name))  # a crash in between leaves a file that no row names
