"""The report of an audit: facts, then a template that prints them, then bytes, kept with their SHA-256."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation

from common import pdf
from quality.enums import GRADE_FAMILIES, FindingGrade, FindingState
from quality.models import Audit, AuditFinding

STYLES = ("css/report.css", "css/audit-report.css")


@dataclass(frozen=True)
class ActionLine:
    code: str
    cause: str
    action: str
    owner: str
    due_on: date
    state: str


@dataclass(frozen=True)
class FindingLine:
    code: str
    grade: str
    family: str
    clause: str
    about: str
    statement: str
    evidence: str
    files: tuple[tuple[str, str], ...]  # name, SHA-256
    recorded_by: str
    recorded_at: datetime
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True)
class AuditReport:
    """What the report prints, in the project's language and the zone of its contract."""

    number: str
    title: str
    standard: str
    scope: str
    customer: str
    project: str
    organisation: str
    auditors: tuple[str, ...]
    starts_on: date
    ends_on: date
    conclusion: str
    reported_by: str
    reported_at: datetime
    zone: str
    counts: tuple[tuple[str, int], ...]  # grade, findings
    findings: tuple[FindingLine, ...]


def document_number(audit: Audit) -> str:
    return f"{audit.project.key}-{audit.code}"


def build(audit: Audit) -> AuditReport:
    """Return what the report of a concluded audit says; what was withdrawn is not in it."""
    found = audit.findings.exclude(state=FindingState.WITHDRAWN).select_related("recorded_by")
    findings = list(found.prefetch_related("actions__owner", "attachments").order_by("number"))
    reporter = audit.reported_by
    if reporter is None or audit.reported_at is None:
        raise ValueError(f"{audit.code} is not concluded")
    with translation.override(audit.project.language):
        return AuditReport(
            number=document_number(audit),
            title=audit.title,
            standard=audit.standard,
            scope=audit.scope,
            customer=audit.project.customer.name,
            project=audit.project.name,
            organisation=audit.organisation.name,
            auditors=tuple(sorted(person.name for person in audit.access.people.all())),
            starts_on=audit.starts_on,
            ends_on=audit.ends_on,
            conclusion=audit.conclusion,
            reported_by=reporter.name,
            reported_at=audit.reported_at,
            zone=audit.project.time_zone,
            counts=tuple(
                (str(grade.label), sum(finding.grade == grade for finding in findings)) for grade in FindingGrade
            ),
            findings=tuple(_line(finding) for finding in findings),
        )


def print_pdf(facts: AuditReport, language: str) -> bytes:
    """Return the PDF: the same bytes for the same facts on every host and day. Raises DocumentFault if a text of the
    facts is not in it."""
    html = pdf.render_document_html(
        "quality/reports/audit_report.html",
        {"facts": facts},
        language,
        created=facts.reported_at,
        time_zone=facts.zone,
    )
    content = pdf.print_html(html, created=facts.reported_at, variant=pdf.REPORT, styles=STYLES).pdf
    pdf.check_text(content, [facts.title, facts.conclusion, *(line.statement for line in facts.findings)])
    return content


def keep(audit: Audit) -> tuple[str, str]:
    """Print and store the report; return the name of its file and its SHA-256."""
    content = print_pdf(build(audit), audit.project.language)
    digest = hashlib.sha256(content).hexdigest()
    name = f"audits/{audit.project_id}/{digest}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return name, digest


def _line(finding: AuditFinding) -> FindingLine:
    return FindingLine(
        code=finding.code,
        grade=str(finding.get_grade_display()),
        family=GRADE_FAMILIES[FindingGrade(finding.grade)],
        clause=finding.clause,
        about=finding.about_label,
        statement=finding.statement,
        evidence=finding.evidence,
        files=tuple((file.name, file.sha256) for file in finding.attachments.all()),
        recorded_by=finding.recorded_by.name,
        recorded_at=finding.recorded_at,
        actions=tuple(
            ActionLine(
                code=f"CA-{finding.number:02d}.{action.number}",
                cause=action.cause,
                action=action.action,
                owner=action.owner.name,
                due_on=action.due_on,
                state=str(action.get_state_display()),
            )
            for action in finding.actions.all()
        ),
    )
