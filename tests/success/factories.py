import hashlib
from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from success.models import Check, CheckImport, MaintenanceWindow, MonitoredSystem
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory


class MonitoredSystemFactory(DjangoModelFactory):
    class Meta:
        model = MonitoredSystem

    project = factory.SubFactory(ProjectFactory)
    number = factory.Sequence(lambda n: n + 1)
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
