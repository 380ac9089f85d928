from django.urls import path, register_converter

from success.views import customers, imports, reports, systems


class MonthConverter:
    """A month in a URL, 2026-08; it stays text."""

    regex = "20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value) -> str:
        return str(value)


register_converter(MonthConverter, "month")

PROJECT = "projects/<str:project_key>/health/"
SYSTEM = f"{PROJECT}<int:number>/"
REPORT = f"{SYSTEM}<month:month>/"

app_name = "success"
urlpatterns = [
    path("customers/health/", customers.customer_list, name="customer_list"),
    path("health-reports/", reports.report_list, name="report_list"),
    path(PROJECT, systems.system_list, name="system_list"),
    path(f"{PROJECT}new/", systems.system_create, name="system_create"),
    path(f"{PROJECT}import/", imports.check_import, name="check_import"),
    path(f"{PROJECT}reports/", reports.project_report_list, name="project_report_list"),
    path(SYSTEM, systems.system_detail, name="system_detail"),
    path(f"{SYSTEM}settings/", systems.system_edit, name="system_edit"),
    path(f"{SYSTEM}maintenance/", systems.maintenance_create, name="maintenance_create"),
    path(f"{SYSTEM}maintenance/<int:pk>/delete/", systems.maintenance_delete, name="maintenance_delete"),
    path(REPORT, reports.report_detail, name="report_detail"),
    path(f"{REPORT}draft/", reports.report_draft, name="report_draft"),
    path(f"{REPORT}pdf/", reports.report_pdf, name="report_pdf"),
    path(f"{REPORT}edit/", reports.report_edit, name="report_edit"),
    path(f"{REPORT}figures/", reports.report_figures, name="report_figures"),
    path(f"{REPORT}submit/", reports.report_submit, name="report_submit"),
    path(f"{REPORT}send-back/", reports.report_send_back, name="report_send_back"),
    path(f"{REPORT}publish/", reports.report_publish, name="report_publish"),
    path(f"{REPORT}acknowledge/", reports.report_acknowledge, name="report_acknowledge"),
]
