"""Where the value of a criterion comes from. Later apps register theirs (health figures) in AppConfig.ready().

A source is asked with the facts of the scope and the criterion, and answers what it finds now. It must not drift by
the clock alone: a signed request is voided when a value it lists changes, so "the last full month" is a source,
"until this minute" is none. A criterion whose source is not registered has no data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from quality.domain.criteria import NO_DATA, Evidence, Measured, count, execution_rate, pass_rate, rate
from quality.domain.facts import BLOCKING, ExecutionFact, ScopeFacts
from quality.domain.requirement_status import coverage, verified_coverage
from quality.enums import CriterionKind, FindingSeverity, Operator, Outcome, Priority, Severity
from quality.models import Criterion

Measure = Callable[[ScopeFacts, Criterion], Measured]


@dataclass(frozen=True)
class Source:
    """One way of measuring, and the criterion it usually makes."""

    key: str
    label: str | Promise  # lazily translated
    kind: str
    unit: str
    operator: str
    threshold: Fraction
    measure: Measure
    is_manual: bool = False


MANUAL = "manual"
MANUAL_VALUE = "manual_value"
_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    if source.key in _sources:
        raise ValueError(f"the source {source.key} is registered twice")
    _sources[source.key] = source


def get(key: str) -> Source:
    """Return a registered source. Raises KeyError."""
    return _sources[key]


def find(key: str) -> Source | None:
    """Return a source by the key that a stored criterion has; its app may be gone."""
    return _sources.get(key)


def choices() -> list[tuple[str, str | Promise]]:
    return [(source.key, source.label) for source in _sources.values()]


def measure(facts: ScopeFacts, criterion: Criterion) -> Measured:
    """Return what the criterion's source finds within the scope now; no data where the source is not there."""
    source = find(criterion.source)
    return source.measure(facts, criterion) if source else NO_DATA


def _with_runs(facts: ScopeFacts, measured: Measured) -> Measured:
    numbers = sorted({execution.run_number for execution in facts.executions})
    evidence = tuple(
        Evidence(f"TR-{number:03d}", reverse("quality:run_detail", args=[facts.project.key, number]))
        for number in numbers
    )
    return Measured(measured.value, measured.counts, measured.against, evidence)


def _unwaived(facts: ScopeFacts) -> list[ExecutionFact]:
    """Cases under a signed waiver stand apart from what must be executed, and pass, without exception."""
    return [execution for execution in facts.executions if execution.case_id not in facts.waived_cases]


def _execution_rate(facts: ScopeFacts, criterion: Criterion) -> Measured:
    return _with_runs(facts, execution_rate(execution.outcome for execution in _unwaived(facts)))


def _pass_rate(facts: ScopeFacts, criterion: Criterion) -> Measured:
    """Of all planned; what is waived is never in the numerator (definitions.md, Requirement status)."""
    outcomes = [
        Outcome.SKIPPED if execution.case_id in facts.waived_cases else execution.outcome
        for execution in facts.executions
    ]
    return _with_runs(facts, pass_rate(outcomes))


def _priority_1_pass_rate(facts: ScopeFacts, criterion: Criterion) -> Measured:
    first = [execution.outcome for execution in _unwaived(facts) if execution.priority == Priority.HIGH]
    return _with_runs(facts, pass_rate(first))


def _unsigned_waivers(facts: ScopeFacts, criterion: Criterion) -> Measured:
    waiting = [waiver for waiver in facts.waivers if not waiver.is_signed]
    url = reverse("quality:waiver_list", args=[facts.project.key])
    return Measured(Fraction(len(waiting)), evidence=tuple(Evidence(waiver.code, url) for waiver in waiting))


def _requirements_covered(facts: ScopeFacts, criterion: Criterion) -> Measured:
    return coverage(facts.statuses.values())


def _requirements_verified(facts: ScopeFacts, criterion: Criterion) -> Measured:
    return verified_coverage(facts.statuses.values())


