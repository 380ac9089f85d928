"""Reads that several callers share."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.models import User
from projects.enums import CUSTOMER_ROLES, VENDOR_ROLES, Role
from projects.models import Project


def people_of(project: Project) -> QuerySet[User]:
    """Return the people of the project who can still sign in: those whom something can be given to."""
    return User.objects.filter(is_active=True, memberships__project=project).distinct().order_by("name")


@dataclass
class Member:
    """A person of a project with all the roles held there."""

    user: User
    roles: list[Role] = field(default_factory=list)


@dataclass(frozen=True)
class Side:
    """The people of one side: "vendor", "customer" or "auditor"."""

    name: str
    members: list[Member]


def members_of(project: Project) -> list[Member]:
    """Return everybody in the project, in the order of their highest role. One query."""
    order = list(Role)
    found: dict[int, Member] = {}
    memberships = project.memberships.select_related("user__organisation")
    for membership in sorted(memberships, key=lambda row: (order.index(Role(row.role)), row.user.name)):
        found.setdefault(membership.user_id, Member(membership.user)).roles.append(Role(membership.role))
    return list(found.values())


def members_by_side(project: Project) -> list[Side]:
    """Return the people of the project by side: vendor, customer, auditors; a side without people is left out."""
    sides = (("vendor", VENDOR_ROLES), ("customer", CUSTOMER_ROLES), ("auditor", frozenset({Role.AUDITOR})))
    members = members_of(project)
    grouped = [Side(name, [member for member in members if member.roles[0] in roles]) for name, roles in sides]
    return [side for side in grouped if side.members or side.name != "auditor"]
