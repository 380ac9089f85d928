"""The life of a monthly health report: drafted by the clock, edited, reviewed, published, acknowledged.

The figures are frozen in the draft. They are taken anew only while it is one, on request and on record; the words can
be edited until it is published.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import User
from audit.domain import trail
from common.tasks import enqueue
from notices.domain import outbox
from projects.enums import Audience, ProjectState
from success import tasks
from success.domain import bands, documents, queries, recommendations, snapshots, words
from success.domain.errors import AlreadyAcknowledged, MonthNotClosed, MoveNotAllowed, NotLive
from success.domain.months import Month, closed_month
from success.domain.snapshots import Facts
from success.enums import ReportState
from success.models import HealthReport, MonitoredSystem, Recommendation
from success.permissions import TOLD_OF_REPORTS

MOVES = {  # every legal move: name -> (states it starts from, state it ends in)
    "submit": ({ReportState.DRAFT}, ReportState.IN_REVIEW),
    "send_back": ({ReportState.IN_REVIEW}, ReportState.DRAFT),
    "publish": ({ReportState.IN_REVIEW}, ReportState.PUBLISHED),
}


def due_systems(now: datetime) -> list[int]:
    """Return the systems whose last closed month has no report yet although they were live in it.

    A month is closed at 02:00 on the 1st in the customer's zone.
    """
    live = MonitoredSystem.objects.exclude(live_from=None).exclude(project__state=ProjectState.CLOSED)
    months = {
        system.pk: closed_month(now, system.project.time_zone)
        for system in live.select_related("project__customer")
        if system.live_from and system.live_from <= closed_month(now, system.project.time_zone).last_day
    }
    made = HealthReport.objects.filter(system__in=months, month__in={str(month) for month in months.values()})
    reported = set(made.values_list("system_id", "month"))
    return [system for system, month in months.items() if (system, str(month)) not in reported]


def draft_last_month(system_id: int, *, now: datetime) -> HealthReport:
    """Draft the report of the last closed month; the one that is there already is returned as it is."""
    system = MonitoredSystem.objects.select_related("project__customer").get(pk=system_id)
    return draft_report(system_id, closed_month(now, system.project.time_zone), now=now)


@transaction.atomic
def draft_report(system_id: int, month: Month, *, now: datetime, by: User | None = None) -> HealthReport:
    """Make the report of a system and month, or return the one there is: exactly one, however often this is called.

    Raises NotLive for a month before the system's go-live, MonthNotClosed for one that is not over.
    """
    # The lock makes a second caller wait and then find the first one's report.
    locked = MonitoredSystem.objects.select_for_update(of=("self",)).select_related("project__customer")
    system = locked.get(pk=system_id)
    existing = HealthReport.objects.filter(system=system, month=str(month)).first()
    if existing:
        return existing
    if system.live_from is None or system.live_from > month.last_day:
        raise NotLive(system=system.name, month=str(month))
    if month > closed_month(now, system.project.time_zone):
        raise MonthNotClosed(month=str(month))
    report = HealthReport(
        project=system.project, system=system, month=str(month), language=system.project.language, created_at=now
    )
    _write_figures(report, gather_facts(system, month))
    trail.record("draft", report, by=by, before={}, facts=_headline(report))
    return report


@transaction.atomic
def take_figures_anew(report_id: int, *, by: User) -> HealthReport:
    """Compute the figures of a draft again, say after a late import, and write its words anew.

    Raises MoveNotAllowed once it has been submitted: what people review and read does not change under them.
    """
    report = _locked(report_id)
    if report.state != ReportState.DRAFT:
        raise _refusal(report)
    old = _headline(report)
    report.recommendations.all().delete()
    _write_figures(report, gather_facts(report.system, Month.parse(report.month)))
    trail.record("take_figures_anew", report, by=by, facts={"before": old, "after": _headline(report)})
    return report


@transaction.atomic
def edit_words(report_id: int, *, summary: str, advice: dict[int, dict[str, Any]], by: User) -> HealthReport:
    """Replace the summary, and of each recommendation (by its id) text, decider, date and whether it is left out.

    Raises MoveNotAllowed once it is published.
    """
    report = _locked(report_id)
    if report.state == ReportState.PUBLISHED:
        raise _refusal(report)
    report.summary = summary
    trail.save(report, by=by)
    for recommendation in report.recommendations.filter(pk__in=advice):
        for name, value in advice[recommendation.pk].items():
            setattr(recommendation, name, value)
        trail.save(recommendation, by=by)
    return report


@transaction.atomic
def submit_report(report_id: int, *, by: User) -> HealthReport:
    """Hand a draft over for review."""
    report, before = _move(report_id, "submit")
    report.submitted_at, report.submitted_by = timezone.now(), by
    report.save()
    trail.record("submit", report, by=by, before=before)
    return report


@transaction.atomic
def send_back_report(report_id: int, *, by: User) -> HealthReport:
    """Make a draft of it again."""
    report, before = _move(report_id, "send_back")
    report.submitted_at = report.submitted_by = None
    report.save()
    trail.record("send_back", report, by=by, before=before)
    return report


@transaction.atomic
def publish_report(report_id: int, *, by: User) -> HealthReport:
    """Show a reviewed report to the customer, whose sponsor and representatives are told, each once.

    Auditors see the reports of the systems that are shared with them.
    """
    report, before = _move(report_id, "publish")
    report.published_at, report.published_by, report.audience = timezone.now(), by, Audience.CUSTOMER
    report.shared_for_audit = report.system.shared_for_audit
    report.save()
    trail.record("publish", report, by=by, before=before)
    for person in _readers(report):
        _tell(person, "report_published", report)
    enqueue(tasks.print_report, report.pk)
    return report


@transaction.atomic
def acknowledge_report(report_id: int, *, by: User) -> HealthReport:
    """Record that the customer has taken note of a published report, and tell the person who published it."""
    report = _locked(report_id)
    if report.state != ReportState.PUBLISHED:
        raise _refusal(report)
    if report.acknowledged_at:
        raise AlreadyAcknowledged(person=str(report.acknowledged_by))
    before = trail.snapshot(report)
    report.acknowledged_at, report.acknowledged_by = timezone.now(), by
    report.save()
    trail.record("acknowledge", report, by=by, before=before)
    if report.published_by:
        _tell(report.published_by, "report_acknowledged", report)
    return report


@transaction.atomic
def print_report(report_id: int) -> None:
    """Print and keep the PDF of a published report: once, however often this is called."""
    report = _locked(report_id)
    if report.state != ReportState.PUBLISHED or report.pdf:
        return
    content = documents.print_pdf(report)
    digest = hashlib.sha256(content).hexdigest()
    name = f"health/{report.pk}/{digest}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    report.pdf.name, report.pdf_sha256 = name, digest
    report.save(update_fields=["pdf", "pdf_sha256"])
    trail.record("print", report, facts={"sha256": digest})


def pdf_of(report: HealthReport) -> bytes:
    """Return the PDF: the kept one of a published report, printed now if no worker has yet; a fresh one of a draft."""
    if report.state != ReportState.PUBLISHED:
        return documents.print_pdf(report)
    if not report.pdf:
        print_report(report.pk)
        report.refresh_from_db()
    with report.pdf.open("rb") as file:
        return file.read()


def unprinted_reports() -> list[int]:
    """Return the ids of the published reports whose PDF is not there yet."""
    return list(HealthReport.objects.filter(state=ReportState.PUBLISHED, pdf="").values_list("pk", flat=True))


def gather_facts(system: MonitoredSystem, month: Month) -> Facts:
    """Return what a report says, from the checks and what is agreed now.

    The month before is what its own report froze; only without one is it computed.
    """
    zone = system.project.time_zone
    earlier = HealthReport.objects.filter(system=system, month=str(month.previous)).first()
    if earlier:
        previous = snapshots.thaw(earlier.figures).current
    else:
        previous = queries.figures_of(system, month.previous, zone=zone)
    return Facts(
        system=system.name,
        target_percent=system.target_percent,
        target_p95_ms=system.target_p95_ms,
        coverage_floor_percent=system.coverage_floor_percent,
        current=queries.figures_of(system, month, zone=zone),
        previous=previous if previous.measured else None,
    )


def _write_figures(report: HealthReport, facts: Facts) -> None:
    report.figures, report.band = snapshots.freeze(facts), bands.band_for(facts)
    with translation.override(report.language):
        report.summary = words.summary(facts)
        report.save()
        Recommendation.objects.bulk_create(
            Recommendation(
                report=report,
                position=position,
                rule=advice.rule,
                priority=advice.priority,
                figures=advice.figures,
                text=words.advice(advice.rule, advice.figures, facts.current.zone),
                decided_by=advice.decided_by,
            )
            for position, advice in enumerate(recommendations.advise(facts), start=1)
        )


def _headline(report: HealthReport) -> dict[str, Any]:
    """Return what the trail keeps of the figures: the few that count, and a hash of all."""
    current = snapshots.thaw(report.figures).current
    return {
        "availability_percent": words.percent(current.availability, 4),
        "outage_s": current.outage.total_seconds(),
        "figures_sha256": hashlib.sha256(snapshots.canonical(report.figures)).hexdigest(),
    }


def _move(report_id: int, name: str) -> tuple[HealthReport, dict[str, Any]]:
    """Lock the report, check the move and set the new state; return it with what it was. The caller saves."""
    report = _locked(report_id)
    sources, target = MOVES[name]
    if report.state not in sources:
        raise _refusal(report)
    before = trail.snapshot(report)
    report.state = target
    return report, before


def _locked(report_id: int) -> HealthReport:
    locked = HealthReport.objects.select_for_update(of=("self",))
    return locked.select_related("project__customer", "system__project__customer").get(pk=report_id)


def _refusal(report: HealthReport) -> MoveNotAllowed:
    return MoveNotAllowed(report=str(report), state=report.get_state_display())


def _readers(report: HealthReport):
    people = User.objects.filter(memberships__project=report.project, memberships__role__in=TOLD_OF_REPORTS)
    return people.filter(is_active=True).distinct().order_by("pk")


def _tell(person: User, template: str, report: HealthReport) -> None:
    outbox.tell(
        person,
        f"success/mails/{template}",
        {"report": report, "month": Month.parse(report.month).first_day},
        url=report.get_absolute_url(),
        key=f"health-report:{report.pk}:{template}",
        project_id=report.project_id,
    )
