"""Real files of results with the numbers that were counted in them independently (data/results/ORIGIN.md)."""

import json
from pathlib import Path

RESULTS = Path(__file__).parent / "data" / "results"
JUNIT = {Path(name).name: wanted for name, wanted in json.loads((RESULTS / "junit_expected.json").read_text()).items()}
JMETER = json.loads((RESULTS / "jmeter" / "expected.json").read_text())
NEWMAN = json.loads((RESULTS / "newman" / "expected.json").read_text())


def files() -> list[Path]:
    """Every file of results; what is said about them is not one."""
    return sorted(path for path in RESULTS.glob("*/*") if path.name != "expected.json")
