"""The independent audits of the demo: one of a project that is live, closed; one still followed by its auditor."""

from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from cockpit.domain.demo.clock import Story
from projects.enums import Audience
from projects.models import Audienced, Project
from quality.domain import audit_actions, audit_findings, audits
from quality.enums import FindingGrade
from quality.models import Audit, CorrectiveAction


@dataclass(frozen=True)
class Finding:
    """What was found, and what is done about it: words of the action, its owner, the days from the audit to its due
    date; without `done` it is still to do."""

    grade: FindingGrade
    clause: str
    statement: str
    evidence: str
    about: Audienced | None = None
    cause: str = ""
    action: str = ""
    owner: str = ""
    due: int = 0
    done: str = ""
    proof: tuple[str, str] = ("", "")  # name and content of a file


def hold_audit(
    project: Project,
    story: Story,
    *,
    day: int,
    plan: dict[str, str],
    shared: list[Audienced],
    found: list[Finding],
    conclusion: str,
    auditor: User,
    people: dict[str, User],
    by: User,
) -> Audit:
    """Plan an audit, open it a week later on `day`, record what was found, report it on the day after."""
    with story.at(day - 7, "14:00"):
        audit = audits.plan_audit(
            project,
            people=[auditor],
            by=by,
            starts_on=story.day(day),
            ends_on=story.day(day + 1),
            audience=Audience.CUSTOMER,
            **plan,
        )
        for thing in shared:
            audits.share(audit.pk, thing, by=by)
    with story.at(day, "08:45"):
        audits.open_audit(audit.pk, by=by)
    for number, finding in enumerate(found):
        with story.at(day, f"{10 + number}:20"):
            recorded = audit_findings.record_finding(
                audit.pk,
                grade=finding.grade,
                clause=finding.clause,
                statement=finding.statement,
                evidence=finding.evidence,
                about=finding.about,
                by=auditor,
            )
        if finding.action:
            with story.at(day + 1, "09:30"):
                audit_actions.plan_action(
                    recorded.pk,
                    cause=finding.cause,
                    action=finding.action,
                    owner=people[finding.owner],
                    due_on=story.day(day + finding.due),
                    by=by,
                )
    with story.at(day + 1, "16:40"):
        return audits.report_audit(audit.pk, conclusion=conclusion, by=auditor)


def follow_up(audit: Audit, story: Story, *, day: int, found: list[Finding], auditor: User) -> None:
    """Do what was planned, and close each finding that its auditor verified or that asked for nothing."""
    for number, finding in enumerate(found, start=1):
        recorded = audit.findings.get(number=number)
        if finding.done:
            _settle(recorded.actions.get(), finding, story, day, auditor)
        if finding.done or not finding.action:
            with story.at(day + 1, f"{11 + number}:05"):
                audit_findings.close_finding(recorded.pk, by=auditor)


def _settle(action: CorrectiveAction, finding: Finding, story: Story, day: int, auditor: User) -> None:
    name, content = finding.proof
    file = SimpleUploadedFile(name, content.encode(), "text/plain")
    with story.at(day, "15:15"):
        audit_actions.report_done(action.pk, text=finding.done, files=[file], by=action.owner)
    with story.at(day + 1, "10:10"):
        audit_actions.verify_action(action.pk, by=auditor)
