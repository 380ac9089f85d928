"""The kinds of thing that can be shared for an audit: each later app names its models in `AppConfig.ready()`.

Every kind is a model with a project and an audience whose rows have a page, so that an auditor can open what is shared.
"""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise

from projects.models import Audienced, AudienceQuerySet, Project


@dataclass(frozen=True)
class Shareable:
    """One kind: `search` are the fields in which words are looked for, `related` and `deferred` what reading a row's
    name and address needs, and does not."""

    model: type[Audienced]
    label: str | Promise  # of several, lazily translated
    search: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    only: Q = field(default_factory=Q)  # which rows, such as only what is signed

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    def rows(self, project: Project) -> AudienceQuerySet:
        """Return the rows of the project that can be shared, with what their names and addresses need."""
        rows: AudienceQuerySet = self.model._default_manager.filter(self.only, project=project)  # type: ignore[assignment,misc]
        return rows.select_related("project", *self.related).defer(*self.deferred)

    def matching(self, words: str) -> Q:
        """The condition for rows that have `words` in a searched field, or are numbered so: 12, R-012."""
        found = Q()
        for name in self.search:
            found |= Q(**{f"{name}__icontains": words})
        digits = words.rpartition("-")[2]
        is_numbered = any(field.name == "number" and field.get_internal_type() != "CharField" for field in self._fields)
        # No number of ours is longer, and SQLite refuses what is no integer of its own.
        if is_numbered and digits.isascii() and digits.isdigit() and len(digits) < 9:
            found |= Q(number=int(digits))
        return found or Q(pk=None)

    @property
    def _fields(self):
        return self.model._meta.concrete_fields


_kinds: dict[str, Shareable] = {}


def register_shareable(kind: Shareable) -> None:
    _kinds[kind.key] = kind


def shareable_kinds() -> list[Shareable]:
    """Return all kinds in the order of the apps."""
    return list(_kinds.values())


def find_shareable(key: str) -> Shareable | None:
    return _kinds.get(key)
