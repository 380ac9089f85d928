from django.utils.translation import gettext_lazy as _

from projects.enums import EVERY_ROLE, VENDOR_ROLES, Role
from projects.models import Phase, Project
from projects.rights import Right, Rights, roles

RIGHTS = Rights(
    _("Project"),
    {
        "view_project": Right(_("Open the project"), EVERY_ROLE),
        "view_team": Right(_("See the team"), EVERY_ROLE),
        "edit_project": Right(_("Edit the project's settings"), roles(Role.PROJECT_MANAGER)),
        "edit_team": Right(_("Invite people and give them roles"), roles(Role.PROJECT_MANAGER)),
        "move_phase": Right(_("Start and finish phases"), roles(Role.PROJECT_MANAGER)),
        "tick_phase_item": Right(
            _("Tick check-list items"),
            roles(Role.PROJECT_MANAGER, Role.CONSULTANT, Role.ENGINEER, Role.TESTER),
        ),
        "comment": Right(_("Comment and attach files"), EVERY_ROLE - {Role.EXECUTIVE, Role.AUDITOR}),
        "view_trail": Right(_("Read the audit trail"), VENDOR_ROLES),
    },
)


def can_view_project(user, obj: Project) -> bool:
    return RIGHTS.allows("view_project", user, obj)


def can_view_team(user, obj: Project) -> bool:
    return RIGHTS.allows("view_team", user, obj)


def can_edit_project(user, obj: Project) -> bool:
    return RIGHTS.allows("edit_project", user, obj)


def can_edit_team(user, obj: Project) -> bool:
    return RIGHTS.allows("edit_team", user, obj)


def can_move_phase(user, obj: Project | Phase) -> bool:
    return RIGHTS.allows("move_phase", user, obj)


def can_tick_phase_item(user, obj: Project | Phase) -> bool:
    return RIGHTS.allows("tick_phase_item", user, obj)


def can_comment(user, obj) -> bool:
    return RIGHTS.allows("comment", user, obj)


def can_view_trail(user, obj: Project) -> bool:
    return RIGHTS.allows("view_trail", user, obj)


def can_create_project(user) -> bool:
    """An administrator, and whoever already manages a project for the vendor."""
    return user.is_authenticated and (
        user.is_administrator or user.memberships.filter(role=Role.PROJECT_MANAGER).exists()
    )
