"""Availability as a criterion of acceptance: what the published health reports say."""

from fractions import Fraction

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from quality.domain.criteria import NO_DATA, Evidence, Measured
from quality.domain.facts import ScopeFacts
from quality.enums import CriterionKind, Operator
from quality.models import Criterion
from quality.sources import Source
from success.domain import snapshots
from success.enums import ReportState
from success.models import HealthReport


def measure_availability(facts: ScopeFacts, criterion: Criterion) -> Measured:
    """Return the lowest availability, in percent, that the latest published report of any system of the project gives.

    Published figures never change, so the value does not drift while a signature is pending. No data where nothing is
    published, or where a system's latest month is not reportable. Source: definitions.md, Availability.
    """
    published = HealthReport.objects.filter(state=ReportState.PUBLISHED)
    latest = published.filter(system=OuterRef("system")).order_by("-month").values("pk")[:1]
    reports = published.filter(project=facts.project, pk=Subquery(latest)).select_related("project", "system")
    values, evidence = [], []
    for report in reports.order_by("system__number"):
        frozen = snapshots.thaw(report.figures)
        values.append(frozen.current.availability if frozen.is_reportable else None)
        evidence.append(Evidence(f"{report.system.name} {report.month}", report.get_absolute_url()))
    known = [100 * Fraction(value) for value in values if value is not None]
    if not known or len(known) < len(values):
        return Measured(NO_DATA.value, evidence=tuple(evidence))
    return Measured(min(known), evidence=tuple(evidence))


AVAILABILITY = Source(
    "availability",
    _("Availability in the latest published health report, lowest of all systems"),
    CriterionKind.AVAILABILITY,
    "%",
    Operator.AT_LEAST,
    Fraction("99.9"),
    measure_availability,
)
