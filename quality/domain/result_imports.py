"""Bring a file of results in: one transaction, and the same file again changes nothing.

The file is kept as it came. Its rows become results of the test cases that they name or that a person once mapped
them to; the others wait to be mapped.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from audit.domain import trail
from projects.domain.numbers import next_number
from projects.enums import Audience, Role
from projects.models import Phase, Project
from quality.domain import defects, executions, runs
from quality.domain.errors import CaseIsRetired, DefectIsOpen, ForeignRows, RowIsNoFailure, RowsAreMapped
from quality.domain.executions import Observation
from quality.domain.results.contents import Contents
from quality.domain.results.reading import read_results
from quality.enums import CaseState, Outcome, RowOutcome
from quality.models import (
    Defect,
    ImportedFindings,
    ImportedRow,
    ImportedTimes,
    ResultImport,
    RowMapping,
    TestCase,
)
from signing.domain import requests

OUTCOMES = {
    RowOutcome.FAILED: Outcome.FAILED,
    RowOutcome.ERRORED: Outcome.FAILED,
    RowOutcome.SKIPPED: Outcome.SKIPPED,
    RowOutcome.PASSED: Outcome.PASSED,
}
WORST_FIRST = list(RowOutcome)
MAX_COMMENT = 5000
NOT_SAID = "-"


@dataclass(frozen=True)
class Imported:
    """What became of a file; `is_repeated`: this very file had been read before, so nothing was done."""

    record: ResultImport
    times: Sequence[ImportedTimes]
    findings: Sequence[ImportedFindings]
    is_repeated: bool = False


@dataclass(frozen=True)
class About:
    """What the file is about, as its sender says; and for a summary, which column holds what."""

    build: str = ""
    environment: str = ""
    phase: Phase | None = None
    columns: Mapping[str, str] | None = None
    unit: str = "ms"


def import_results(
    project: Project,
    file: BinaryIO,
    about: About,
    *,
    file_name: str,
    by: User,
    channel: str,
    dry_run: bool = False,
) -> Imported:
    """Read a file of results into `project`; with `dry_run` say what would be, and leave nothing behind.

    Raises UnreadableFile, with the reason, for a file that cannot be read, and ForeignRows; then nothing is imported.
    """
    if about.phase is not None and about.phase.project_id != project.pk:
        raise ForeignRows
    digest = _sha256(file)
    earlier = _earlier(project, digest)
    if earlier:
        return earlier
    contents = read_results(file, columns=about.columns, unit=about.unit)
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)  # two imports wait for each other
        earlier = _earlier(project, digest)
        if earlier:
            return earlier
        kept = "" if dry_run else _keep(project, file, digest)
        came = {"sha256": digest, "file": kept, "file_name": _safe_name(file_name), "channel": channel}
        record = _store(project, about, contents, created_by=by, **came)
        imported = Imported(record, *_write(record, contents))
        trail.record("import", record, by=by, before={})
        _map(record, _named(project, record, contents), by=by)
        requests.recheck(project, by)
        transaction.set_rollback(dry_run)
    return imported


@transaction.atomic
def map_rows(import_id: int, name: str, case: TestCase, *, by: User) -> ResultImport:
    """Say that the rows of a name are results of `case`: recorded for this file, remembered for the next ones.

    Raises ForeignRows, CaseIsRetired, RowsAreMapped where no row of the name is left to map.
    """
    record = ResultImport.objects.select_for_update(of=("self",)).select_related("project", "phase").get(pk=import_id)
    if case.project_id != record.project_id:
        raise ForeignRows
    if case.state == CaseState.RETIRED:
        raise CaseIsRetired(case=case.code)
    rows = list(record.rows.unmapped().filter(name=name))
    if not rows:
        raise RowsAreMapped(file=record.file_name, name=name)
    RowMapping.objects.update_or_create(project=record.project, name=name, defaults={"case": case, "created_by": by})
    trail.record("map", record, by=by, facts={"rows": name, "case": case.code})
    _map(record, {case.pk: rows}, by=by)
    requests.recheck(record.project, by)
    return record


@transaction.atomic
def open_defect(row: ImportedRow, *, severity: str, by: User) -> Defect:
    """Open the defect that a failed row shows, for the team: what a test wrote may tell of the inside of a system.

    Raises RowIsNoFailure, DefectIsOpen if its case has one already.
    """
    if row.case is None or row.result is None or row.result.outcome != Outcome.FAILED:
        raise RowIsNoFailure(name=row.name)
    TestCase.objects.select_for_update(of=("self",)).get(pk=row.case.pk)  # two clicks wait for each other
    standing = Defect.objects.filter(case=row.case).unclosed().first()
    if standing:
        raise DefectIsOpen(defect=standing.code, case=row.case.code)
    seen = f"{row.name}\n{row.message}".strip()[:MAX_COMMENT]
    return defects.open_from_result(row.result, severity=severity, by=by, seen=seen, audience=Audience.TEAM)


def in_whose_name(project: Project) -> User | None:
    """Return the person in whose name the command line imports where it says nobody: the project's manager."""
    held = project.memberships.filter(role=Role.PROJECT_MANAGER, user__is_active=True).select_related("user")
    first = held.order_by("pk").first()
    return first.user if first else None


