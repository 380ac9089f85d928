"""What the export of a project's evidence holds: each app registers its sections in `AppConfig.ready()`.

A section is one kind of thing. `rows(reader, project)` returns those that exist for `reader`, asked exactly as pages
ask for a person, so that what a customer may not see on a page is not in a customer's export either. Every row becomes
one line of `data/<name>.jsonl`, its stored fields (`record_of`) and what `more` adds, and one line of the readable
table, its `columns`; `files` are written beside them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.db.models import FileField, ForeignKey, Model
from django.utils.functional import Promise

from accounts.models import User
from projects.enums import Audience, Role
from projects.models import Audienced, Project
from projects.roles import is_customer

NOT_TOLD = frozenset({"project", "content_type", "object_id"})


class Reader:
    """Whom an export is made for, where a person is asked for: somebody who holds one role in the project."""

    is_authenticated = is_active = True
    is_administrator = False
    pk = None

    def __init__(self, project: Project, role: Role):
        self._roles_by_project = {project.pk: frozenset({role})}  # what projects.roles.roles_in reads


@dataclass(frozen=True)
class StoredFile:
    """A file of a row: where it goes in the export, and how it is opened (a context manager that gives a binary file).

    `sha256` is the one on record, where there is one: bytes that do not have it are exported, and named as a problem.
    """

    path: str
    open: Callable[[], Any]
    sha256: str = ""


@dataclass(frozen=True)
class Section:
    """One kind of thing in an export. A column is a heading, and a field, a property or a function of the row."""

    name: str  # of its files, and in addresses of the readable index
    title: str | Promise
    rows: Callable[[Any, Project], Iterable[Any]]
    columns: tuple[tuple[str | Promise, str | Callable[[Any], Any]], ...]
    leave_out: frozenset[str] = frozenset()
    more: Callable[[Any, Any], dict[str, Any]] = field(default=lambda row, reader: {})
    files: Callable[[Any, Any], Iterable[StoredFile]] = field(default=lambda row, reader: ())

    def record(self, row: Any, reader: Any, project: Project) -> dict[str, Any]:
        return record_of(row, reader, project, self.leave_out) | self.more(row, reader)


_sections: dict[str, Section] = {}


def register_sections(*sections: Section) -> None:
    for section in sections:
        if section.name in _sections:
            raise ValueError(f"the section {section.name} is registered twice")
        _sections[section.name] = section


def all_sections() -> tuple[Section, ...]:
    """Return every section, in the order in which the apps are installed."""
    return tuple(_sections.values())


def record_of(row: Model, reader: Any, project: Project, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the stored fields of a row; people by the names they have, other rows by what they are called.

    A row that does not exist for `reader` is not named either. No secrets (`trail_excludes`), no places in our store.
    """
    excluded = NOT_TOLD | leave_out | frozenset(getattr(row, "trail_excludes", ()))
    values: dict[str, Any] = {}
    for part in row._meta.concrete_fields:
        if part.name in excluded or isinstance(part, FileField):
            continue
        value = getattr(row, part.name)
        values[part.name] = named(value, reader, project) if isinstance(part, ForeignKey) else value
    return values


def named(related: Any, reader: Any, project: Project) -> str | None:
    """Return what another row is called, or nothing if it does not exist for `reader`."""
    if related is None:
        return None
    if isinstance(related, Audienced) and is_customer(reader, project) and related.audience != Audience.CUSTOMER:
        return None
    return related.name if isinstance(related, User) else str(related)


def all_named(rows: Iterable[Model], reader: Any, project: Project) -> list[str]:
    """Return what those of `rows` are called that exist for `reader`."""
    return [name for row in rows if (name := named(row, reader, project)) is not None]


def safe_path(*parts: Any) -> str:
    """Return a path that stays inside the folder it is unpacked in, on every system: no part can leave it.

    Raises ValueError for a part that is empty or no plain name; names that people gave are cleaned before.
    """
    for part in parts:
        if (
            str(part) in {"", ".", ".."}
            or PurePosixPath(str(part)).name != str(part)
            or set(str(part)) & set('\\:*?"<>|')
        ):
            raise ValueError(f"{part!r} cannot be the name of a file")
        if any(ord(character) < 32 or ord(character) == 127 for character in str(part)):
            raise ValueError(f"{part!r} cannot be the name of a file")
    return "/".join(str(part) for part in parts)
