"""The menus of the shells. Entries name pages of later apps by their URL name; left out is what has no page, and what
the person may not open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, resolve, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    name: str
    label: Any
    icon: str
    key: str = ""  # the letter that leads here after "g"
    demo: bool = False  # a page that only the demo has
    exact: bool = False  # not marked on the pages below it, which belong to other entries


@dataclass(frozen=True)
class Link:
    """An entry with its address. `current` is "page" on the page itself, "true" on a page below it, else empty."""

    url: str
    label: Any
    icon: str
    key: str = ""
    current: str = ""


@dataclass(frozen=True)
class Group:
    label: Any
    links: list[Link]


HOUSE = [
    Entry("cockpit:my_work", _("My work"), "checklist", exact=True),
    Entry("cockpit:portfolio", _("Projects"), "layout-dashboard", key="p"),
]
HOUSE_MORE = [
    Entry("accounts:organisation_list", _("Customers"), "building"),
    Entry("projects:playbook_list", _("Playbooks"), "book"),
    Entry("success:customer_list", _("Customers by health"), "heartbeat"),
    Entry("success:report_list", _("Health reports"), "report"),
    Entry("accounts:person_list", _("People"), "users"),
    Entry("notices:mail_list", _("Mails"), "send"),
    Entry("notices:outbox", _("Demo outbox"), "mail", demo=True),
]
PROJECT_GROUPS = [
    (
        _("Prepare"),
        [
            Entry("requirements:objective_list", _("Objectives"), "target-arrow"),
            Entry("requirements:requirement_list", _("Requirements"), "file-text"),
            Entry("requirements:baseline_list", _("Baselines"), "archive"),
        ],
    ),
    (
        _("Deliver"),
        [
            Entry("delivery:plan", _("Plan"), "timeline", key="l"),
            Entry("delivery:task_list", _("Tasks"), "subtask"),
            Entry("delivery:deliverable_list", _("Deliverables"), "folder"),
        ],
    ),
    (
        _("Quality"),
        [
            Entry("projects:gate_list", _("Gates"), "gavel"),
            Entry("quality:case_list", _("Tests"), "flask"),
            Entry("quality:run_list", _("UAT"), "clipboard-check", key="u"),
            Entry("quality:defect_list", _("Defects"), "bug", key="d"),
            Entry("quality:traceability", _("Traceability"), "sitemap"),
            Entry("quality:acceptance", _("Acceptance"), "signature"),
            Entry("quality:audit_list", _("Audits"), "shield-check"),
        ],
    ),
    (
        _("Success"),
        [
            Entry("success:system_list", _("Health"), "heartbeat"),
            Entry("success:project_report_list", _("Health reports"), "report"),
        ],
    ),
]
PROJECT_HEADER = [
    Entry("cockpit:search", _("Search"), "search"),
    Entry("signing:document_list", _("Documents"), "files"),
    Entry("projects:team", _("Team"), "users-group"),
    Entry("projects:trail", _("Trail"), "history"),
    Entry("projects:evidence", _("Evidence"), "archive"),
    Entry("projects:settings", _("Settings"), "settings"),
]
PORTAL = [
    Entry("cockpit:my_work", _("Next step"), "checklist", exact=True),
    Entry("delivery:plan", _("Plan"), "timeline", key="l"),
    Entry("quality:run_list", _("UAT"), "clipboard-check", key="u"),
    Entry("delivery:deliverable_list", _("Deliverables"), "folder"),
    Entry("signing:document_list", _("Documents"), "files"),
    Entry("quality:audit_list", _("Audits"), "shield-check"),
    Entry("success:report_list", _("Health reports"), "report"),
]
OVERVIEW = Entry("cockpit:project", _("Overview"), "compass", key="c", exact=True)


def staff_menu(path: str, *, user: Any, project: Any) -> list[Group]:
    """Return the groups of the left bar as `user` sees them from `path`, inside `project` or outside any."""
    if project:
        groups = [(None, HOUSE), (project.name, [OVERVIEW]), *PROJECT_GROUPS]
    else:
        groups = [(None, [*HOUSE, *HOUSE_MORE])]
    return _resolved(groups, path, user, project)


def project_menu(path: str, *, user: Any, project: Any) -> list[Link]:
    """Return the links of the project's header."""
    return _links(PROJECT_HEADER, path, user, project)


def portal_menu(path: str, *, user: Any, project: Any) -> list[Link]:
    """Return the customer's few links; those of a project only inside it."""
    return _links(PORTAL, path, user, project)


def _links(entries: Iterable[Entry], path: str, user: Any, project: Any) -> list[Link]:
    groups = _resolved([(None, list(entries))], path, user, project)
    return groups[0].links if groups else []


def _resolved(groups: list[tuple[Any, list[Entry]]], path: str, user: Any, project: Any) -> list[Group]:
    found = [
        (label, [(entry, url) for entry in entries if (url := _address(entry, user, project))])
        for label, entries in groups
    ]
    addresses = [
        url
        for _label, pairs in found
        for entry, url in pairs
        if url == path or (path.startswith(url) and not entry.exact)
    ]
    nearest = max(addresses, key=len, default="")
    return [
        Group(
            label, [Link(url, entry.label, entry.icon, entry.key, _current(url, nearest, path)) for entry, url in pairs]
        )
        for label, pairs in found
        if pairs
    ]


def _current(url: str, nearest: str, path: str) -> str:
    if url != nearest:
        return ""
    return "page" if url == path else "true"


def _address(entry: Entry, user: Any, project: Any) -> str:
    """The URL of an entry in the project, or of the whole house; empty where `user` finds no such page."""
    if entry.demo and not settings.LANDFALL_DEMO:
        return ""
    urlconf = get_urlconf() or settings.ROOT_URLCONF
    page = (project and _page(urlconf, entry.name, project.key)) or _page(urlconf, entry.name)
    return page.url if page and page.may_open(user, project) else ""


class _Page(NamedTuple):
    url: str
    may_open: Callable[[Any, Any], bool]


@lru_cache(maxsize=4096)  # every page asks for the same twenty of its project
def _page(urlconf: str, name: str, *args: str) -> _Page | None:
    try:
        url = reverse(name, urlconf, args=args)
    except NoReverseMatch:
        return None
    return _Page(url, resolve(url, urlconf).func.may_open)  # type: ignore[attr-defined]
