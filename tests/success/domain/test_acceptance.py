from datetime import UTC, datetime
from fractions import Fraction

import pytest

from quality.domain import evaluation, facts
from quality.enums import Verdict
from success.domain import snapshots
from tests.projects.factories import ProjectFactory
from tests.quality.factories import CriterionFactory
from tests.success.factories import HealthReportFactory, MonitoredSystemFactory, make_facts, month_of_checks

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


def line(project):
    criterion = CriterionFactory(
        criteria_set__project=project, source="availability", operator="ge", threshold_scaled=999_000, unit="%"
    )
    return evaluation.evaluate_all([criterion], facts.of_scope(project, None))[0]


def report(system, month="2026-08", *, figures=None, **fields):
    given = {} if figures is None else {"figures": snapshots.freeze(figures)}
    return HealthReportFactory(
        project=system.project, system=system, month=month, **{"published": True} | given | fields
    )


def bad_month():
    """August with an outage of two half-hour checks."""
    return make_facts(month_of_checks(down=(500, 501)))


def test_without_a_published_report_there_is_no_data(project):
    report(MonitoredSystemFactory(project=project), published=False)
    assert line(project).verdict == Verdict.NO_DATA


def test_the_latest_published_report_counts(project):
    system = MonitoredSystemFactory(project=project)
    report(system, "2026-07", figures=bad_month())
    latest = report(system, "2026-08")
    found = line(project)
    assert (found.measured.value, found.verdict) == (100, Verdict.MET)
    assert [item.url for item in found.measured.evidence] == [latest.get_absolute_url()]


def test_the_worst_system_counts(project):
    figures = bad_month()
    report(MonitoredSystemFactory(project=project))
    report(MonitoredSystemFactory(project=project), figures=figures)
    found = line(project)
    assert found.measured.value == 100 * Fraction(figures.current.availability) < Fraction("99.9")
    assert found.verdict == Verdict.NOT_MET


def test_a_month_that_is_not_reportable_is_no_data(project):
    hole = [check for check in month_of_checks() if check.at < datetime(2026, 8, 5, tzinfo=UTC)]
    report(MonitoredSystemFactory(project=project), figures=make_facts(hole))
    assert line(project).verdict == Verdict.NO_DATA
