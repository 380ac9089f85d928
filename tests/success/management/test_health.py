import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from success.domain import imports
from tests.projects.factories import ProjectFactory
from tests.success.factories import MaintenanceWindowFactory, MonitoredSystemFactory, add_checks
from tests.success.samples import DATA, expected_months

pytestmark = pytest.mark.django_db
KEYS = [
    "availability_percent", "reportable", "outage_s", "maintenance_s", "unknown_s", "coverage_percent",
    "outages", "p50_ms", "p95_ms", "p99_ms", "max_ms", "n",
]  # fmt: skip


def run(capsys, project, system, month="2026-08", *options):
    call_command("health", project.key, system, "--month", month, *options)
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def sampled():
    project = ProjectFactory(customer__time_zone="Asia/Shanghai")
    imports.import_checks(project, (DATA / "checks.csv").read_bytes(), file_name="checks.csv")
    return project


def test_health_agrees_with_the_sample_data(capsys, sampled):
    for row in expected_months():
        answer = run(capsys, sampled, row["service"], row["month"], "--zone", row["timezone"])
        assert list(answer) == KEYS
        assert answer["availability_percent"] == pytest.approx(float(row["availability_k1_pct"]), abs=0.01)
        known_s = float(row["month_minutes"]) * 60 - answer["unknown_s"]
        assert known_s / 60 == pytest.approx(float(row["known_minutes"]), abs=0.01)
        assert answer["outages"] == int(row["outages_started_k1"])
        tail = answer["max_ms"] if answer["n"] < 20 else answer["p95_ms"]
        assert (answer["p95_ms"] is None) == (answer["n"] < 20)
        assert tail == pytest.approx(int(row["p95_nearest_rank_up_only"]), abs=1)
        assert answer["reportable"] is False  # eleven days of a month


def test_health_floors_percentages_and_takes_the_customers_zone(capsys, sampled):
    assert run(capsys, sampled, "manual-dev") == run(
        capsys, sampled, "manual-dev", "2026-08", "--zone", "Asia/Shanghai"
    )
    assert run(capsys, sampled, "manual-dev")["availability_percent"] == 98.9103  # 98.910359 as a share


def test_health_without_data_is_null(capsys, sampled):
    answer = run(capsys, sampled, "chat", "2026-07")
    assert answer == dict.fromkeys(KEYS) | {
        "reportable": False, "outage_s": 0, "maintenance_s": 0, "unknown_s": 31 * 86400,
        "coverage_percent": 0, "outages": 0, "n": 0,
    }  # fmt: skip


def test_health_leaves_out_maintenance_that_was_agreed_and_announced_in_time(capsys):
    system = MonitoredSystemFactory(project__customer__time_zone="UTC")
    add_checks(system, datetime(2026, 8, 1, tzinfo=UTC), count=31 * 48 + 1, down=range(386, 390))
    start = datetime(2026, 8, 9, 1, tzinfo=UTC)
    MaintenanceWindowFactory(system=system, starts_at=start, announced_at=start)  # too late
    MaintenanceWindowFactory(system=system, starts_at=start, agreed_with="")
    assert run(capsys, system.project, system.name)["outage_s"] == 7200

    MaintenanceWindowFactory(system=system, starts_at=start)
    answer = run(capsys, system.project, system.name)
    assert (answer["maintenance_s"], answer["outage_s"], answer["outages"]) == (7200, 0, 0)
    assert (answer["availability_percent"], answer["reportable"]) == (100, True)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--month", "August"], "is not a month"),
        (["--month", "2026-08", "--zone", "Mars/Base"], "not a time zone"),
    ],
)
def test_health_refuses_in_words(sampled, options, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("health", sampled.key, "chat", *options)


def test_health_refuses_an_unknown_system(sampled):
    with pytest.raises(CommandError, match="no system nothing"):
        call_command("health", sampled.key, "nothing", "--month", "2026-08")
