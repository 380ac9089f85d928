"""What a person is in a project, read once per request."""

from collections.abc import Callable
from typing import TypeVar

from projects.enums import CUSTOMER_ROLES, VENDOR_ROLES, Audience, Role
from projects.models import AudienceQuerySet, Membership, Project

Rows = TypeVar("Rows", bound=AudienceQuerySet)


def roles_in(user, project: Project) -> frozenset[str]:
    """Return the roles `user` holds in `project`; kept on the user object, so one request asks the database once."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    known = user.__dict__.setdefault("_roles_by_project", {})
    if project.pk not in known:
        held = Membership.objects.filter(project=project, user_id=user.pk).values_list("role", flat=True)
        known[project.pk] = frozenset(held)
    return known[project.pk]


def has_role(user, project: Project, roles: frozenset[str]) -> bool:
    return bool(roles_in(user, project) & roles)


def is_team(user, project: Project) -> bool:
    """Of the vendor's side in this project, or the administrator of the installation."""
    return bool(user.is_authenticated and user.is_administrator) or has_role(user, project, VENDOR_ROLES)


def is_customer(user, project: Project) -> bool:
    return has_role(user, project, CUSTOMER_ROLES)


def is_auditor(user, project: Project) -> bool:
    return has_role(user, project, frozenset({Role.AUDITOR}))


def visible_in(queryset: Rows, user, project: Project) -> Rows:
    """The rows of `project` that exist for `user`, a member: by a plain filter, since the roles are known."""
    rows = queryset.filter(project=project)
    if is_team(user, project):
        return rows
    if is_customer(user, project):
        return rows.filter(audience=Audience.CUSTOMER)
    if is_auditor(user, project):
        return rows.filter(rows.shared_with(user))
    return rows.none()


def sight_of(user, project: Project) -> Callable[[str, bool], bool]:
    """What `visible_in` asks of the database, for rows that are read already: whether one with such an audience, and
    shared for the audit or not, exists for `user`."""
    if is_team(user, project):
        return lambda audience, shared_for_audit: True
    if is_customer(user, project):
        return lambda audience, shared_for_audit: audience == Audience.CUSTOMER
    if is_auditor(user, project):
        return lambda audience, shared_for_audit: shared_for_audit
    return lambda audience, shared_for_audit: False
