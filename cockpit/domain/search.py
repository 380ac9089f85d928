"""Finding things of a project by number or words, among what exists for the person."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from delivery.domain.queries import visible_deliverables
from delivery.models import Task
from projects.models import Project
from projects.roles import visible_in
from quality.domain.queries import visible_cases, visible_defects
from requirements.models import Requirement
from signing.models import SignatureRequest

MOST = 8  # of each kind


@dataclass(frozen=True)
class Found:
    """The first few rows of one kind."""

    label: Any
    rows: list[Any]


def find(user: User, project: Project, words: str) -> list[Found]:
    """Return what of the project exists for `user` and has `words` in its title or number; nothing for no words."""
    words = words.strip()
    if not words:
        return []
    numbered: list[tuple[Any, QuerySet]] = [
        (_("Requirements"), visible_in(Requirement.objects.all(), user, project)),
        (_("Tasks"), visible_in(Task.objects.all(), user, project)),
        (_("Deliverables"), visible_deliverables(user, project)),
        (_("Test cases"), visible_cases(user, project)),
        (_("Defects"), visible_defects(user, project)),
    ]
    documents = visible_in(SignatureRequest.objects.defer("manifest", "body_html"), user, project)
    documents = documents.filter(Q(number__icontains=words) | Q(title__icontains=words))
    queries = [(label, rows.filter(_matches(words)).order_by("number")) for label, rows in numbered]
    queries.append((_("Documents"), documents.order_by("-sent_at")))
    found = [Found(label, list(rows.select_related("project")[:MOST])) for label, rows in queries]
    return [group for group in found if group.rows]


def find_projects(user: User, words: str) -> list[Found]:
    """Return the projects of `user` that have `words` in their key, name or customer; nothing for no words."""
    words = words.strip()
    if not words:
        return []
    named = Q(key__icontains=words) | Q(name__icontains=words) | Q(customer__name__icontains=words)
    rows = list(Project.objects.visible_to(user).filter(named).order_by("key")[:MOST])
    return [Found(_("Projects"), rows)] if rows else []


def _matches(words: str) -> Q:
    """The words in the title; also the number alone (12) or as printed (R-012, T-012)."""
    _prefix, _dash, digits = words.rpartition("-")
    by_words = Q(title__icontains=words)
    # No number of ours is longer, and SQLite refuses what is no integer of its own.
    return by_words | Q(number=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 9 else by_words
