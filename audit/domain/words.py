"""What the trail says in words: "edited", the name of a field, the label of a choice, in the reader's language.

The trail stores codes and values; models say what their fields are called. A verb missing here shows as its code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model, Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext

from audit.domain.vocabulary import FACTS, FIELDS, NOUNS, VERBS
from audit.models import Entry

NOTHING = "–"
HIDDEN = frozenset({"content_type_id", "object_id"})  # how a remark is tied to its object; the fact "about" names it
SHORT = 3
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(T|$)")
Names = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Change:
    """One field, before and after, as a person reads it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One entry of the trail, in words."""

    entry: Entry
    verb: str
    noun: str
    changes: list[Change]
    facts: list[tuple[str, str]]

    @property
    def is_short(self) -> bool:
        """Whether the details are few enough to be read at once; of what was made they are all its fields."""
        return self.entry.action != "create" and len(self.changes) + len(self.facts) <= SHORT


def register_verbs(verbs: dict[str, Any]) -> None:
    """Let a later app say how its own actions read, in `AppConfig.ready()`."""
    VERBS.update(verbs)


def noun(object_type: str) -> str:
    """Return what a model is called, such as “Test case”; its label if the model is gone."""
    if object_type in NOUNS:
        return str(NOUNS[object_type])
    try:
        return str(capfirst(apps.get_model(object_type)._meta.verbose_name))
    except LookupError:
        return object_type


def lines(entries: Iterable[Entry]) -> list[Line]:
    """Return entries in words. Costs two queries at most, however many there are."""
    entries = list(entries)
    names = _names(entries)
    return [_line(entry, names) for entry in entries]


def _line(entry: Entry, names: Names) -> Line:
    model = _model(entry)
    facts = dict(entry.facts)
    held = facts.pop("held", {})  # what a deleted row was
    changes = entry.changes | {name: [value, None] for name, value in held.items()}
    return Line(
        entry=entry,
        verb=str(VERBS.get(entry.action, entry.action.replace("_", " "))),
        noun=noun(entry.object_type),
        changes=[
            Change(_label(model, name), _value(model, name, before, names), _value(model, name, after, names))
            for name, (before, after) in changes.items()
            if name not in HIDDEN and not (before in (None, "") and after in (None, ""))
        ],
        facts=[(str(FACTS.get(name, name.replace("_", " "))), _plain(value)) for name, value in facts.items()],
    )


def _model(entry: Entry) -> type[Model] | None:
    try:
        return apps.get_model(entry.object_type)
    except LookupError:
        return None


def _field(model: type[Model] | None, name: str) -> Field | None:
    if model is None:
        return None
    try:
        return cast(Field, model._meta.get_field(name))  # by its name, or by that of its column
    except FieldDoesNotExist:
        return None


def _related(field: ForeignKey) -> str:
    return field.related_model._meta.label_lower


def _label(model: type[Model] | None, name: str) -> str:
    """Return what the model calls the field; Django's own guess from its name is no word of any language."""
    said = getattr(_field(model, name), "verbose_name", None)
    if isinstance(said, Promise):
        return capfirst(str(said))
    return str(FIELDS.get(name.removesuffix("_id"), capfirst(name.replace("_", " "))))


def _value(model: type[Model] | None, name: str, value: Any, names: Names) -> str:
    field = _field(model, name)
    if isinstance(field, ForeignKey) and value is not None:
        return names.get((_related(field), str(value)), f"#{value}")
    choices = dict(field.flatchoices) if field is not None and getattr(field, "choices", None) else {}
    if value in choices if isinstance(value, str | int) else False:
        return str(choices[value])
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value) or NOTHING
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(part)}" for name, part in value.items()) or NOTHING
    return _moment(value) if isinstance(value, str) else str(value)


def _moment(text: str) -> str:
    """Return an instant or a day, stored as ISO text, as people of the language write it; other text as it is."""
    if not ISO_DAY.match(text):  # Python reads 20261124 as a day too, which may be a build
        return text
    try:
        instant, day = parse_datetime(text), parse_date(text)
    except ValueError:  # it has the form, but there is no such day
        return text
    if instant and is_aware(instant):
        return date_format(localtime(instant), "DATETIME_FORMAT")
    return date_format(day, "DATE_FORMAT") if day else text


def _names(entries: list[Entry]) -> Names:
    """Return what the rows named in changes are called: people by name, others as the trail last called them."""
    wanted: set[tuple[str, str]] = set()
    for entry in entries:
        model = _model(entry)
        held = {name: [value] for name, value in entry.facts.get("held", {}).items()}
        for name, values in (entry.changes | held).items():
            field = _field(model, name)
            if isinstance(field, ForeignKey):
                label = _related(field)
                wanted |= {(label, str(value)) for value in values if value is not None}
    people_label = get_user_model()._meta.label_lower
    people = {key for label, key in wanted if label == people_label}
    names = {
        (people_label, str(pk)): str(person) for pk, person in get_user_model()._default_manager.in_bulk(people).items()
    }
    others = {pair for pair in wanted if pair[0] != people_label}
    if others:
        same = Q()
        for label, key in others:
            same |= Q(object_type=label, object_id=key)
        called = Entry.objects.filter(same).order_by("pk").values_list("object_type", "object_id", "object_label")
        names |= {(label, key): shown for label, key, shown in called}
    return names
