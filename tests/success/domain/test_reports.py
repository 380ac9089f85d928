from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction

from audit.domain import trail
from notices.models import Message
from projects.enums import Audience, ProjectState, Role
from success import tasks
from success.domain import reports, snapshots
from success.domain.errors import AlreadyAcknowledged, MonthNotClosed, MoveNotAllowed, NotLive
from success.domain.months import Month
from success.enums import Band, ReportState, Rule
from success.models import HealthReport
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, member
from tests.success.factories import HealthReportFactory, MonitoredSystemFactory, RecommendationFactory, add_checks

pytestmark = pytest.mark.django_db
AUGUST = Month(2026, 8)
DUE = datetime(2026, 8, 31, 18, tzinfo=UTC)  # 02:00 on 1 September in Shanghai
WORDS = {"text": "Move the backup.", "decided_by": "customer", "decide_on": date(2026, 9, 15), "is_left_out": True}


@pytest.fixture
def system():
    system = MonitoredSystemFactory(live=True)
    add_checks(system, datetime(2026, 7, 31, 16, tzinfo=UTC), count=31 * 48 + 1, down=[100, 101])
    return system


def test_draft_report_freezes_figures_words_and_recommendations(system):
    report = reports.draft_report(system.pk, AUGUST, now=DUE)

    facts = snapshots.thaw(report.figures)
    assert (facts.current.outage, facts.current.outages_started) == (timedelta(hours=1), 1)
    assert (report.state, report.audience, report.band) == (ReportState.DRAFT, Audience.TEAM, Band.POOR)
    assert report.summary.startswith("Availability was 99.86 %, below the agreed 99.9 %.")
    assert [item.rule for item in report.recommendations.all()] == [Rule.TARGET_MISSED]
    (entry,) = trail.entries_for(report)
    assert entry.action == "draft"
    assert entry.facts["availability_percent"] == "99.8655"
    assert "figures" not in entry.changes


def test_draft_report_is_made_once_and_keeps_its_figures(system):
    first = reports.draft_report(system.pk, AUGUST, now=DUE)
    add_checks(system, datetime(2026, 9, 1, tzinfo=UTC), count=3)
    system.target_percent = 50
    system.save()
    assert reports.draft_report(system.pk, AUGUST, now=DUE) == first
    assert HealthReport.objects.get().figures == first.figures


def test_draft_report_takes_the_month_before_from_its_own_report(system):
    HealthReportFactory(system=system, month="2026-07")
    facts = snapshots.thaw(reports.draft_report(system.pk, AUGUST, now=DUE).figures)
    assert facts.previous.response.n == 31 * 48


def test_draft_report_speaks_the_language_of_the_project():
    report = reports.draft_report(MonitoredSystemFactory(live=True, project__language="zh-hans").pk, AUGUST, now=DUE)
    assert (report.language, report.band) == ("zh-hans", Band.UNRATED)


def test_draft_report_refuses_a_month_before_go_live():
    with pytest.raises(NotLive):
        reports.draft_report(MonitoredSystemFactory(live_from=date(2026, 9, 1)).pk, AUGUST, now=DUE)
    with pytest.raises(NotLive):
        reports.draft_report(MonitoredSystemFactory().pk, AUGUST, now=DUE)


def test_draft_report_refuses_a_month_that_is_not_over(system):
    with pytest.raises(MonthNotClosed):
        reports.draft_report(system.pk, AUGUST, now=DUE - timedelta(seconds=1))


def test_database_refuses_a_second_report_of_system_and_month():
    report = HealthReportFactory()
    with pytest.raises(IntegrityError):
        HealthReportFactory(system=report.system)


