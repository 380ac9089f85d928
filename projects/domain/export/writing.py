"""What is written into an export: a table and lines of JSON per section, the files of its rows, and the index."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial, reduce
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.domain.export.archive import Archive, blocks_of
from projects.enums import Role
from projects.models import Project
from projects.roles import is_customer
from projects.sections import Reader, Section, StoredFile, all_sections

FORMAT = "landfall-evidence-1"
ROWS_PER_PAGE = 1000
LONG = 40  # characters from which on a cell gets a broad column
NOTHING = "–"
TRAIL = "trail"
CHECK = Path(__file__).with_name("check.py")
STYLE = settings.BASE_DIR / "static" / "css" / "export.css"


@dataclass(frozen=True)
class Problem:
    """A file whose bytes are not what the record says."""

    path: str
    words: str


@dataclass
class Contents:
    """What one section became."""

    name: str
    title: str
    data: str
    rows: int = 0
    pages: list[str] = field(default_factory=list)


def write_export(
    project: Project,
    target: IO[bytes],
    *,
    for_customer: bool,
    made_by: str,
    made_at: datetime,
    tick: Callable[[int], None] = lambda percent: None,
) -> int:
    """Write the ZIP into `target` and return how many files it holds. `tick` is told how far it is, in percent.

    Memory is bounded: rows are read and written a page at a time, files a megabyte.
    """
    reader = Reader(project, Role.SPONSOR if for_customer else Role.PROJECT_MANAGER)
    problems: list[Problem] = []
    contents: list[Contents] = []
    sections = all_sections()
    root = f"{project.key}-evidence-{made_at:%Y-%m-%d}"
    with (
        translation.override(project.language),
        timezone.override(project.time_zone),
        Archive(target, root=root, made_at=made_at) as archive,
    ):
        for done, section in enumerate(sections):
            at_this_point = partial(tick, done * 100 // len(sections))
            made = _write_section(archive, section, reader, project, problems, at_this_point)
            if made.rows:
                contents.append(made)
        _write_index(archive, project, reader, contents, problems, made_by=made_by, made_at=made_at)
    return len(archive.files)


def _write_section(
    archive: Archive, section: Section, reader: Any, project: Project, problems: list[Problem], tick: Callable[[], None]
) -> Contents:
    contents = Contents(section.name, str(section.title), f"data/{section.name}.jsonl")
    tick()
    with tempfile.TemporaryFile() as lines:
        for number, (rows, is_last) in enumerate(_pages(section.rows(reader, project)), 1):
            table: list[dict[str, Any]] = []
            for row in rows:
                record = section.record(row, reader, project)
                files = [_write_file(archive, file, problems) for file in section.files(row, reader)]
                record |= {"files": [path for path in files if path]} if files else {}
                lines.write(_json(record) + b"\n")
                links = [{"path": path, "name": path.rpartition("/")[2]} for path in files if path]
                table.append({"cells": [_cell(_value(row, what)) for _label, what in section.columns], "files": links})
            page = f"tables/{section.name}{f'-{number}' if number > 1 else ''}.html"
            context = {
                "heading": contents.title,
                "home": "../",
                "labels": [label for label, _what in section.columns],
                "rows": table,
                "has_files": any(row["files"] for row in table),
                "number": number,
                "before": contents.pages[-1].rpartition("/")[2] if contents.pages else "",
                "next": "" if is_last else f"{section.name}-{number + 1}.html",
            }
            archive.add_text(page, _html("section", project, context))
            contents.pages.append(page)
            contents.rows += len(rows)
            tick()
        if contents.rows:
            lines.seek(0)
            archive.add(contents.data, blocks_of(lines))
    return contents


def _pages(rows: Iterable[Any]) -> Iterator[tuple[list[Any], bool]]:
    """Yield the rows a page at a time, each with whether it is the last."""
    found = rows.iterator(chunk_size=ROWS_PER_PAGE) if isinstance(rows, QuerySet) else iter(rows)
    page = list(islice(found, ROWS_PER_PAGE))
    while page:
        following = list(islice(found, ROWS_PER_PAGE))
        yield page, not following
        page = following


def _write_file(archive: Archive, file: StoredFile, problems: list[Problem]) -> str:
    """Write a file of a row, once, and return its path; empty if its bytes are not there."""
    if file.path in archive.files:
        return file.path
    try:
        content = file.open()
    except FileNotFoundError:
        problems.append(Problem(file.path, _("The file is not in the store.")))
        return ""
    with content as opened:
        written = archive.add(file.path, blocks_of(opened))
    if file.sha256 and written.sha256 != file.sha256:
        problems.append(Problem(file.path, _("The file does not have the fingerprint on record (SHA-256).")))
    return file.path


def _write_index(
    archive: Archive,
    project: Project,
    reader: Any,
    contents: list[Contents],
    problems: list[Problem],
    *,
    made_by: str,
    made_at: datetime,
) -> None:
    """Write what makes the export readable and checkable: last, since it names all that was written before."""
    for_customer = is_customer(reader, project)
    archive.add("style.css", [STYLE.read_bytes()])
    archive.add("check.py", [CHECK.read_bytes()])
    context = {
        "heading": _("Evidence"),
        "home": "",
        "for_customer": for_customer,
        "sections": contents,
        "problems": problems,
        "made_by": made_by,
        "made_at": made_at,
    }
    archive.add_text("index.html", _html("index", project, context))
    index = {
        "format": FORMAT,
        "project": {"key": project.key, "name": project.name, "customer": project.customer.name},
        "variant": "customer" if for_customer else "vendor",
        "exported_at": made_at.isoformat(),
        "exported_by": made_by,
        "sections": [vars(section) for section in contents],
        "problems": [vars(problem) for problem in problems],
        "trail": [section.data for section in contents if section.name == TRAIL],
        "files": [vars(file) for file in archive.files.values()],
    }
    archive.add_text("index.json", json.dumps(index, ensure_ascii=False, indent=1))
    sums = "".join(f"{file.sha256}  {file.path}\n" for file in archive.files.values())
    archive.add_text("SHA256SUMS", sums)


def _html(name: str, project: Project, context: dict[str, Any]) -> str:
    return render_to_string(
        f"projects/export/{name}.html", context | {"project": project, "language": project.language}
    )


def _json(record: dict[str, Any]) -> bytes:
    return json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _value(row: Any, what: str | Callable[[Any], Any]) -> Any:
    """Return a column of a row: `what` is a function, or a path of attributes such as user.name."""
    if not isinstance(what, str):
        return what(row)
    value = reduce(lambda found, name: getattr(found, name, None), what.split("."), row)
    return value() if callable(value) else value


def _cell(value: Any) -> dict[str, Any]:
    text = _words(value)
    return {"text": text, "long": len(text) > LONG or "\n" in text}


def _words(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, list | tuple):
        return ", ".join(_words(part) for part in value) or NOTHING
    return str(value)
