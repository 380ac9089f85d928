"""The criteria of a scope against what is measured there now, in the words that pages and documents print."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from quality import sources
from quality.domain.criteria import Measured, all_met, decimals_of, evaluate, floored
from quality.domain.facts import ScopeFacts
from quality.enums import SETTLED_VERDICTS, VERDICT_FAMILIES, Operator, Verdict
from quality.models import Criterion

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Line:
    """One criterion, what was measured for it, and the verdict."""

    criterion: Criterion
    measured: Measured
    verdict: Verdict

    @property
    def is_met(self) -> bool:
        return self.verdict == Verdict.MET

    @property
    def is_settled(self) -> bool:
        """Met, or waived: what is waived does not stand in the way, and is never counted as met."""
        return self.verdict in SETTLED_VERDICTS

    @property
    def family(self) -> str:
        return VERDICT_FAMILIES[self.verdict]

    @property
    def asked(self) -> str:
        return threshold_text(self.criterion)

    @property
    def found(self) -> str:
        return measured_text(self.criterion, self.measured)

    @property
    def needs_check(self) -> bool:
        source = sources.find(self.criterion.source)
        return source is not None and source.is_manual


def evaluate_all(criteria: Iterable[Criterion], facts: ScopeFacts) -> list[Line]:
    """Return a line per criterion, in their order."""
    lines = []
    for criterion in criteria:
        measured = sources.measure(facts, criterion)
        verdict = evaluate(criterion.operator, criterion.threshold, measured)
        if verdict != Verdict.MET and criterion.pk in facts.waived_criteria:
            verdict = Verdict.WAIVED
        lines.append(Line(criterion, measured, verdict))
    return lines


def is_met(lines: Iterable[Line]) -> bool:
    """Whether there is a line at all and every one is met; one without data is not."""
    return all_met(line.verdict for line in lines)


def threshold_text(criterion: Criterion) -> str:
    """Say what is asked for: "≥ 95 %", or "confirmed" where a person says yes or no."""
    if criterion.source == sources.MANUAL:
        return gettext("confirmed")
    sign = Operator(criterion.operator).label
    return f"{sign} {_with_unit(exact_text(criterion.threshold), criterion.unit)}"


def measured_text(criterion: Criterion, measured: Measured) -> str:
    """Say what was found: a rate with its counts, floored to the digits of the threshold, so that it never flatters."""
    if measured.counts is not None and measured.counts[1] == 0:
        return gettext("no cases")
    if measured.value is None:
        return gettext("no data")
    if criterion.source == sources.MANUAL:
        return gettext("confirmed") if measured.value == criterion.threshold else gettext("not confirmed")
    if measured.counts is None:
        return _with_unit(exact_text(measured.value), criterion.unit)
    facts = {
        "count": f"{measured.counts[0]:,}",
        "total": f"{measured.counts[1]:,}",
        "percent": floored(measured.value, decimals_of(criterion.threshold)),
    }
    return gettext("%(count)s / %(total)s, %(percent)s %%") % facts


def exact_text(value: Fraction) -> str:
    """Print a value with no more decimals than it takes (values are kept to four)."""
    return floored(value, decimals_of(value))


def _with_unit(number: str, unit: str) -> str:
    return f"{number}{NO_BREAK_SPACE}{unit}" if unit else number
