"""Who may do what outside projects. Rights inside a project come from its roles: see projects/permissions.py."""

from accounts.models import User


def can_view_people(user) -> bool:
    """People and organisations of all customers: the vendor's people only."""
    return user.is_authenticated and user.is_active and (user.is_administrator or user.is_of_vendor)


def can_manage_people(user) -> bool:
    """Invite, edit and deactivate people, add and edit organisations."""
    return user.is_authenticated and user.is_active and user.is_administrator


def can_use_own_account(user: User) -> bool:
    return user.is_authenticated and user.is_active
