from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import User
from projects.enums import CUSTOMER_ROLES, DELIVERY_TEAM, EVERY_ROLE, VENDOR_ROLES, Role
from tests.access import STRANGERS, Route
from tests.projects.factories import AttachmentFactory
from tests.quality.factories import (
    ActionFactory,
    AuditFactory,
    CaseFactory,
    CaseVersionFactory,
    CriteriaSetFactory,
    CriterionFactory,
    DefectFactory,
    ExecutionFactory,
    FindingFactory,
    ImportedRowFactory,
    ProposalFactory,
    ResultImportFactory,
    RunFactory,
    SuiteFactory,
)
from tests.quality.outcome_routes import OUTCOME_ROUTES
from tests.requirements.factories import RequirementFactory

AUTHORS = {Role.PROJECT_MANAGER, Role.CONSULTANT, Role.TESTER}
PLANNERS = {Role.PROJECT_MANAGER, Role.TESTER}
TESTERS = {Role.KEY_USER, Role.REPRESENTATIVE}
FIXERS = {Role.PROJECT_MANAGER, Role.CONSULTANT, Role.ENGINEER}
CLOSERS = PLANNERS | TESTERS
OUTSIDE_TEAM = EVERY_ROLE - VENDOR_ROLES
AUDITOR = {Role.AUDITOR}


def team_case(project):
    return {"number": CaseFactory(project=project).number}


def kept_case(project):
    version = CaseVersionFactory(case__project=project)
    return {"number": version.case.number, "version": version.number}


def suite(project):
    return {"number": SuiteFactory(project=project, cases=[CaseFactory(project=project)]).number}


def suite_entry(project):
    case = CaseFactory(project=project)
    return {"number": SuiteFactory(project=project, cases=[case]).number, "case_number": case.number}


def team_run(project):
    return {"number": RunFactory(project=project).number}


def shared_execution(project):
    execution = ExecutionFactory(run__project=project)
    return {"number": execution.run.number, "case_number": execution.case.number}


def open_run(project):
    return {"number": ExecutionFactory(run__project=project).run.number}


def proposal(project):
    return {"number": ProposalFactory(project=project).number}


def team_defect(project):
    return {"number": DefectFactory(project=project).number}


def shared_defect(project):
    return {"number": DefectFactory(project=project, shared=True).number}


def shared_fixed_defect(project):
    return {"number": DefectFactory(project=project, shared=True, state="fixed").number}


def team_requirement(project):
    return {"number": RequirementFactory(project=project, audience="team").number}


def agreed_scope(project):
    CriteriaSetFactory(project=project, agreed=True)
    return {"scope": "_project"}


def draft_set(project):
    return {"scope": "_project", "version": CriteriaSetFactory(project=project).version}


def agreed_set(project):
    return {"scope": "_project", "version": CriteriaSetFactory(project=project, agreed=True).version}


def manual_criterion(project):
    criteria_set = CriteriaSetFactory(project=project, agreed=True)
    return agreed_args(criteria_set) | {"position": CriterionFactory(criteria_set=criteria_set).position}


def agreed_args(criteria_set):
    return {"scope": "_project", "version": criteria_set.version}


def failed_row(project):
    """A failed row whose case has no defect yet."""
    row = ImportedRowFactory(result_import__project=project, failed=True)
    return {"number": row.result_import.number, "position": row.position}


def result_import(project):
    """An import with a row of every kind: failed with a test case, and without one."""
    row = ImportedRowFactory(result_import__project=project, failed=True)
    ImportedRowFactory(result_import=row.result_import)
    return {"number": row.result_import.number}


def kept_import(project):
    return {"number": ResultImportFactory(project=project, kept=True).number}


PASSED = {"token": "6f2c1c8e-5b0e-4f0c-9d5c-0a4b8f1f7a10", "case_version": 1, "outcome": "passed"}


def audit_of(project, **fields):
    """An audit of the team, made by the auditors that the project has."""
    auditors = User.objects.filter(memberships__project=project, memberships__role=Role.AUDITOR)
    return AuditFactory(project=project, people=list(auditors), **fields)


def open_audit(project):
    return {"number": audit_of(project).number}


def planned_audit(project):
    return {"number": audit_of(project, state="planned").number}


def reported_audit(project):
    name = default_storage.save("audits/report.pdf", ContentFile(b"%PDF-1.7"))
    return {"number": audit_of(project, state="reported", report=name).number}


def thing_to_share(project):
    return open_audit(project) | {"kind": "quality.defect", "pk": DefectFactory(project=project).pk}


