"""What can be commented on and have files attached: each later app names its models in `AppConfig.ready()`.

`register_target(Requirement, visible, lookup="number")`: `visible(user, project)` returns the rows of the project that
exist for this person, so that a stranger can neither see nor attach to what is hidden from them; `lookup` is the field
by which URLs name a row, unique among these; `concerns` are the fields that hold whom a remark on a row concerns, such
as its owner. The model has a `project` and a `get_absolute_url()`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from projects.models import Project

Visible = Callable[[Any, Project], QuerySet]


@dataclass(frozen=True)
class Target:
    model: type[Model]
    visible: Visible
    lookup: str
    concerns: tuple[str, ...]


_targets: dict[str, Target] = {}


def register_target(
    model: type[Model], visible: Visible, *, lookup: str = "number", concerns: tuple[str, ...] = ()
) -> None:
    _targets[model._meta.label_lower] = Target(model, visible, lookup, concerns)


def people_of(obj: Model) -> set[Any]:
    """Return whom a remark on `obj` concerns: its owner, its author, as its app registered them."""
    target = _targets.get(obj._meta.label_lower)
    fields = target.concerns if target else ()
    return {person for field in fields if (person := getattr(obj, field)) is not None}


def reference(obj: Model) -> tuple[str, str]:
    """Return how URLs and the API name `obj`: the label of its model and its number in the project."""
    label = obj._meta.label_lower
    return label, str(getattr(obj, _targets[label].lookup))


def find_target(label: str, number: str, user, project: Project) -> Model | None:
    """Return the object that URL and API name, if there is one for `user`."""
    target = _targets.get(label)
    if target is None or not number.isdecimal():
        return None
    return target.visible(user, project).filter(**{target.lookup: number}).first()


def on_visible_targets(rows: QuerySet, user, project: Project) -> QuerySet:
    """Return those of `rows` (comments, files) whose target exists for `user`, in one query."""
    about = Q()
    for target in _targets.values():
        kind = ContentType.objects.get_for_model(target.model)
        about |= Q(content_type=kind, object_id__in=target.visible(user, project).values("pk"))
    return rows.filter(about) if about else rows.none()


def is_visible(obj: Model | None, user, project: Project) -> bool:
    """Whether `obj`, the target of a comment or a file, exists for `user`."""
    if obj is None:
        return False
    target = _targets.get(obj._meta.label_lower)
    return target is not None and target.visible(user, project).filter(pk=obj.pk).exists()