def _earlier(project: Project, digest: str) -> Imported | None:
    record = ResultImport.objects.filter(project=project, sha256=digest).select_related("created_by").first()
    if record is None:
        return None
    record.project = project
    return Imported(record, list(record.times.all()), list(record.findings.all()), is_repeated=True)


def _store(project: Project, about: About, contents: Contents, **fields: Any) -> ResultImport:
    """Put on record what was counted in a file; no row of it has a test case yet."""
    return ResultImport.objects.create(
        project=project,
        number=next_number(ResultImport, project),
        format=contents.format,
        build=about.build,
        environment=about.environment,
        phase=about.phase,
        read=contents.read,
        passed=contents.passed,
        failed=contents.failed,
        skipped=contents.skipped,
        errored=contents.errored,
        unmapped=len(contents.rows),
        **fields,
    )


def _write(record: ResultImport, contents: Contents) -> tuple[list[ImportedTimes], list[ImportedFindings]]:
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(
                result_import=record,
                position=position,
                name=row.name,
                outcome=row.outcome,
                message=row.message,
                seconds=row.seconds,
            )
            for position, row in enumerate(contents.rows, start=1)
        ],
        batch_size=1000,
    )
    times = [
        ImportedTimes(
            result_import=record,
            label=row.label,
            samples=row.samples,
            errors=row.errors,
            min_ms=row.min_ms,
            max_ms=row.max_ms,
            mean_ms=None if row.mean_ms is None else float(row.mean_ms),
            p50_ms=row.p50_ms,
            p90_ms=row.p90_ms,
            p95_ms=row.p95_ms,
            p99_ms=row.p99_ms,
        )
        for row in contents.times
    ]
    findings = [
        ImportedFindings(result_import=record, tool=row.tool, severity=row.severity, open=row.open, closed=row.closed)
        for row in contents.findings
    ]
    ImportedTimes.objects.bulk_create(times, batch_size=500)
    ImportedFindings.objects.bulk_create(findings, batch_size=500)
    return times, findings


def _named(project: Project, record: ResultImport, contents: Contents) -> dict[int, list[ImportedRow]]:
    """Return the rows that name a test case in use, or are remembered to be of one, by the id of the case."""
    if not contents.rows:
        return {}
    active = TestCase.objects.filter(project=project).active()
    by_number = dict(active.values_list("number", "pk"))
    remembered = dict(RowMapping.objects.filter(project=project, case__in=active).values_list("name", "case"))
    found: dict[int, list[ImportedRow]] = {}
    for row, read in zip(record.rows.order_by("position"), contents.rows, strict=True):
        case_id = by_number.get(read.case or 0) or remembered.get(row.name)
        if case_id:
            found.setdefault(case_id, []).append(row)
    return found


def _map(record: ResultImport, rows: Mapping[int, list[ImportedRow]], *, by: User) -> None:
    """Record the rows as results of their cases (by id): of several rows of a case the worst counts."""
    if not rows:
        return
    known = record.rows.filter(case__in=rows).order_by("position") if record.mapped else ()
    of_case: dict[int, list[ImportedRow]] = {case_id: list(found) for case_id, found in rows.items()}
    for row in known:
        of_case[row.case_id].append(row)  # type: ignore[index]  # it has a case
    if record.run is None:
        record.run = runs.create_imported_run(
            record.project,
            by=by,
            phase=record.phase,
            name=f"{record.get_format_display()}: {record.file_name}"[:200],
            build=record.build or NOT_SAID,
            environment=record.environment or NOT_SAID,
        )
    seen = {case_id: _observation(found) for case_id, found in of_case.items()}
    record.mapped += sum(map(len, rows.values()))
    record.unmapped = record.read - record.mapped
    record.save(update_fields=["run", "mapped", "unmapped"])  # before the results: by it they are known as imported
    results = executions.record_imported(record.run, seen, by=by, source=record.code)
    runs.share_cases(record.run)
    for case_id, found in of_case.items():
        for row in found:
            row.case_id, row.result = case_id, results[case_id]
    ImportedRow.objects.bulk_update(
        [row for found in of_case.values() for row in found], ["case", "result"], batch_size=500
    )


def _observation(rows: Iterable[ImportedRow]) -> Observation:
    ordered = sorted(rows, key=lambda row: (WORST_FIRST.index(RowOutcome(row.outcome)), row.position))
    worst = ordered[0]
    bad = [row for row in ordered if OUTCOMES[RowOutcome(row.outcome)] == Outcome.FAILED]
    names = "\n".join(row.name for row in bad)  # not what they wrote: the customer reads the results too
    return Observation(OUTCOMES[RowOutcome(worst.outcome)], comment=names[:MAX_COMMENT])


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any binary file will do


def _keep(project: Project, file: BinaryIO, digest: str) -> str:
    """Store the file under its hash, in the place of what a transaction or a process that died left there."""
    name = f"results/{project.pk}/{digest}"
    default_storage.delete(name)
    file.seek(0)
    return default_storage.save(name, File(file))


def _safe_name(file_name: str) -> str:
    base = PurePath(file_name.replace("\\", "/")).name
    return "".join(character for character in base if character.isprintable())[:200] or "results"