def finding_of(project):
    finding = FindingFactory(audit=audit_of(project))
    return {"number": finding.audit.number, "finding_number": finding.number}


def audit_file_of(project):
    finding = FindingFactory(audit=audit_of(project))
    return {"number": finding.audit.number, "pk": AttachmentFactory(project=project, target=finding).pk}


def action_to_do(project, state="to_do"):
    action = ActionFactory(finding__audit=audit_of(project), state=state)
    finding = action.finding
    return {"number": finding.audit.number, "finding_number": finding.number, "action_number": action.number}


def action_by_id(project):
    return {"pk": ActionFactory(finding__audit=audit_of(project)).pk}


def action_done(project):
    return action_to_do(project, "done")


IMPORT_READERS = VENDOR_ROLES | CUSTOMER_ROLES
AUDIT_READERS = VENDOR_ROLES | AUDITOR
MANAGER = {Role.PROJECT_MANAGER}
ACTION_PLANNERS = {Role.PROJECT_MANAGER, Role.CONSULTANT}

ROUTES = {
    "quality:case_list": Route(EVERY_ROLE),
    "quality:case_create": Route(AUTHORS),
    "quality:case_detail": Route(VENDOR_ROLES, team_case, hidden=OUTSIDE_TEAM),
    "quality:case_edit": Route(AUTHORS, team_case),
    "quality:case_versions": Route(VENDOR_ROLES, team_case),
    "quality:case_version": Route(VENDOR_ROLES, kept_case),
    "quality:suggestion_list": Route(AUTHORS),
    "quality:case_export": Route(EVERY_ROLE, {"suffix": "csv"}),
    "quality:case_import": Route(AUTHORS),
    "quality:case_import_preview": Route(AUTHORS),
    "quality:case_import_apply": Route(AUTHORS, post=True),
    "quality:case_import_discard": Route(AUTHORS, post=True),
    "quality:playbook_cases": Route(AUTHORS),
    "quality:suite_list": Route(VENDOR_ROLES),
    "quality:suite_create": Route(AUTHORS),
    "quality:suite_detail": Route(VENDOR_ROLES, suite),
    "quality:suite_edit": Route(AUTHORS, suite),
    "quality:suite_delete": Route(AUTHORS, suite, post=True),
    "quality:suite_add": Route(AUTHORS, suite),
    "quality:suite_move": Route(AUTHORS, suite_entry, post=True, data={"step": "1"}),
    "quality:suite_remove": Route(AUTHORS, suite_entry, post=True),
    "quality:case_retire": Route(AUTHORS, team_case, post=True),
    "quality:case_restore": Route(AUTHORS, team_case, post=True),
    "quality:run_list": Route(EVERY_ROLE),
    "quality:run_create": Route(PLANNERS),
    "quality:run_detail": Route(VENDOR_ROLES, team_run, hidden=OUTSIDE_TEAM),
    "quality:run_edit": Route(PLANNERS, team_run),
    "quality:run_plan": Route(PLANNERS, team_run),
    "quality:run_start": Route(PLANNERS, team_run, post=True),
    "quality:run_finish": Route(PLANNERS, team_run, post=True),
    "quality:execution": Route(VENDOR_ROLES | CUSTOMER_ROLES, shared_execution, hidden=AUDITOR),
    "quality:execution_record": Route(TESTERS, shared_execution, post=True),
    "quality:execution_send": Route(TESTERS, shared_execution, post=True, data=PASSED),
    "quality:run_work": Route(TESTERS | DELIVERY_TEAM, open_run),
    "quality:run_progress": Route(VENDOR_ROLES, team_run, hidden=OUTSIDE_TEAM),
    "quality:run_sign_off": Route(TESTERS, open_run),
    "quality:proposal_list": Route(EVERY_ROLE),
    "quality:proposal_create": Route(TESTERS),
    "quality:proposal_detail": Route(VENDOR_ROLES | CUSTOMER_ROLES, proposal, hidden=AUDITOR),
    "quality:proposal_complete": Route(AUTHORS, proposal),
    "quality:proposal_decline": Route(AUTHORS, proposal, post=True, data={"reason": "It is CP-001 again"}),
    "quality:work_script": Route(STRANGERS),
    "quality:import_list": Route(IMPORT_READERS),
    "quality:import_create": Route(PLANNERS),
    "quality:import_detail": Route(IMPORT_READERS, result_import),
    "quality:import_file": Route(VENDOR_ROLES, kept_import),
    "quality:import_map": Route(PLANNERS, result_import, post=True),
    "quality:import_defect": Route(DELIVERY_TEAM | {Role.CSM}, failed_row, post=True),
    "quality:traceability": Route(EVERY_ROLE),
    "quality:traceability_xlsx": Route(EVERY_ROLE),
    "quality:traceability_pdf": Route(EVERY_ROLE),
    "quality:defect_list": Route(EVERY_ROLE),
    "quality:defect_create": Route(DELIVERY_TEAM | CUSTOMER_ROLES | {Role.CSM}),
    "quality:defect_detail": Route(VENDOR_ROLES, team_defect, hidden=OUTSIDE_TEAM),
    "quality:defect_edit": Route(DELIVERY_TEAM, team_defect),
    "quality:defect_board": Route(EVERY_ROLE),
    "quality:defect_trend": Route(EVERY_ROLE),
    "quality:defect_fix": Route(FIXERS, team_defect),
    "quality:defect_decline": Route(DELIVERY_TEAM, team_defect),
    "quality:defect_defer": Route(DELIVERY_TEAM, team_defect),
    "quality:defect_duplicate": Route(DELIVERY_TEAM, team_defect),
    "quality:defect_close": Route(CLOSERS, shared_fixed_defect),
    "quality:defect_reopen": Route(CLOSERS, shared_fixed_defect),
    "quality:requirement_cases": Route(VENDOR_ROLES, team_requirement, hidden=OUTSIDE_TEAM),
    "quality:requirement_thread": Route(VENDOR_ROLES, team_requirement, hidden=OUTSIDE_TEAM),
    "quality:acceptance": Route(EVERY_ROLE),
    "quality:acceptance_request": Route({Role.PROJECT_MANAGER}, agreed_scope),
    **OUTCOME_ROUTES,
    "quality:criteria_create": Route({Role.PROJECT_MANAGER, Role.CONSULTANT}),
    "quality:criteria_detail": Route(VENDOR_ROLES | CUSTOMER_ROLES, agreed_set, hidden=AUDITOR),
    "quality:criteria_edit": Route({Role.PROJECT_MANAGER, Role.CONSULTANT}, draft_set),
    "quality:criteria_send": Route({Role.PROJECT_MANAGER}, draft_set),
    "quality:criteria_reopen": Route({Role.PROJECT_MANAGER}, agreed_set, post=True, data={"reason": "More is wanted"}),
    "quality:criterion": Route(VENDOR_ROLES | CUSTOMER_ROLES, manual_criterion, hidden=AUDITOR),
    "quality:audit_list": Route(EVERY_ROLE),
    "quality:audit_create": Route(MANAGER),
    "quality:audit_detail": Route(AUDIT_READERS, open_audit, hidden=CUSTOMER_ROLES),
    "quality:audit_edit": Route(MANAGER, planned_audit),
    "quality:audit_open": Route(MANAGER, planned_audit, post=True),
    "quality:audit_conclude": Route(AUDITOR, open_audit),
    "quality:audit_report": Route(AUDIT_READERS, reported_audit, hidden=CUSTOMER_ROLES),
    "quality:audit_close": Route(AUDITOR, open_audit, post=True),
    "quality:audit_shared": Route(AUDIT_READERS, open_audit),
    "quality:audit_sharing": Route(MANAGER, open_audit),
    "quality:audit_share": Route(MANAGER, thing_to_share, post=True, data={"shared": "1"}),
    "quality:audit_file": Route(AUDIT_READERS, audit_file_of, hidden=CUSTOMER_ROLES),
    "quality:finding_create": Route(AUDITOR, open_audit),
    "quality:finding_detail": Route(AUDIT_READERS, finding_of, hidden=CUSTOMER_ROLES),
    "quality:finding_withdraw": Route(AUDITOR, finding_of, post=True, data={"reason": "The minutes were found"}),
    "quality:finding_close": Route(AUDITOR, finding_of, post=True),
    "quality:action_create": Route(ACTION_PLANNERS, finding_of),
    "quality:corrective_action": Route(AUDIT_READERS, action_by_id, hidden=CUSTOMER_ROLES),
    "quality:action_edit": Route(ACTION_PLANNERS, action_to_do),
    "quality:action_report": Route(MANAGER, action_to_do, post=True, hidden=CUSTOMER_ROLES),
    "quality:action_verify": Route(AUDITOR, action_done, post=True),
    "quality:action_send_back": Route(AUDITOR, action_done, post=True, data={"reason": "No minutes yet"}),
}
