"""Bring the checks of another monitor in: one transaction, and the same file again changes nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.domain import trail
from projects.domain.numbers import take_numbers
from projects.models import Project
from success.domain.check_files import CheckRow, read_checks
from success.domain.errors import BadFile
from success.models import Check, CheckImport, MonitoredSystem


@dataclass(frozen=True)
class Imported:
    record: CheckImport
    is_repeated: bool  # this very file had been read before: nothing was done


def import_checks(project: Project, data: bytes, *, file_name: str, by=None) -> Imported:
    """Read a CSV file of checks into `project`, with a system per service, made if new.

    Checks that are known already are counted and left as they are. Raises BadFile for a file that is broken or
    foreign, or that says something else about an instant on record; then nothing of it is imported.
    """
    rows = read_checks(data, now=timezone.now())
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)  # two imports wait for each other
        digest = hashlib.sha256(data).hexdigest()
        earlier = CheckImport.objects.filter(project=project, sha256=digest).first()
        if earlier:
            return Imported(earlier, is_repeated=True)
        systems, made = _systems(project, rows, by=by)
        new = _unknown(systems, rows)
        record = CheckImport.objects.create(
            project=project,
            file_name=_safe_name(file_name),
            file=_keep(project, data, digest),
            sha256=digest,
            rows_read=len(rows),
            rows_new=len(new),
            rows_known=len(rows) - len(new),
            systems_made=made,
            created_by=by,
        )
        Check.objects.bulk_create(
            [
                Check(
                    system=systems[row.service],
                    at=row.at,
                    is_up=row.is_up,
                    http_code=row.http_code,
                    response_ms=row.response_ms,
                    imported_by=record,
                )
                for row in new
            ],
            batch_size=2000,
        )
        trail.record("import", record, by=by, before={})
    return Imported(record, is_repeated=False)


def _systems(project: Project, rows: Sequence[CheckRow], *, by) -> tuple[dict[str, MonitoredSystem], int]:
    """Return the systems that the rows name, and how many of them had to be made."""
    systems = {system.name: system for system in MonitoredSystem.objects.filter(project=project)}
    missing = [name for name in dict.fromkeys(row.service for row in rows) if name not in systems]
    for number, name in zip(take_numbers(MonitoredSystem, project, len(missing)), missing, strict=True):
        system = MonitoredSystem(project=project, number=number, name=name)
        trail.save(system, by=by)
        systems[name] = system
    return systems, len(missing)


def _unknown(systems: dict[str, MonitoredSystem], rows: Sequence[CheckRow]) -> list[CheckRow]:
    """Return the rows not on record. Raises BadFile for one that contradicts the record, or another row."""
    known = _on_record({systems[row.service].pk for row in rows}, rows)
    new = []
    for row in rows:
        key = (systems[row.service].pk, row.at)
        if key not in known:
            known[key] = row.result
            new.append(row)
        elif known[key] != row.result:
            raise BadFile(
                _("The check of %(service)s at %(at)s is on record with another result.")
                % {"service": row.service, "at": row.at.isoformat()},
                row=row.row,
            )
    return new


def _on_record(systems: set[int], rows: Sequence[CheckRow]) -> dict[tuple[int, datetime], tuple[bool, int, int]]:
    instants = [row.at for row in rows]
    checks = Check.objects.filter(system__in=systems, at__range=(min(instants), max(instants)))
    values = checks.order_by().values_list("system_id", "at", "is_up", "http_code", "response_ms")
    return {(system, at): (is_up, code, ms) for system, at, is_up, code, ms in values.iterator()}


def _keep(project: Project, data: bytes, digest: str) -> str:
    """Store the file under its hash: what a rolled-back transaction leaves behind is found again, not doubled."""
    name = f"checks/{project.pk}/{digest}.csv"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return name


def _safe_name(file_name: str) -> str:
    base = PurePath(file_name.replace("\\", "/")).name
    return "".join(character for character in base if character.isprintable())[:200] or "checks.csv"