def test_due_systems_are_live_ones_whose_zone_has_passed_two_on_the_first():
    shanghai = MonitoredSystemFactory(live_from=date(2026, 8, 31))
    london = MonitoredSystemFactory(live=True, project__customer__time_zone="Europe/London")
    MonitoredSystemFactory(live_from=date(2026, 9, 1))
    MonitoredSystemFactory()
    MonitoredSystemFactory(live=True, project=ProjectFactory(state=ProjectState.CLOSED))
    HealthReportFactory(system=london, month="2026-07")
    reported = HealthReportFactory(month="2026-08").system
    HealthReportFactory(system=shanghai, month="2026-07")

    assert reports.due_systems(DUE) == [shanghai.pk]
    assert reports.due_systems(DUE + timedelta(hours=7)) == [shanghai.pk, london.pk]
    assert reported.pk not in reports.due_systems(DUE)


def test_draft_due_reports_makes_one_report_however_often_it_runs(system, settings, monkeypatch):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    monkeypatch.setattr("success.tasks.timezone.now", lambda: DUE)
    monkeypatch.setattr(tasks, "enqueue", lambda task, *args: task(*args))
    tasks.draft_due_reports()
    tasks.draft_due_reports()
    tasks.draft_report(system.pk)
    assert HealthReport.objects.get().month == "2026-08"


@pytest.mark.parametrize("name", sorted(reports.MOVES))
@pytest.mark.parametrize("traits", [{}, {"in_review": True}, {"published": True}])
def test_moves_are_refused_from_every_other_state(name, traits):
    report = HealthReportFactory(**traits)
    move = {"submit": reports.submit_report, "send_back": reports.send_back_report, "publish": reports.publish_report}
    sources, target = reports.MOVES[name]
    if report.state in sources:
        assert move[name](report.pk, by=UserFactory()).state == target
    else:
        with pytest.raises(MoveNotAllowed):
            move[name](report.pk, by=UserFactory())
    report.refresh_from_db()  # the constraints held


def test_send_back_report_forgets_who_submitted_it():
    report = reports.send_back_report(HealthReportFactory(in_review=True).pk, by=UserFactory())
    assert (report.submitted_at, report.submitted_by) == (None, None)


def test_publish_report_shows_it_to_the_customer_and_tells_each_reader_once():
    report = HealthReportFactory(in_review=True)
    sponsor = member(report.project, Role.SPONSOR, Role.REPRESENTATIVE)
    member(report.project, Role.KEY_USER)
    member(report.project, Role.SPONSOR, is_active=False, deactivated_at=DUE)

    published = reports.publish_report(report.pk, by=UserFactory())

    assert published.audience == Audience.CUSTOMER
    mail, notice = Message.objects.order_by("channel")
    assert (mail.recipient, notice.recipient) == (sponsor, sponsor)
    assert notice.subject == f"Health report August 2026 for {report.system.name}"
    assert notice.url == report.get_absolute_url()


def test_publish_report_shares_it_with_auditors_as_its_system_is():
    report = HealthReportFactory(in_review=True, system__shared_for_audit=True)
    assert reports.publish_report(report.pk, by=UserFactory()).shared_for_audit
    assert not reports.publish_report(HealthReportFactory(in_review=True).pk, by=UserFactory()).shared_for_audit


def test_acknowledge_report_records_the_person_and_tells_the_publisher():
    report = HealthReportFactory(published=True)
    sponsor = member(report.project, Role.SPONSOR)
    reports.acknowledge_report(report.pk, by=sponsor)

    report.refresh_from_db()
    assert report.acknowledged_by == sponsor
    assert {message.recipient for message in Message.objects.all()} == {report.published_by}
    with pytest.raises(AlreadyAcknowledged, match=sponsor.name):
        reports.acknowledge_report(report.pk, by=member(report.project, Role.REPRESENTATIVE))


@pytest.mark.parametrize("traits", [{}, {"in_review": True}])
def test_acknowledge_report_refuses_what_is_not_published(traits):
    with pytest.raises(MoveNotAllowed):
        reports.acknowledge_report(HealthReportFactory(**traits).pk, by=UserFactory())


