"""Which items of punch lists wait for a person: those they own, and those that they confirm for the customer."""

from django.db.models import QuerySet

from accounts.models import User
from projects.enums import Role
from quality.models import PunchItem


def owned_by(user: User) -> QuerySet[PunchItem]:
    return PunchItem.objects.in_force().to_do().filter(owner=user)


def to_be_confirmed_by(user: User) -> QuerySet[PunchItem]:
    represented = user.memberships.filter(role__in=[Role.SPONSOR, Role.REPRESENTATIVE]).values("project")
    return PunchItem.objects.in_force().to_confirm().filter(acceptance__project__in=represented)
