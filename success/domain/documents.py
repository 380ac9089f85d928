"""A health report as page and PDF print it: every figure counted, floored and in words before the template sees it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import pdf
from common.durations import in_words
from success.domain import bands, day_charts, snapshots, words
from success.domain.figures import MonthFigures, Outage
from success.domain.snapshots import Facts
from success.enums import Rule
from success.models import HealthReport

STYLES = ("css/report.css", "css/health.css")
MOST_OUTAGES = 10
CHIP_ICON = re.compile(
    r'(?P<before><span class="lf-status lf-(?P<family>\w+)"><svg [^>]*?)stroke="currentColor"(?P<after>[^>]*)>'
)
PAPER_ICONS = {"good": ("#14692c", "✓"), "risk": ("#804600", "!"), "bad": ("#b42318", "‼"), "none": ("#4a5563", "○")}


@dataclass(frozen=True)
class Chip:
    """A state in words, with the family that gives it icon and colour."""

    family: str
    word: str


@dataclass(frozen=True)
class Tile:
    """One of the key figures."""

    label: str
    value: str
    chip: Chip | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ServiceLevel:
    measure: str
    target: str
    actual: str
    chip: Chip


@dataclass(frozen=True)
class OutageRow:
    start: datetime
    end: datetime
    length: str
    note: str


@dataclass(frozen=True)
class Advice:
    title: str
    text: str
    evidence: str
    priority: str
    decision: str
    decide_on: date | None


@dataclass(frozen=True)
class Document:
    """What the template prints, in the language of the report and the zone of the contract."""

    number: str
    language: str
    zone: str
    month: str
    system: str
    customer: str
    project: str
    band: Chip
    reason: str
    rule: str
    summary: str
    tiles: tuple[Tile, ...]
    charts: tuple[day_charts.Chart, ...]
    service_levels: tuple[ServiceLevel, ...]
    formula: tuple[tuple[str, str], ...]
    outages: tuple[OutageRow, ...]
    outages_left_out: str
    advice: tuple[Advice, ...]
    made_at: datetime
    published_at: datetime | None


def build_document(report: HealthReport) -> Document:
    """Return the report in words, in its own language whatever the reader's is."""
    facts = snapshots.thaw(report.figures)
    with translation.override(report.language), timezone.override(ZoneInfo(facts.current.zone)):
        return Document(
            number=report.document_number,
            language=report.language,
            zone=facts.current.zone,
            month=words.month_name(facts.current.month),
            system=facts.system,
            customer=report.project.customer.name,
            project=report.project.name,
            band=Chip(report.band_family, str(report.get_band_display())),
            reason=words.reason(facts),
            rule=_(
                "Rule, version 1: not rated if too little was watched; poor if availability misses its target; watch "
                "if more than half of the error budget is spent, or p95 is above its target or more than a fifth above "
                "the month before; otherwise good."
            ),
            summary=report.summary,
            tiles=tuple(_tiles(facts)),
            charts=(day_charts.outage_chart(facts), day_charts.response_chart(facts)),
            service_levels=tuple(_service_levels(facts)),
            formula=tuple(_formula(facts)),
            outages=tuple(_outage_rows(facts)),
            outages_left_out=_left_out(facts),
            advice=tuple(_advice(report, facts)),
            made_at=report.created_at,
            published_at=report.published_at,
        )


def print_pdf(report: HealthReport) -> bytes:
    """Return the PDF of a report: the same bytes for the same report on every host and day."""
    document = build_document(report)
    created = report.published_at or report.created_at
    html = pdf.render_document_html(
        "success/reports/health_report.html",
        {"document": document},
        report.language,
        created=created,
        time_zone=document.zone,
    )
    return pdf.print_html(_for_paper(html), created=created, variant=pdf.REPORT, styles=STYLES).pdf


def _for_paper(html: str) -> str:
    """Give each icon its chip's colour and a text: a drawing in a PDF inherits no colour, and may not be hidden."""

    def dressed(found: re.Match[str]) -> str:
        colour, text = PAPER_ICONS[found["family"]]
        return f'{found["before"]}stroke="{colour}"{found["after"]}><title>{text}</title>'

    return CHIP_ICON.sub(dressed, html)


def _tiles(facts: Facts) -> Iterable[Tile]:
    now, response = facts.current, facts.current.response
    yield Tile(
        _("Availability"),
        _availability(facts),
        _target_chip(facts),
        (_("target %(target)s %%") % {"target": words.plain(facts.target_percent)}, words.availability_change(facts)),
    )
    yield Tile(
        _("p95 response time") if response.p95 is not None or not response.n else _("Slowest answer"),
        _milliseconds(response.p95 if response.p95 is not None else response.maximum),
        _p95_chip(facts),
        (
            _("target %(target)s ms") % {"target": f"{facts.target_p95_ms:,}"}
            if facts.target_p95_ms
            else _("no target agreed"),
            words.p95_change(facts) if response.p95 is not None else _answered(response.n),
        ),
    )
    yield Tile(
        _("Outages"),
        str(now.outages_started),
        _budget_chip(facts),
        (
            _("%(outage)s of an error budget of %(budget)s")
            % {"outage": in_words(now.outage), "budget": in_words(facts.error_budget)},
            words.outages_change(facts),
        ),
    )
    yield Tile(
        _("Coverage"),
        f"{words.percent(now.coverage)} %",
        Chip("good", _("Reportable")) if facts.is_reportable else Chip("none", _("Not reportable")),
        (
            _("agreed floor %(floor)s %%") % {"floor": words.plain(facts.coverage_floor_percent)},
            _("%(answered)s checks answered, %(failed)s failed")
            % {"answered": f"{response.n:,}", "failed": f"{now.failed:,}"},
        ),
    )


