from projects.enums import CUSTOMER_ROLES, EVERY_ROLE, VENDOR_ROLES, Role
from tests.access import SIGNED_IN, VENDOR, Route
from tests.success.factories import HealthReportFactory, MaintenanceWindowFactory, MonitoredSystemFactory

CSM = {Role.CSM}
OPERATORS = {Role.CSM, Role.PROJECT_MANAGER}
OTHERS = CUSTOMER_ROLES | {Role.AUDITOR}  # for whom what is not shared does not exist


def system(project):
    return {"number": MonitoredSystemFactory(project=project).number}


def window(project):
    row = MaintenanceWindowFactory(system__project=project)
    return {"number": row.system.number, "pk": row.pk}


def report(**traits):
    def make(project):
        row = HealthReportFactory(system__project=project, **traits)
        return {"number": row.system.number, "month": row.month}

    return make


def month(project):
    return {**system(project), "month": "2026-08"}


ROUTES = {
    "success:customer_list": Route(VENDOR),
    "success:report_list": Route(SIGNED_IN),
    "success:system_list": Route(EVERY_ROLE),
    "success:project_report_list": Route(EVERY_ROLE),
    "success:check_import": Route(OPERATORS),
    "success:system_detail": Route(VENDOR_ROLES, system, hidden=OTHERS),
    "success:system_create": Route(OPERATORS),
    "success:system_edit": Route(OPERATORS, system),
    "success:maintenance_create": Route(OPERATORS, system),
    "success:maintenance_delete": Route(OPERATORS, window, post=True),
    "success:report_detail": Route(EVERY_ROLE - {Role.AUDITOR}, report(published=True), hidden={Role.AUDITOR}),
    "success:report_pdf": Route(VENDOR_ROLES, report(), hidden=OTHERS),
    "success:report_edit": Route(CSM, report()),
    "success:report_draft": Route(CSM, month, post=True),
    "success:report_figures": Route(CSM, report(), post=True),
    "success:report_submit": Route(CSM, report(), post=True),
    "success:report_send_back": Route(CSM, report(in_review=True), post=True),
    "success:report_publish": Route(CSM, report(in_review=True), post=True),
    "success:report_acknowledge": Route({Role.SPONSOR, Role.REPRESENTATIVE}, report(published=True), post=True),
}
