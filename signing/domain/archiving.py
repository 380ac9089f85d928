"""Long-term proof: a time stamp over the whole sealed file is put on anew before the one before it grows old.

Certificates of time stamps end and digests weaken; what a fresh stamp covers was there before. Each stamping makes an
archive copy of the newest file; the sealed file that people hold is left as it is and goes on verifying.
"""

from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from audit.domain import trail
from signing.domain import documents, sealing
from signing.domain import manifest as manifests
from signing.domain import seal as sealer
from signing.domain.moves import locked
from signing.models import ArchiveCopy, SealedFile


class ArchiveDamaged(Exception):
    """The stored file is not the one on record: it is not stamped, and the administrator must look."""


def due(now: datetime | None = None) -> list[int]:
    """Return the sealed files whose last stamp is older than SIGNING_RESTAMP_DAYS; none without an authority."""
    if not settings.SIGNING_TSA_URL:
        return []
    before = (now or timezone.now()) - timedelta(days=settings.SIGNING_RESTAMP_DAYS)
    files = SealedFile.objects.filter(sealed_at__lte=before).annotate(last=Max("archive_copies__stamped_at"))
    return list(files.filter(Q(last=None) | Q(last__lte=before)).order_by("sealed_at").values_list("pk", flat=True))


def restamp(sealed_file_id: int, now: datetime | None = None) -> ArchiveCopy | None:
    """Make the archive copy that is due, if one still is: safe to repeat.

    Raises OSError if the authority does not answer, ArchiveDamaged if the stored file is not the one on record.
    """
    if sealed_file_id not in due(now):
        return None
    record = SealedFile.objects.select_related("request").get(pk=sealed_file_id)
    copies = ArchiveCopy.objects.filter(sealed_file=record)
    latest = copies.last()
    content, number = _read(latest or record), (latest.number if latest else 0) + 1
    field = f"{sealer.ARCHIVE}{number + 1}"  # the first is the one that the seal itself may carry
    stamped = sealer.stamp(content, tsa_url=settings.SIGNING_TSA_URL, field=field)
    roots = (latest or record).trusted_pem + sealing.stamp_roots(stamped)
    with transaction.atomic():
        request = locked(record.request_id)
        if copies.filter(number=number).exists():  # another worker was quicker
            return None
        name = f"signing/archive/{PurePosixPath(record.file).stem}-a{number}.pdf"
        documents.store(name, stamped)
        copy = ArchiveCopy.objects.create(
            sealed_file=record,
            number=number,
            file=name,
            sha256=manifests.sha256(stamped),
            size=len(stamped),
            stamped_at=timezone.now(),
            time_source=settings.SIGNING_TSA_URL,
            field=field,
            trusted_pem=roots,
        )
        trail.record("restamp", request, facts={"sha256": copy.sha256, "time_source": copy.time_source})
    return copy


def _read(stored: SealedFile | ArchiveCopy) -> bytes:
    content = documents.read(stored.file)
    if manifests.sha256(content) != stored.sha256:
        raise ArchiveDamaged(stored.file)
    return content
