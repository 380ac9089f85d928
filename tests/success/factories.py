import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

import factory
from factory.django import DjangoModelFactory

from projects.enums import Audience
from success.domain import snapshots
from success.domain.figures import month_figures
from success.domain.months import Month
from success.domain.snapshots import Facts
from success.enums import Band, DecisionOwner, Priority, ReportState, Rule
from success.models import Check, CheckImport, HealthReport, MaintenanceWindow, MonitoredSystem, Recommendation
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, numbered
from tests.success.samples import SampleCheck


class MonitoredSystemFactory(DjangoModelFactory):
    class Meta:
        model = MonitoredSystem

    project = factory.SubFactory(ProjectFactory)
    number = numbered(MonitoredSystem)
    name = factory.Sequence(lambda n: f"system-{n}")

    class Params:
        live = factory.Trait(live_from=date(2026, 1, 1))


class CheckImportFactory(DjangoModelFactory):
    class Meta:
        model = CheckImport

    project = factory.SubFactory(ProjectFactory)
    file_name = "checks.csv"
    file = "checks/1/none.csv"
    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    rows_read = rows_new = rows_known = systems_made = 0


class MaintenanceWindowFactory(DjangoModelFactory):
    """A window that counts: agreed, and announced a week before."""

    class Meta:
        model = MaintenanceWindow

    system = factory.SubFactory(MonitoredSystemFactory)
    starts_at = datetime(2026, 8, 9, 1, tzinfo=UTC)
    ends_at = factory.LazyAttribute(lambda window: window.starts_at + timedelta(hours=2))
    announced_at = factory.LazyAttribute(lambda window: window.starts_at - timedelta(days=7))
    agreed_with = "Chen Min"
    reason = "Database upgrade"
    created_by = factory.SubFactory(UserFactory)


def add_checks(system, start, *, every=timedelta(minutes=30), count, down=(), response_ms=lambda n: 200 + n % 100):
    """Record `count` checks of `system`, of which those numbered in `down` failed."""
    record = CheckImportFactory(project=system.project)
    Check.objects.bulk_create(
        Check(
            system=system,
            at=start + n * every,
            is_up=n not in down,
            http_code=504 if n in down else 200,
            response_ms=0 if n in down else response_ms(n),
            imported_by=record,
        )
        for n in range(count)
    )


def month_of_checks(month="2026-08", *, down=(), every=timedelta(minutes=30), response_ms=lambda n: 200 + n % 100):
    """Checks that watch a month of UTC from its first to its last second; those numbered in `down` failed."""
    window = Month.parse(month).span("UTC")
    count = window.length // every + 1
    return [
        SampleCheck(window.start + n * every, n not in down, 0 if n in down else response_ms(n)) for n in range(count)
    ]


def make_facts(checks=None, *, before=None, maintenance=(), month="2026-08", **agreed):
    """Facts of a month of UTC: all well unless told otherwise."""
    period = Month.parse(month)
    current = month_figures(month_of_checks(month) if checks is None else checks, maintenance, month=period, zone="UTC")
    previous = month_figures(before, [], month=period.previous, zone="UTC") if before else None
    given = {"system": "erp", "target_percent": Decimal("99.9"), "target_p95_ms": None}
    given |= {"coverage_floor_percent": Decimal(95), **agreed}
    return Facts(current=current, previous=previous, **given)


@cache
def good_figures(month):
    return snapshots.freeze(make_facts(month=month))


class HealthReportFactory(DjangoModelFactory):
    """The draft of a good month."""

    class Meta:
        model = HealthReport
        skip_postgeneration_save = True

    system = factory.SubFactory(MonitoredSystemFactory, live=True)
    project = factory.LazyAttribute(lambda report: report.system.project)
    month = "2026-08"
    language = factory.LazyAttribute(lambda report: report.project.language)
    figures = factory.LazyAttribute(lambda report: good_figures(report.month))
    band = Band.GOOD
    summary = "A quiet month."

    class Params:
        in_review = factory.Trait(
            state=ReportState.IN_REVIEW,
            submitted_at=datetime(2026, 9, 2, tzinfo=UTC),
            submitted_by=factory.SubFactory(UserFactory),
        )
        published = factory.Trait(
            in_review=True,
            state=ReportState.PUBLISHED,
            audience=Audience.CUSTOMER,
            published_at=datetime(2026, 9, 3, tzinfo=UTC),
            published_by=factory.SubFactory(UserFactory),
        )
        acknowledged = factory.Trait(
            published=True,
            acknowledged_at=datetime(2026, 9, 4, tzinfo=UTC),
            acknowledged_by=factory.SubFactory(UserFactory, of_customer=True),
        )


class RecommendationFactory(DjangoModelFactory):
    class Meta:
        model = Recommendation

    report = factory.SubFactory(HealthReportFactory)
    position = 1
    rule = Rule.LONG_TAIL
    priority = Priority.MEDIUM
    figures = factory.LazyFunction(lambda: {"p50_ms": 200, "p99_ms": 900, "n": 2000})
    text = "Look for slow queries."
    decided_by = DecisionOwner.VENDOR