def _with_defects(facts: ScopeFacts, severities: frozenset[str], *, each_planned: bool) -> Measured:
    found = facts.open_defects(*severities)
    unplanned = [defect for defect in found if each_planned and defect.fix_planned_on is None]
    against = ngettext(
        "%(count)s defect has no date for its fix.", "%(count)s defects have no date for their fix.", len(unplanned)
    ) % {"count": len(unplanned)}
    evidence = tuple(
        Evidence(
            f"DF-{defect.number:03d}",
            reverse("quality:defect_detail", args=[facts.project.key, defect.number]),
            is_shared=defect.is_shared,
        )
        for defect in found
    )
    measured = count(len(found), against if unplanned else "")
    return Measured(measured.value, against=measured.against, evidence=evidence)


def _open_blocking(facts: ScopeFacts, criterion: Criterion) -> Measured:
    return _with_defects(facts, BLOCKING, each_planned=False)


def _open_majors(facts: ScopeFacts, criterion: Criterion) -> Measured:
    """Majors may stay up to the agreed number, each with a dated plan (definitions.md, Acceptance)."""
    return _with_defects(facts, frozenset({Severity.MAJOR}), each_planned=True)


def _of_import(facts: ScopeFacts, number: int) -> Evidence:
    return Evidence(f"IM-{number:03d}", reverse("quality:import_detail", args=[facts.project.key, number]))


def _p95(facts: ScopeFacts, criterion: Criterion) -> Measured:
    """The p95 of a label in the latest load test, in the criterion's unit, ms or s; too few samples are no data."""
    times = facts.times_of(criterion.label)
    if times is None:
        return NO_DATA
    value = None if times.p95_ms is None else Fraction(times.p95_ms, 1 if criterion.unit == "ms" else 1000)
    return Measured(value, evidence=(_of_import(facts, times.import_number),))


def _failed_samples(facts: ScopeFacts, criterion: Criterion) -> Measured:
    times = facts.times_of(criterion.label)
    if times is None:
        return NO_DATA
    measured = rate(times.errors, times.samples)
    return Measured(measured.value, measured.counts, evidence=(_of_import(facts, times.import_number),))


def _open_findings(*severities: str) -> Measure:
    """Count what every scanner reports in its latest file; without any file there is no data, and not 0."""

    def measure(facts: ScopeFacts, criterion: Criterion) -> Measured:
        if not facts.findings:
            return NO_DATA
        counted = sum(row.open for row in facts.findings if row.severity in severities)
        numbers = sorted({row.import_number for row in facts.findings})
        return Measured(Fraction(counted), evidence=tuple(_of_import(facts, number) for number in numbers))

    return measure


def _open_nonconformities(*, minor: bool) -> Measure:
    """Count what auditors found and nobody has mended; without an audit that was reported there is no data."""

    def measure(facts: ScopeFacts, criterion: Criterion) -> Measured:
        if not any(audit.is_reported for audit in facts.audits):
            return NO_DATA
        counted = sum(audit.major + (audit.minor if minor else 0) for audit in facts.audits)
        evidence = tuple(
            Evidence(
                f"AU-{audit.number:03d}",
                reverse("quality:audit_detail", args=[facts.project.key, audit.number]),
                is_shared=audit.is_shared,
            )
            for audit in facts.audits
        )
        return Measured(Fraction(counted), evidence=evidence)

    return measure


def _checked(facts: ScopeFacts, criterion: Criterion) -> Measured:
    check = facts.check_of(criterion)
    if check is None:
        return NO_DATA
    label = gettext("Checked by %(name)s") % {"name": check.checked_by.name}
    return Measured(check.value, evidence=(Evidence(label, criterion.get_absolute_url()),))


HUNDRED, ZERO, ONE = Fraction(100), Fraction(0), Fraction(1)
AT_LEAST, AT_MOST = Operator.AT_LEAST, Operator.AT_MOST

