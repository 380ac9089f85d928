"""SARIF 2.1.0: what security and code scanners find, counted by tool and severity.

A severity is that of the rule's `security-severity` (CVSS bands), else of the finding's level. Open is what is neither
suppressed nor gone (OASIS SARIF 2.1.0, 3.27.9 kind, 3.27.10 level, 3.27.23 suppressions, 3.27.24 baselineState).
"""

from collections import Counter
from typing import Any

from quality.domain.results.contents import Contents, Findings, clean
from quality.domain.results.json_files import Shaped
from quality.domain.results.refusals import ShapeIsWrong
from quality.enums import FindingSeverity, ResultFormat

SHAPED = Shaped(ResultFormat.SARIF.label)
LEVELS = {
    "error": FindingSeverity.HIGH,
    "warning": FindingSeverity.MEDIUM,
    "note": FindingSeverity.LOW,
    "none": FindingSeverity.INFO,
}
BANDS = (
    (9.0, FindingSeverity.CRITICAL),
    (7.0, FindingSeverity.HIGH),
    (4.0, FindingSeverity.MEDIUM),
    (0.1, FindingSeverity.LOW),
)
MAX_TOOL = 100
NO_FINDING = {"pass": "passed", "notApplicable": "skipped", "informational": "skipped"}


def read_sarif(report: Any) -> Contents:
    """Return the findings of a parsed log; one without findings is a good result. Raises UnreadableFile.

    Passed are checks that a tool reports as passed, failed the open findings, skipped the closed ones.
    """
    runs = SHAPED.rows(report.get("runs"), "runs")
    if not runs:
        raise ShapeIsWrong(format=SHAPED.file_format, where="runs")
    counts: Counter[str] = Counter()
    found: dict[str, Counter[tuple[FindingSeverity, bool]]] = {}
    for run in runs:
        tool, rules = _tool(run)
        of_tool = found.setdefault(tool, Counter())
        for result in SHAPED.rows(run.get("results"), "results"):
            told = NO_FINDING.get(SHAPED.text(result.get("kind"), "kind"))
            if told is None:
                is_open = _is_open(result)
                of_tool[_severity(result, rules), is_open] += 1
                told = "failed" if is_open else "skipped"
            counts[told] += 1
    findings = [
        Findings(tool, severity, of_tool[severity, True], of_tool[severity, False])
        for tool, of_tool in found.items()
        for severity in FindingSeverity
    ]
    return Contents(ResultFormat.SARIF, counts["passed"], counts["failed"], counts["skipped"], findings=findings)


class _Rules:
    """The rules of a tool, of its driver and of each of its extensions, found by their place there or by their id."""

    def __init__(self, driver: list[dict[str, Any]], extensions: list[list[dict[str, Any]]]):
        self.driver, self.extensions = driver, extensions
        every = [rule for rows in (*reversed(extensions), driver) for rule in rows]  # of one id the driver's counts
        self.by_id = {rule["id"]: rule for rule in every if isinstance(rule.get("id"), str)}

    def of(self, result: dict[str, Any]) -> dict[str, Any]:
        reference = result.get("rule")
        index = result.get("ruleIndex", reference.get("index") if isinstance(reference, dict) else None)
        rows = self._component(reference)
        if isinstance(index, int) and 0 <= index < len(rows):
            return rows[index]
        named = reference.get("id") if isinstance(reference, dict) else None
        return self.by_id.get(str(result.get("ruleId", named)), {})

    def _component(self, reference: Any) -> list[dict[str, Any]]:
        component = reference.get("toolComponent") if isinstance(reference, dict) else None
        place = component.get("index") if isinstance(component, dict) else None
        if isinstance(place, int) and 0 <= place < len(self.extensions):
            return self.extensions[place]
        return self.driver if component is None else []


def _tool(run: dict[str, Any]) -> tuple[str, _Rules]:
    """Return the name of the tool and its rules."""
    tool = SHAPED.dictionary(run.get("tool"), "tool")
    driver = SHAPED.dictionary(tool.get("driver"), "tool.driver")
    name = clean(SHAPED.text(driver.get("name"), "tool.driver.name"), MAX_TOOL)
    extensions = SHAPED.rows(tool.get("extensions"), "tool.extensions")
    return name, _Rules(
        SHAPED.rows(driver.get("rules"), "rules"),
        [SHAPED.rows(extension.get("rules"), "rules") for extension in extensions],
    )


def _is_open(result: dict[str, Any]) -> bool:
    suppressed = any(
        row.get("status", "accepted") == "accepted" for row in SHAPED.rows(result.get("suppressions"), "suppressions")
    )
    return not suppressed and result.get("baselineState") != "absent"


def _severity(result: dict[str, Any], rules: _Rules) -> FindingSeverity:
    rule = rules.of(result)
    score = _score(rule)
    if score is not None:
        return next((severity for least, severity in BANDS if score >= least), FindingSeverity.INFO)
    defaults = rule.get("defaultConfiguration")
    default = defaults.get("level", "warning") if isinstance(defaults, dict) else "warning"
    level = result.get("level", default)
    return LEVELS.get(level, FindingSeverity.MEDIUM) if isinstance(level, str) else FindingSeverity.MEDIUM


def _score(rule: dict[str, Any]) -> float | None:
    properties = rule.get("properties")
    value = properties.get("security-severity") if isinstance(properties, dict) else None
    try:
        return float(value) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None
