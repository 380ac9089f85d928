from django.utils.translation import gettext_lazy as _

from projects.enums import CUSTOMER_ROLES, DELIVERY_TEAM, EVERY_ROLE, VENDOR_ROLES, Role
from projects.models import Project
from projects.rights import Right, Rights, roles
from projects.roles import has_role
from quality.enums import ActionState, CaseKind
from quality.models import (
    Acceptance,
    Audit,
    AuditFinding,
    CorrectiveAction,
    CriteriaSet,
    Defect,
    Execution,
    TestCase,
    TestRun,
)

# Whom a run may name: those who use the system at the customer. The vendor does not pass its own acceptance test.
TESTERS = roles(Role.KEY_USER, Role.REPRESENTATIVE)
# Cases of every other kind the implementation team runs, or whoever of the testers they are given to.
RUNNERS = TESTERS | DELIVERY_TEAM

RIGHTS = Rights(
    _("Quality"),
    {
        "view_quality": Right(_("See test cases, runs and defects shared with one"), EVERY_ROLE),
        "edit_case": Right(_("Write and retire test cases"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT, Role.TESTER)),
        "view_suite": Right(_("See test suites"), VENDOR_ROLES),
        "view_case_versions": Right(_("Read earlier versions of test cases"), VENDOR_ROLES),
        "propose_case": Right(_("Propose test cases"), TESTERS, administrator=False),
        "edit_run": Right(_("Plan, start and finish test runs"), roles(Role.PROJECT_MANAGER, Role.TESTER)),
        "view_import": Right(_("See imported results"), VENDOR_ROLES | CUSTOMER_ROLES),
        "view_import_rows": Right(_("Read what imported tests wrote, and their files"), VENDOR_ROLES),
        "report_import_row": Right(_("Open the defect that an imported row shows"), DELIVERY_TEAM | {Role.CSM}),
        "import_results": Right(_("Import results of tests"), roles(Role.PROJECT_MANAGER, Role.TESTER)),
        "execute_case": Right(_("Run test cases that are not of user acceptance"), RUNNERS, administrator=False),
        "execute_uat_case": Right(_("Run UAT cases"), TESTERS, administrator=False),
        "sign_off_process": Right(_("Sign off business processes of a UAT run"), TESTERS, administrator=False),
        "report_defect": Right(_("Report defects"), DELIVERY_TEAM | CUSTOMER_ROLES | {Role.CSM}),
        "edit_defect": Right(_("Edit and assign defects"), DELIVERY_TEAM),
        "fix_defect": Right(_("Mark defects as fixed"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT, Role.ENGINEER)),
        "settle_defect": Right(_("Decline and defer defects, mark duplicates"), DELIVERY_TEAM),
        "close_defect": Right(
            _("Close fixed and declined defects, reopen them"),
            roles(Role.PROJECT_MANAGER, Role.TESTER, Role.KEY_USER, Role.REPRESENTATIVE),
        ),
        "view_acceptance": Right(_("See acceptance criteria and how they stand"), EVERY_ROLE),
        "edit_criteria": Right(_("Draft acceptance criteria"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT)),
        "send_criteria": Right(_("Send acceptance criteria for signature, reopen them"), roles(Role.PROJECT_MANAGER)),
        "propose_waiver": Right(_("Propose to do without a proof"), roles(Role.PROJECT_MANAGER)),
        "finish_punch_item": Right(_("Say that an item of a punch list is done"), DELIVERY_TEAM | {Role.CSM}),
        "confirm_punch_item": Right(
            _("Confirm for the customer that an item of a punch list is done"), CUSTOMER_ROLES, administrator=False
        ),
        "record_check": Right(
            _("Record what was found for a criterion checked by hand"),
            roles(Role.PROJECT_MANAGER, Role.CONSULTANT, Role.TESTER, Role.REPRESENTATIVE),
        ),
        "request_acceptance": Right(_("Request acceptance"), roles(Role.PROJECT_MANAGER)),
        "view_audit": Right(_("See audits: the team all, others those that concern them"), EVERY_ROLE),
        "view_shared": Right(_("See what is shared for an audit"), VENDOR_ROLES | {Role.AUDITOR}),
        "edit_audit": Right(_("Plan audits, choose what is shared for them"), roles(Role.PROJECT_MANAGER)),
        "make_audit": Right(
            _("Record audit findings, verify corrective actions, report"), roles(Role.AUDITOR), administrator=False
        ),
        "edit_action": Right(_("Plan corrective actions"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT)),
        "report_any_action": Right(_("Report any corrective action as done"), roles(Role.PROJECT_MANAGER)),
    },
)


def can_view_quality(user, obj: Project) -> bool:
    return RIGHTS.allows("view_quality", user, obj)


def can_edit_case(user, obj: Project | TestCase) -> bool:
    return RIGHTS.allows("edit_case", user, obj)


