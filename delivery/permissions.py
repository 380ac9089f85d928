from django.utils.translation import gettext_lazy as _

from delivery.enums import WORKERS, Raci
from delivery.models import Deliverable, Task
from projects.enums import DELIVERY_TEAM, EVERY_ROLE, Role
from projects.models import Project
from projects.rights import Right, Rights, roles
from projects.roles import is_customer

RIGHTS = Rights(
    _("Delivery"),
    {
        "view_plan": Right(_("See the plan and the tasks shared with one"), EVERY_ROLE),
        "edit_task": Right(_("Plan and edit tasks"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT)),
        "set_progress": Right(
            _("Record progress"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT, Role.ENGINEER, Role.TESTER)
        ),
        "view_deliverable": Right(_("See the deliverables shared with one"), EVERY_ROLE),
        "edit_deliverable": Right(
            _("Edit the register of deliverables and its RACI matrix"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT)
        ),
        "upload_version": Right(
            _("Upload versions of deliverables and submit them (and whoever works on one)"), DELIVERY_TEAM
        ),
        "review_deliverable": Right(
            _("Review deliverables of others (and whoever is accountable)"), roles(Role.PROJECT_MANAGER)
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


def can_view_deliverable(user, obj: Project | Deliverable) -> bool:
    return RIGHTS.allows("view_deliverable", user, obj)


def can_edit_deliverable(user, obj: Project | Deliverable) -> bool:
    return RIGHTS.allows("edit_deliverable", user, obj)


def can_upload_version(user, obj: Deliverable) -> bool:
    """The team, and whoever is responsible or accountable, of either side."""
    return RIGHTS.allows("upload_version", user, obj) or (
        letter_of(user, obj) in WORKERS and can_view_deliverable(user, obj)
    )


def can_review_deliverable(user, obj: Deliverable) -> bool:
    """The project manager and who is accountable; of the customer also who works on it or is consulted.

    Nobody their own version: that rule is of the domain.
    """
    letter = letter_of(user, obj)
    return RIGHTS.allows("review_deliverable", user, obj) or (
        can_view_deliverable(user, obj)
        and (
            letter == Raci.ACCOUNTABLE
            or (letter in {Raci.RESPONSIBLE, Raci.CONSULTED} and is_customer(user, obj.project))
        )
    )


def letter_of(user, deliverable: Deliverable) -> str:
    """Return what `user` is to the deliverable, "" for nothing; no query where its letters were prefetched."""
    return next((entry.letter for entry in deliverable.raci.all() if entry.person_id == user.pk), "")
