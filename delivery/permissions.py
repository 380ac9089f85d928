from django.utils.translation import gettext_lazy as _

from delivery.models import Task
from projects.enums import EVERY_ROLE, Role
from projects.models import Project
from projects.rights import Right, Rights, roles

RIGHTS = Rights(
    _("Delivery"),
    {
        "view_plan": Right(_("See the plan and the tasks shared with one"), EVERY_ROLE),
        "edit_task": Right(_("Plan and edit tasks"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT)),
        "set_progress": Right(
            _("Record progress"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT, Role.ENGINEER, Role.TESTER)
        ),
    },
)


def can_view_plan(user, obj: Project | Task) -> bool:
    return RIGHTS.allows("view_plan", user, obj)


def can_edit_task(user, obj: Project | Task) -> bool:
    return RIGHTS.allows("edit_task", user, obj)


def can_set_progress(user, obj: Project | Task) -> bool:
    """The team, and whoever owns the task: a customer's task is reported by the customer."""
    return RIGHTS.allows("set_progress", user, obj) or (
        isinstance(obj, Task) and obj.owner_id == user.pk and RIGHTS.allows("view_plan", user, obj)
    )