def can_view_suite(user, obj: Project) -> bool:
    return RIGHTS.allows("view_suite", user, obj)


def can_view_case_versions(user, obj: Project | TestCase) -> bool:
    """What a case said before it was shared is the vendor's own."""
    return RIGHTS.allows("view_case_versions", user, obj)


def can_propose_case(user, obj: Project) -> bool:
    return RIGHTS.allows("propose_case", user, obj)


def can_edit_run(user, obj: Project | TestRun) -> bool:
    return RIGHTS.allows("edit_run", user, obj)


def can_view_import(user, obj: Project) -> bool:
    return RIGHTS.allows("view_import", user, obj)


def can_view_import_rows(user, obj: Project) -> bool:
    """What a test wrote while it ran is for those who mend it: the customer sees the counts."""
    return RIGHTS.allows("view_import_rows", user, obj)


def can_report_import_row(user, obj: Project) -> bool:
    return RIGHTS.allows("report_import_row", user, obj)


def can_import_results(user, obj: Project) -> bool:
    return RIGHTS.allows("import_results", user, obj)


def can_execute_case(user, obj: Project | TestRun) -> bool:
    """Whether there may be cases for them in a run; which ones, can_record_result says."""
    return RIGHTS.allows("execute_case", user, obj)


def can_execute_uat_case(user, obj: Project | TestRun) -> bool:
    return RIGHTS.allows("execute_uat_case", user, obj)


def can_record_result(user, execution: Execution) -> bool:
    if execution.case.kind == CaseKind.UAT:
        return can_execute_uat_case(user, execution.run)
    is_given = execution.assigned_to_id is not None and execution.assigned_to_id == user.pk
    return can_execute_case(user, execution.run) and (is_given or has_role(user, execution.run.project, DELIVERY_TEAM))


def can_sign_off(user, obj: Project | TestRun) -> bool:
    return RIGHTS.allows("sign_off_process", user, obj)


def can_report_defect(user, obj: Project) -> bool:
    return RIGHTS.allows("report_defect", user, obj)


def can_edit_defect(user, obj: Project | Defect) -> bool:
    return RIGHTS.allows("edit_defect", user, obj)


def can_fix_defect(user, obj: Project | Defect) -> bool:
    return RIGHTS.allows("fix_defect", user, obj)


def can_settle_defect(user, obj: Project | Defect) -> bool:
    return RIGHTS.allows("settle_defect", user, obj)


def can_close_defect(user, obj: Project | Defect) -> bool:
    return RIGHTS.allows("close_defect", user, obj)


def can_reopen_defect(user, obj: Project | Defect) -> bool:
    return RIGHTS.allows("close_defect", user, obj)


def can_view_acceptance(user, obj: Project) -> bool:
    return RIGHTS.allows("view_acceptance", user, obj)


def can_edit_criteria(user, obj: Project | CriteriaSet) -> bool:
    return RIGHTS.allows("edit_criteria", user, obj)


def can_send_criteria(user, obj: Project | CriteriaSet) -> bool:
    return RIGHTS.allows("send_criteria", user, obj)


def can_reopen_criteria(user, obj: Project | CriteriaSet) -> bool:
    return RIGHTS.allows("send_criteria", user, obj)


def can_propose_waiver(user, obj: Project | Acceptance) -> bool:
    return RIGHTS.allows("propose_waiver", user, obj)


def can_finish_punch_item(user, obj: Project | Acceptance) -> bool:
    return RIGHTS.allows("finish_punch_item", user, obj)


def can_confirm_punch_item(user, obj: Project | Acceptance) -> bool:
    return RIGHTS.allows("confirm_punch_item", user, obj)


def can_record_check(user, obj: Project | CriteriaSet) -> bool:
    return RIGHTS.allows("record_check", user, obj)


def can_request_acceptance(user, obj: Project | Acceptance) -> bool:
    return RIGHTS.allows("request_acceptance", user, obj)


def can_view_audit(user, obj: Project | Audit) -> bool:
    return RIGHTS.allows("view_audit", user, obj)


def can_view_shared(user, obj: Project | Audit) -> bool:
    return RIGHTS.allows("view_shared", user, obj)


def can_edit_audit(user, obj: Project | Audit) -> bool:
    return RIGHTS.allows("edit_audit", user, obj)


def can_make_audit(user, obj: Project | Audit | AuditFinding) -> bool:
    """An auditor of the project; the audits of others do not exist for them (queries.visible_audits)."""
    return RIGHTS.allows("make_audit", user, obj)


def can_edit_action(user, obj: Project | AuditFinding | CorrectiveAction) -> bool:
    return RIGHTS.allows("edit_action", user, obj)


def can_report_action(user, obj: CorrectiveAction) -> bool:
    """Whose it is, and the project manager."""
    is_own = obj.owner_id == user.pk and can_view_audit(user, obj.project)
    return obj.state == ActionState.TO_DO and (is_own or RIGHTS.allows("report_any_action", user, obj))