def _availability(facts: Facts) -> str:
    if facts.current.availability is None:
        return _("no data")
    if not facts.is_reportable:
        return _("not reportable")
    return f"{words.percent(facts.current.availability)} %"


def _target_chip(facts: Facts) -> Chip:
    if not facts.is_reportable:
        return Chip("none", _("Not rated"))
    return Chip("good", _("Met")) if facts.is_target_met else Chip("bad", _("Not met"))


def _p95_chip(facts: Facts) -> Chip:
    if facts.current.response.p95 is None or facts.target_p95_ms is None:
        return Chip("none", _("Not rated"))
    return Chip("bad", _("Not met")) if bands.is_above_target(facts) else Chip("good", _("Met"))


def _budget_chip(facts: Facts) -> Chip:
    if not facts.is_reportable or facts.budget_spent is None:
        return Chip("none", _("Not rated"))
    if facts.budget_spent > 1:
        return Chip("bad", _("Budget exceeded"))
    if bands.is_budget_half_spent(facts):
        return Chip("risk", _("More than half spent"))
    return Chip("good", _("Within budget"))


def _milliseconds(value: int | None) -> str:
    return _("no data") if value is None else f"{value:,} ms"


def _answered(n: int) -> str:
    return ngettext("from %(n)s answer", "from %(n)s answers", n) % {"n": f"{n:,}"}


def _service_levels(facts: Facts) -> Iterable[ServiceLevel]:
    p95 = facts.current.response.p95
    yield ServiceLevel(
        _("Availability in the month"),
        f"≥ {words.plain(facts.target_percent)} %",
        _availability(facts),
        _target_chip(facts),
    )
    if facts.target_p95_ms:
        yield ServiceLevel(
            _("p95 response time"),
            f"≤ {facts.target_p95_ms:,} ms",
            _milliseconds(p95),
            _p95_chip(facts),
        )
    yield ServiceLevel(
        _("Watched part of the month"),
        f"≥ {words.plain(facts.coverage_floor_percent)} %",
        f"{words.percent(facts.current.coverage)} %",
        Chip("good", _("Met")) if facts.is_reportable else Chip("bad", _("Not met")),
    )


def _formula(facts: Facts) -> Iterable[tuple[str, str]]:
    return formula_rows(facts.current, facts.is_reportable)


def formula_rows(now: MonthFigures, is_reportable: bool) -> Iterable[tuple[str, str]]:
    """Return what the availability of a month is made of, for a person who wants to check it.

    What users lived through counts unknown time as good, so it says nothing either where too little was watched.
    """
    yield _("Month, T"), in_words(now.length)
    yield _("Outage, D"), in_words(now.outage)
    yield _("Agreed maintenance, M"), in_words(now.maintenance)
    yield _("Unknown, U"), in_words(now.unknown)
    yield (
        _("Availability, A = 1 − D / (T − M − U)"),
        f"{words.percent(now.availability, 4)} %" if is_reportable else _("not reportable"),
    )
    yield _("Coverage, 1 − U / T"), f"{words.percent(now.coverage, 4)} %"
    yield (
        _("Lived through by users, 1 − (D + M) / T"),
        f"{words.percent(now.lived_through, 4)} %" if is_reportable else _("not reportable"),
    )
    times = words.mean_times(now)
    yield _("Mean time between failures"), times["between"]
    yield _("Mean time to restore"), times["restore"]


def _outage_rows(facts: Facts) -> Iterable[OutageRow]:
    """Return the longest outages in the order of time."""
    longest = sorted(facts.current.outages, key=lambda outage: -outage.in_month)[:MOST_OUTAGES]
    for outage in sorted(longest, key=lambda outage: outage.span.start):
        yield OutageRow(outage.span.start, outage.span.end, in_words(outage.in_month), _outage_note(outage, facts))


def _outage_note(outage: Outage, facts: Facts) -> str:
    if not outage.starts_in_month:
        return _("began in the month before, where it is counted")
    if outage.span.end > facts.current.month.span(facts.current.zone).end:
        return _("went on into the next month")
    return ""


def _left_out(facts: Facts) -> str:
    more = len(facts.current.outages) - MOST_OUTAGES
    if more <= 0:
        return ""
    rest = sorted(facts.current.outages, key=lambda outage: -outage.in_month)[MOST_OUTAGES:]
    length = in_words(sum((outage.in_month for outage in rest), timedelta()))
    text = ngettext(
        "%(count)s shorter outage took %(length)s.", "%(count)s shorter outages took %(length)s together.", more
    )
    return text % {"count": more, "length": length}


def _advice(report: HealthReport, facts: Facts) -> Iterable[Advice]:
    for item in report.recommendations.all():
        if item.is_left_out:
            continue
        rule = Rule(item.rule)
        yield Advice(
            title=str(rule.label),
            text=item.text,
            evidence=words.evidence(rule, item.figures, facts.current.zone),
            priority=str(item.get_priority_display()),
            decision=str(item.get_decided_by_display()),
            decide_on=item.decide_on,
        )
