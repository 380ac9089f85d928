"""One list page like the other: filter, sort, 50 rows, a count, and an address that carries everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

PAGE_SIZE = 50


@dataclass(frozen=True)
class Chip:
    """An active filter, with the address of the same list without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True)
class ListPage:
    """What a list template prints. `sort` is the key in use, with a leading minus when descending."""

    rows: Any  # a sequence; a queryset where `filtered` made it
    total: int
    first: int
    last: int
    sort: str
    query: QueryDict
    next_url: str = ""
    previous_url: str = ""
    filterset: Any = None
    chips: list[Chip] = field(default_factory=list)

    @property
    def is_filtered(self) -> bool:
        return bool(self.chips)

    def sort_url(self, key: str) -> str:
        """The address of this list sorted by `key`, reversed when it already is."""
        return address(self.query, sort=f"-{key}" if self.sort == key else key, page="")

    def sort_state(self, key: str) -> str:
        """The value of aria-sort for the column `key`."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "none")


def address(query: QueryDict, **changes: str) -> str:
    """Return the query string with some parameters replaced; an empty value leaves one out."""
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"


def list_page(
    request: HttpRequest,
    queryset: QuerySet,
    *,
    sorts: Mapping[str, str | Sequence[str]],
    default: str,
    filterset: Any = None,
) -> ListPage:
    """Filter, sort and cut `queryset` as the address of `request` says; what makes no sense there is ignored.

    `sorts` maps the public name of a sort to the field or fields it orders by, ending in a unique one; `filterset`
    is a django-filter class. Costs two queries: the count and the rows.
    """
    filters, found = _filter(request, queryset, filterset)
    sort = request.GET.get("sort", default)
    if sort.lstrip("-") not in sorts:
        sort = default
    page = Paginator(found.order_by(*_ordering(sorts, sort)), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    return ListPage(
        rows=rows,
        total=page.paginator.count,
        first=page.start_index() if rows else 0,
        last=page.start_index() + len(rows) - 1 if rows else 0,
        sort=sort,
        query=request.GET,
        next_url=address(request.GET, page=str(page.next_page_number())) if page.has_next() else "",
        previous_url=address(request.GET, page=str(page.previous_page_number())) if page.has_previous() else "",
        filterset=filters,
        chips=_chips(filters, request.GET) if filters is not None else [],
    )


def filtered(request: HttpRequest, queryset: QuerySet, *, filterset: Any) -> ListPage:
    """Filter `queryset` as the address says, for a page that shows the rows otherwise than as a list: they stay a
    queryset, not sorted and not cut."""
    filters, found = _filter(request, queryset, filterset)
    return ListPage(
        rows=found,
        total=0,
        first=0,
        last=0,
        sort="",
        query=request.GET,
        filterset=filters,
        chips=_chips(filters, request.GET),
    )


def _filter(request: HttpRequest, queryset: QuerySet, filterset: Any) -> tuple[Any, QuerySet]:
    filters = filterset(request.GET, queryset=queryset, request=request) if filterset else None
    return filters, filters.qs if filters is not None and filters.is_valid() else queryset


def _ordering(sorts: Mapping[str, str | Sequence[str]], sort: str) -> list[str]:
    fields = sorts[sort.lstrip("-")]
    fields = [fields] if isinstance(fields, str) else list(fields)
    if not sort.startswith("-"):
        return fields
    return [name[1:] if name.startswith("-") else f"-{name}" for name in fields]


def _chips(filters: Any, query: QueryDict) -> list[Chip]:
    chips = []
    for name, bound in ((name, filters.form[name]) for name in filters.form.fields):
        value = query.get(name, "")
        if value and name not in filters.form.errors:
            chips.append(Chip(str(bound.label), _shown(bound, value), address(query, **{name: "", "page": ""})))
    return chips


def _shown(bound, value: str) -> str:
    """The words of a chosen value: the label of a choice or of an object, else what was typed."""
    queryset = getattr(bound.field, "queryset", None)
    if queryset is not None:
        return str(bound.field.clean(value))
    choices = dict(getattr(bound.field, "choices", []))
    return str(choices.get(value, value))
