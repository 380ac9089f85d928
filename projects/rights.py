"""The form of every app's permission table: which role may do what. The Team page prints all of them.

Each app's permissions.py holds one `Rights` and predicates `can_<verb>_<noun>(user, obj)` that ask it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise

from projects.enums import Role
from projects.models import Project
from projects.roles import has_role


@dataclass(frozen=True)
class Right:
    """One line of a table: what may be done, by which roles, and whether the administrator may too."""

    label: str | Promise  # lazily translated, e.g. _("Edit requirements")
    roles: frozenset[str]
    administrator: bool = True


class Rights:
    """One app's table, name of the right -> Right."""

    tables: "list[Rights]" = []  # in the order in which the apps are installed

    def __init__(self, title: str | Promise, rights: dict[str, Right]):
        self.title, self.rights = title, rights
        Rights.tables.append(self)

    def allows(self, name: str, user, obj: Project | Model) -> bool:
        """Whether `user` holds, in the project of `obj`, a role to which the table gives the right `name`."""
        right = self.rights[name]
        if not user.is_authenticated or not user.is_active:
            return False
        if right.administrator and user.is_administrator:
            return True
        return has_role(user, project_of(obj), right.roles)

    def rows(self) -> Iterator[tuple[str | Promise, list[bool]]]:
        for right in self.rights.values():
            yield right.label, [role in right.roles for role in Role]


def project_of(obj: Project | Model) -> Project:
    return obj if isinstance(obj, Project) else obj.project  # type: ignore[attr-defined]


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


def all_tables() -> Iterable[Rights]:
    return tuple(Rights.tables)
