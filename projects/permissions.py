from django.utils.translation import gettext_lazy as _

from projects.enums import EVERY_ROLE, VENDOR_ROLES, Role
from projects.models import GateFinding, Phase, Project
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
        "view_gates": Right(
            _("See the gates and the reviews shared with one"),
            VENDOR_ROLES | {Role.SPONSOR, Role.REPRESENTATIVE, Role.AUDITOR},
        ),
        "review_gate": Right(_("Record gate reviews"), roles(Role.PROJECT_MANAGER, Role.EXECUTIVE)),
        "override_gate": Right(_("Open a phase without its gate"), roles(Role.EXECUTIVE)),
        "comment": Right(_("Comment and attach files"), EVERY_ROLE - {Role.EXECUTIVE, Role.AUDITOR}),
        "view_trail": Right(_("Read the audit trail"), VENDOR_ROLES),
        "keep_evidence": Right(_("Say how long files are kept, place and lift a legal hold"), roles()),
        "export_evidence": Right(_("Export all evidence of the project"), roles(Role.PROJECT_MANAGER)),
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


def can_view_gates(user, obj: Project) -> bool:
    return RIGHTS.allows("view_gates", user, obj)


def can_review_gate(user, obj: Project | Phase) -> bool:
    return RIGHTS.allows("review_gate", user, obj)


def can_override_gate(user, obj: Project | Phase) -> bool:
    return RIGHTS.allows("override_gate", user, obj)


def can_finish_gate_action(user, obj: Project | GateFinding) -> bool:
    """Whoever has to do it, and who holds reviews; of a project, whoever sees its gates."""
    if isinstance(obj, GateFinding) and obj.owner_id != user.pk:
        return can_review_gate(user, obj.project)
    return can_view_gates(user, obj if isinstance(obj, Project) else obj.project)


def can_comment(user, obj) -> bool:
    return RIGHTS.allows("comment", user, obj)


def can_view_trail(user, obj: Project) -> bool:
    return RIGHTS.allows("view_trail", user, obj)


def can_export_evidence(user, obj: Project) -> bool:
    return RIGHTS.allows("export_evidence", user, obj)


def can_keep_evidence(user, obj: Project) -> bool:
    """The administrator alone: what is removed does not come back."""
    return RIGHTS.allows("keep_evidence", user, obj)


def can_create_project(user) -> bool:
    """An administrator, and whoever already manages a project for the vendor."""
    return user.is_authenticated and (
        user.is_administrator or user.memberships.filter(role=Role.PROJECT_MANAGER).exists()
    )
