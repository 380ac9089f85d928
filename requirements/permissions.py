from django.utils.translation import gettext_lazy as _

from projects.enums import EVERY_ROLE, Role
from projects.models import Project
from projects.rights import Right, Rights, roles
from requirements.models import Baseline, Objective, Requirement

RIGHTS = Rights(
    _("Requirements"),
    {
        "view_scope": Right(_("See objectives, requirements and baselines"), EVERY_ROLE),
        "edit_objective": Right(_("Add and edit objectives"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT)),
        "edit_requirement": Right(
            _("Add, edit and withdraw requirements"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT)
        ),
        "freeze_baseline": Right(_("Freeze a baseline and send it for signature"), roles(Role.PROJECT_MANAGER)),
        "reopen_baseline": Right(_("Reopen a signed baseline"), roles(Role.PROJECT_MANAGER)),
    },
)


def can_view_scope(user, obj: Project) -> bool:
    return RIGHTS.allows("view_scope", user, obj)


def can_edit_objective(user, obj: Project | Objective) -> bool:
    return RIGHTS.allows("edit_objective", user, obj)


def can_edit_requirement(user, obj: Project | Requirement) -> bool:
    return RIGHTS.allows("edit_requirement", user, obj)


def can_freeze_baseline(user, obj: Project | Baseline) -> bool:
    """Freezing, sending for signature, and giving up what is not signed yet."""
    return RIGHTS.allows("freeze_baseline", user, obj)


def can_reopen_baseline(user, obj: Project | Baseline) -> bool:
    return RIGHTS.allows("reopen_baseline", user, obj)
