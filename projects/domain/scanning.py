"""The virus scan of what was attached, where the installation has a scanner (CLAMD_SOCKET).

Until a file is scanned, nobody gets its content; an infected one stays where it is, as evidence, never handed out.
"""

import logging

from django.conf import settings
from django.db import transaction

from audit.domain import trail
from common.tasks import enqueue
from notices.domain import outbox
from projects import tasks
from projects.domain import clamd
from projects.enums import PictureState, ScanState
from projects.models import Attachment

logger = logging.getLogger(__name__)
SWEPT_AT_ONCE = 200


def first_state() -> ScanState:
    """Return the state of what is attached now."""
    return ScanState.WAITING if settings.CLAMD_SOCKET else ScanState.OFF


def waiting_ids() -> list[int]:
    """Return the attachments that are still to be scanned, oldest first."""
    waiting = Attachment.objects.filter(scan_state=ScanState.WAITING).exclude(file="")
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def scan(attachment_id: int) -> None:
    """Scan an attachment that waits for it, once, however often this is called; a scanner that is away: next time.

    Where the scanner was switched off meanwhile, the file is handed out as all files then are.
    """
    attachment = Attachment.objects.filter(scan_state=ScanState.WAITING, pk=attachment_id).exclude(file="").first()
    if attachment is None:
        return
    if not settings.CLAMD_SOCKET:
        _settle(attachment_id, ScanState.OFF)
        return
    try:
        with attachment.file.open("rb") as file:
            finding = clamd.find_virus(settings.CLAMD_SOCKET, file)
    except clamd.ScannerAway as error:
        logger.warning("Attachment %s is not scanned yet: %s", attachment_id, error)
        return
    _settle(attachment_id, ScanState.INFECTED if finding else ScanState.CLEAN, finding=finding[:200])


@transaction.atomic
def _settle(attachment_id: int, state: ScanState, *, finding: str = "") -> None:
    waiting = Attachment.objects.filter(scan_state=ScanState.WAITING, pk=attachment_id)
    attachment = waiting.select_for_update(of=("self",)).select_related("uploaded_by", "project").first()
    if attachment is None:
        return  # another worker was first
    before = trail.snapshot(attachment)
    attachment.scan_state, attachment.scan_finding = state, finding
    attachment.save(update_fields=["scan_state", "scan_finding"])
    if state == ScanState.INFECTED:
        trail.record("quarantine", attachment, before=before, facts={"sha256": attachment.sha256})
        outbox.tell(
            attachment.uploaded_by,
            "projects/mails/quarantined",
            {"attachment": attachment, "project": attachment.project},
            url=attachment.project.get_absolute_url(),
            key=f"quarantine:{attachment.pk}",
            project_id=attachment.project_id,
        )
    elif attachment.picture_state == PictureState.WAITING:
        enqueue(tasks.make_pictures, attachment.pk)
