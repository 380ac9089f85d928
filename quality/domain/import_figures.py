"""What an import found, as the command prints it: plain values, under the names that scripts read."""

from typing import Any

from quality.domain.criteria import floored
from quality.domain.result_imports import Imported
from quality.models import ImportedTimes


def figures_of(imported: Imported) -> dict[str, Any]:
    """Return the counts of an import; for samples also their times per label, for findings how many per severity."""
    record = imported.record
    figures: dict[str, Any] = {
        "file": record.file_name,
        "sha256": record.sha256,
        "format": record.format,
        "repeated": imported.is_repeated,
        "read": record.read,
        "passed": record.passed,
        "failed": record.failed,
        "skipped": record.skipped,
        "errored": record.errored,
        "mapped": record.mapped,
        "unmapped": record.unmapped,
    }
    if imported.times:
        whole, *labels = imported.times
        figures |= times_of(whole) | {"labels": [{"label": times.label} | times_of(times) for times in labels]}
    if imported.findings:
        figures["findings"] = [
            {"tool": row.tool, "severity": row.severity, "open": row.open, "closed": row.closed}
            for row in imported.findings
        ]
    return figures


def times_of(times: ImportedTimes) -> dict[str, Any]:
    """Return samples, errors and milliseconds; a percentile of too few samples is null."""
    return {
        "samples": times.samples,
        "errors": times.errors,
        "error_percent": float(floored(times.error_percent, 4)),
        "min_ms": times.min_ms,
        "mean_ms": None if times.mean_ms is None else round(times.mean_ms, 4),
        "max_ms": times.max_ms,
        "p50_ms": times.p50_ms,
        "p90_ms": times.p90_ms,
        "p95_ms": times.p95_ms,
        "p99_ms": times.p99_ms,
    }