def test_edit_words_changes_words_and_no_figure():
    line = RecommendationFactory()
    report, person = line.report, UserFactory()
    reports.edit_words(report.pk, summary="All well.", advice={line.pk: WORDS}, by=person)

    report.refresh_from_db()
    line.refresh_from_db()
    assert report.summary == "All well."
    assert {name: getattr(line, name) for name in WORDS} == WORDS
    assert line.figures == RecommendationFactory.build(report=None).figures
    assert [entry.changes for entry in trail.entries_for(report)] == [{"summary": ["A quiet month.", "All well."]}]


def test_edit_words_refuses_a_published_report():
    with pytest.raises(MoveNotAllowed):
        reports.edit_words(HealthReportFactory(published=True).pk, summary="Better.", advice={}, by=UserFactory())


def test_edit_words_leaves_the_recommendations_of_other_reports_alone():
    other = RecommendationFactory()
    reports.edit_words(HealthReportFactory().pk, summary="x", advice={other.pk: WORDS}, by=UserFactory())
    other.refresh_from_db()
    assert other.text == "Look for slow queries."


def test_take_figures_anew_is_on_record_and_only_for_drafts(system):
    report = reports.draft_report(system.pk, AUGUST, now=DUE)
    system.checks.filter(is_up=False).delete()
    anew = reports.take_figures_anew(report.pk, by=UserFactory())

    assert anew.band == Band.GOOD
    assert not anew.recommendations.exists()
    entry = trail.entries_for(report).order_by("number").last()
    assert entry.facts["before"]["availability_percent"] == "99.8655"
    assert entry.facts["after"]["availability_percent"] == "100.0000"
    with pytest.raises(MoveNotAllowed):
        reports.take_figures_anew(HealthReportFactory(in_review=True).pk, by=UserFactory())


def test_print_report_keeps_one_pdf_of_a_published_report():
    report = HealthReportFactory(published=True)
    assert reports.unprinted_reports() == [report.pk]
    reports.print_report(report.pk)
    reports.print_report(report.pk)

    report.refresh_from_db()
    assert reports.unprinted_reports() == []
    assert reports.pdf_of(report).startswith(b"%PDF")
    assert [entry.action for entry in trail.entries_for(report)] == ["print"]


def test_print_report_leaves_drafts_alone():
    report = HealthReportFactory(in_review=True)
    reports.print_report(report.pk)
    report.refresh_from_db()
    assert report.pdf == ""


def test_pdf_of_a_published_report_needs_no_worker():
    report = HealthReportFactory(published=True)
    first = reports.pdf_of(report)
    assert reports.pdf_of(HealthReport.objects.get(pk=report.pk)) == first


@pytest.mark.parametrize(
    ("traits", "changes", "constraint"),
    [
        ({}, {"submitted_at": DUE}, "success_healthreport_submission_matches_state"),
        ({}, {"audience": Audience.CUSTOMER}, "success_healthreport_publication_matches_state"),
        ({"published": True}, {"audience": Audience.TEAM}, "success_healthreport_publication_matches_state"),
        ({"published": True}, {"acknowledged_at": DUE}, "success_healthreport_acknowledgement_has_person"),
        ({"published": True}, {"pdf": "x.pdf"}, "success_healthreport_pdf_has_hash"),
    ],
)
def test_database_keeps_state_and_what_goes_with_it_together(traits, changes, constraint):
    report = HealthReportFactory(**traits)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        HealthReport.objects.filter(pk=report.pk).update(**changes)


@pytest.mark.django_db(transaction=True)
def test_draft_report_at_the_same_time_makes_one(system):
    barrier, made = Barrier(2), []

    def work():
        barrier.wait()
        try:
            made.append(reports.draft_report(system.pk, AUGUST, now=DUE).pk)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert set(made) == set(HealthReport.objects.values_list("pk", flat=True))
    assert len(set(made)) == 1