OWN = (
    Source(
        "execution_rate",
        _("UAT cases executed"),
        CriterionKind.FUNCTIONAL,
        "%",
        AT_LEAST,
        HUNDRED,
        _execution_rate,
    ),
    Source(
        "priority_1_pass_rate",
        _("UAT cases of priority 1 passed"),
        CriterionKind.FUNCTIONAL,
        "%",
        AT_LEAST,
        HUNDRED,
        _priority_1_pass_rate,
    ),
    Source("pass_rate", _("UAT cases passed"), CriterionKind.FUNCTIONAL, "%", AT_LEAST, Fraction(95), _pass_rate),
    Source(
        "open_blocker_critical_defects",
        _("Open blocker and critical defects"),
        CriterionKind.DEFECTS,
        "",
        AT_MOST,
        ZERO,
        _open_blocking,
    ),
    Source(
        "open_major_defects",
        _("Open major defects, each with a dated plan"),
        CriterionKind.DEFECTS,
        "",
        AT_MOST,
        ZERO,
        _open_majors,
    ),
    Source(
        "unsigned_waivers",
        _("Waivers that are not signed"),
        CriterionKind.FUNCTIONAL,
        "",
        AT_MOST,
        ZERO,
        _unsigned_waivers,
    ),
    Source(
        "requirements_covered_rate",
        _("Requirements with a test"),
        CriterionKind.FUNCTIONAL,
        "%",
        AT_LEAST,
        HUNDRED,
        _requirements_covered,
    ),
    Source(
        "requirements_verified_rate",
        _("Requirements proven by their tests"),
        CriterionKind.FUNCTIONAL,
        "%",
        AT_LEAST,
        HUNDRED,
        _requirements_verified,
    ),
    Source(
        "load_test_p95",
        _("95th percentile of the response times of a load test"),
        CriterionKind.PERFORMANCE,
        "s",
        AT_MOST,
        Fraction(2),
        _p95,
    ),
    Source(
        "failed_samples_rate",
        _("Failed samples of a load test"),
        CriterionKind.ERROR_RATE,
        "%",
        AT_MOST,
        ONE,
        _failed_samples,
    ),
    Source(
        "open_findings_high",
        _("Open critical and high findings of scanners"),
        CriterionKind.SECURITY,
        "",
        AT_MOST,
        ZERO,
        _open_findings(FindingSeverity.CRITICAL, FindingSeverity.HIGH),
    ),
    Source(
        "open_findings_medium",
        _("Open medium findings of scanners"),
        CriterionKind.SECURITY,
        "",
        AT_MOST,
        ZERO,
        _open_findings(FindingSeverity.MEDIUM),
    ),
    Source(
        "open_audit_major",
        _("Open major nonconformities of audits"),
        CriterionKind.SECURITY,
        "",
        AT_MOST,
        ZERO,
        _open_nonconformities(minor=False),
    ),
    Source(
        "open_audit_nonconformities",
        _("Open major and minor nonconformities of audits"),
        CriterionKind.SECURITY,
        "",
        AT_MOST,
        ZERO,
        _open_nonconformities(minor=True),
    ),
    Source(
        MANUAL, _("Checked by a person: yes or no"), CriterionKind.MANUAL, "", Operator.EXACTLY, ONE, _checked, True
    ),
    Source(MANUAL_VALUE, _("Measured by a person: a value"), CriterionKind.MANUAL, "", AT_MOST, ZERO, _checked, True),
)
for own in OWN:
    register(own)

# The gate that definitions.md gives, where both sides agree nothing else.
DEFAULT_GATE = (
    ("execution_rate", _("All planned UAT cases are executed")),
    ("priority_1_pass_rate", _("All UAT cases of priority 1 pass")),
    ("pass_rate", _("Of the planned UAT cases at least 95 % pass")),
    ("open_blocker_critical_defects", _("No blocker or critical defect is open")),
    ("open_major_defects", _("No major defect is open")),
    ("unsigned_waivers", _("Every waiver is signed by the customer")),
    ("load_test_p95", _("The p95 of the load test’s response times is at most 2 s")),
)
