"""What the export of a project's evidence holds of this app: see projects.sections."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.roles import is_team, visible_in
from projects.sections import Section, StoredFile, record_of, safe_path
from success.models import HealthReport, MonitoredSystem


def _more(report: HealthReport, reader: Any) -> dict[str, Any]:
    """Figures and advice; what the customer success manager left out is the team's own."""
    advice = [row for row in report.recommendations.all() if is_team(reader, report.project) or not row.is_left_out]
    return {
        "number": report.document_number,
        "figures": report.figures,
        "recommendations": [record_of(row, reader, report.project, frozenset({"report", "id"})) for row in advice],
    }


def _pdf(report: HealthReport, reader: Any) -> list[StoredFile]:
    if not report.pdf:
        return []
    path = safe_path("reports", f"{report.document_number}.pdf")
    return [StoredFile(path, lambda: report.pdf.open("rb"), report.pdf_sha256)]


SECTIONS = (
    Section(
        "systems",
        _("Monitored systems"),
        lambda reader, project: visible_in(MonitoredSystem.objects.all(), reader, project),
        columns=(
            (_("Name"), "name"),
            (_("Live from"), "live_from"),
            (_("Agreed availability (%)"), "target_percent"),
            (_("Agreed response time (p95, ms)"), "target_p95_ms"),
        ),
    ),
    Section(
        "reports",
        _("Health reports"),
        lambda reader, project: visible_in(
            HealthReport.objects.select_related(
                "project", "system", "submitted_by", "published_by", "acknowledged_by"
            ).prefetch_related("recommendations"),
            reader,
            project,
        ).order_by("month", "system__number"),
        columns=(
            (_("Number"), "document_number"),
            (_("System"), "system.name"),
            (_("Health"), "get_band_display"),
            (_("State"), "get_state_display"),
            (_("Published"), "published_at"),
            (_("Acknowledged by"), "acknowledged_by.name"),
            (_("Summary"), "summary"),
        ),
        more=_more,
        files=_pdf,
    ),
)
