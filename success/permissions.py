from django.utils.translation import gettext_lazy as _

from projects.enums import EVERY_ROLE, Role
from projects.rights import Right, Rights, roles

RIGHTS = Rights(
    _("Success"),
    {
        "view_health": Right(_("See monitored systems and published health reports"), EVERY_ROLE),
        "import_checks": Right(_("Import checks"), roles(Role.CSM, Role.PROJECT_MANAGER)),
        "edit_system": Right(
            _("Add systems, set their go-live, targets and maintenance"), roles(Role.CSM, Role.PROJECT_MANAGER)
        ),
        "edit_report": Right(_("Draft health reports, edit their words, submit them for review"), roles(Role.CSM)),
        "publish_report": Right(_("Publish health reports"), roles(Role.CSM)),
        "acknowledge_report": Right(
            _("Acknowledge health reports for the customer"),
            roles(Role.SPONSOR, Role.REPRESENTATIVE),
            administrator=False,
        ),
    },
)
# Whoever may acknowledge a report is told of it.
TOLD_OF_REPORTS = RIGHTS.rights["acknowledge_report"].roles


def can_view_health(user, obj) -> bool:
    return RIGHTS.allows("view_health", user, obj)


def can_import_checks(user, obj) -> bool:
    return RIGHTS.allows("import_checks", user, obj)


def can_edit_system(user, obj) -> bool:
    return RIGHTS.allows("edit_system", user, obj)


def can_edit_report(user, obj) -> bool:
    return RIGHTS.allows("edit_report", user, obj)


def can_publish_report(user, obj) -> bool:
    return RIGHTS.allows("publish_report", user, obj)


def can_acknowledge_report(user, obj) -> bool:
    return RIGHTS.allows("acknowledge_report", user, obj)
