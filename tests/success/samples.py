"""The sample checks and the figures expected of them; see data/ORIGIN.md."""

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"


class SampleCheck(NamedTuple):
    at: datetime
    is_up: bool
    response_ms: int


def sample_checks() -> dict[str, list[SampleCheck]]:
    services: dict[str, list[SampleCheck]] = defaultdict(list)
    with (DATA / "checks.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            at = datetime.fromisoformat(row["checked_at"])
            services[row["service"]].append(SampleCheck(at, row["status"] == "up", int(row["response_ms"])))
    return services


def expected_months() -> list[dict[str, str]]:
    with (DATA / "expected_monthly.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
