"""The form of every app's permission table: which role may do what. The Team page prints all of them.

Each app's permissions.py holds one `Rights` and predicates `can_<verb>_<noun>(user, obj)` that ask it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

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

    def __init__(self, title: str | Promise, rights: dict[str, Right]):
        self.title, self.rights = title, rights

    def allows(self, name: str, user, obj: Project | Model) -> bool:
        """Whether `user` holds, in the project of `obj`, a role to which the table gives the right `name`."""
        right = self.rights[name]
        if not user.is_authenticated or not user.is_active:
            return False
        if right.administrator and user.is_administrator:
            return True
        return has_role(user, project_of(obj), right.roles)

    def rows(self) -> Iterator[tuple[str | Promise, list[bool]]]:
        """Yield each right with who has it: the administrator, then every role in the order of Role."""
        for right in self.rights.values():
            yield right.label, [right.administrator, *(role in right.roles for role in Role)]


def project_of(obj: Project | Model) -> Project:
    return obj if isinstance(obj, Project) else obj.project  # type: ignore[attr-defined]


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


def all_tables() -> list[Rights]:
    """Return the table of every app that has one, in the order in which the apps are installed."""
    modules = (
        import_module(f"{config.name}.permissions")
        for config in apps.get_app_configs()
        if module_has_submodule(config.module, "permissions")
    )
    return [module.RIGHTS for module in modules if isinstance(getattr(module, "RIGHTS", None), Rights)]
