"""What the export of a project's evidence holds of this app: see projects.sections."""

from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from projects.domain.file_types import clean_name
from projects.exports import attached_file
from projects.models import Project
from projects.roles import is_team, visible_in
from projects.sections import Section, StoredFile, all_named, named, record_of, safe_path
from quality.domain.queries import visible_audits, visible_cases, visible_checks, visible_defects, visible_results
from quality.models import (
    Acceptance,
    Audit,
    CaseProposal,
    CorrectiveAction,
    CriteriaSet,
    Execution,
    ResultImport,
    TestRun,
    Waiver,
)
from quality.permissions import can_view_import, can_view_import_rows

PARTS = frozenset(
    {"id", "case", "criteria_set", "result_import", "acceptance", "run"}
)  # of what lies inside its own row


def _executions(reader: Any, project: Any) -> Any:
    runs = visible_in(TestRun.objects.all(), reader, project)
    rows = Execution.objects.filter(run__in=runs, case__in=visible_cases(reader, project))
    return rows.select_related("run", "case", "assigned_to").order_by("run__number", "case__number")


def _results(reader: Any, project: Any) -> Any:
    rows = visible_results(reader, project).filter(execution__case__in=visible_cases(reader, project))
    return rows.select_related("execution__run", "execution__case", "executed_by").order_by("pk")


def _criteria(row: CriteriaSet, reader: Any) -> dict[str, Any]:
    return {
        "scope": str(row),
        "criteria": [record_of(line, reader, row.project, PARTS) for line in row.criteria.all()],
    }


def _acceptances(reader: Any, project: Any) -> Any:
    rows = Acceptance.objects.select_related("project", "phase", "criteria_set__phase", "document", "requested_by")
    rows = rows.select_related("record").prefetch_related(
        "lines", "notices", "punch_items__owner", "punch_items__done_by", "punch_items__confirmed_by"
    )
    return visible_in(rows, reader, project).order_by("pk")


def _accepted(row: Acceptance, reader: Any) -> dict[str, Any]:
    """What was handed over, what is left to be done, and what the customer was told of the clock."""
    return {
        name: [record_of(part, reader, row.project, PARTS) for part in parts.all()]
        for name, parts in {"lines": row.lines, "punch_items": row.punch_items, "notices": row.notices}.items()
    }


def _record(row: Acceptance, reader: Any) -> list[StoredFile]:
    """The document of an outcome that nobody signs."""
    record = getattr(row, "record", None)
    if record is None:
        return []
    return [
        StoredFile(
            safe_path("documents", record.file_name), lambda: default_storage.open(record.file, "rb"), record.sha256
        )
    ]


def _imports(reader: Any, project: Any) -> Any:
    rows = ResultImport.objects.filter(project=project).select_related("project", "phase", "run", "created_by")
    rows = rows.prefetch_related("rows", "times", "findings").order_by("number")
    return rows if can_view_import(reader, project) else rows.none()


def _imported(row: ResultImport, reader: Any) -> dict[str, Any]:
    """Counts are for everybody who sees imports; what tests wrote is for those who mend it."""
    parts = {
        "times": [record_of(part, reader, row.project, PARTS) for part in row.times.all()],
        "findings": [record_of(part, reader, row.project, PARTS) for part in row.findings.all()],
    }
    if can_view_import_rows(reader, row.project):
        parts["rows"] = [record_of(part, reader, row.project, PARTS | {"result"}) for part in row.rows.all()]
    return {"code": row.code} | parts


def _imported_file(row: ResultImport, reader: Any) -> list[StoredFile]:
    if not can_view_import_rows(reader, row.project):
        return []
    path = safe_path("imports", f"{row.code}-{clean_name(row.file_name)}")
    return [StoredFile(path, lambda: row.file.open("rb"), row.sha256)]


def _audits(reader: Any, project: Project) -> Any:
    rows = visible_audits(reader, project).select_related("project", "phase", "organisation", "access")
    rows = rows.select_related("created_by", "reported_by", "closed_by").order_by("number")
    return rows.prefetch_related(
        "access__people",
        "findings__recorded_by",
        "findings__attachments",
        "findings__actions__owner",
        "findings__actions__events__by",
        "findings__actions__events__attachments",
    )


def _audit(row: Audit, reader: Any) -> dict[str, Any]:
    """The findings with what was done about each, step by step."""
    inside = PARTS | {"audit", "finding", "action"}

    def action(part: CorrectiveAction) -> dict[str, Any]:
        steps = [record_of(event, reader, row.project, inside) for event in part.events.all()]
        return record_of(part, reader, row.project, PARTS | {"finding"}) | {"steps": steps}

    return {
        "code": row.code,
        "people": [person.name for person in row.access.people.all()],
        "findings": [
            record_of(finding, reader, row.project, inside)
            | {"code": finding.code, "actions": [action(part) for part in finding.actions.all()]}
            for finding in row.findings.all()
        ],
    }


def _audit_files(row: Audit, reader: Any) -> list[StoredFile]:
    """The report; and for those who do not get all files of the project, those of findings and actions."""
    name = safe_path("audits", f"{row.project.key}-{row.code}.pdf")
    reports = [StoredFile(name, lambda: row.report.open("rb"), row.report_sha256)] if row.report else []
    if is_team(reader, row.project):
        return reports
    found = [file for finding in row.findings.all() for file in finding.attachments.all()]
    actions = [action for finding in row.findings.all() for action in finding.actions.all()]
    done = [file for action in actions for event in action.events.all() for file in event.attachments.all()]
    return reports + [attached_file(file) for file in (*found, *done)]


SECTIONS = (
    Section(
        "test_cases",
        _("Test cases"),
        lambda reader, project: (
            visible_cases(reader, project)
            .select_related("project", "created_by")
            .prefetch_related("steps", "requirements")
            .order_by("number")
        ),
        columns=(
            (_("Number"), "code"),
            (_("Business process"), "process"),
            (_("Title"), "title"),
            (_("Kind"), "get_kind_display"),
            (_("Priority"), "get_priority_display"),
            (_("Version"), "version"),
            (_("State"), "get_state_display"),
        ),
        more=lambda row, reader: {
            "code": row.code,
            "steps": [step.content() for step in row.steps.all()],
            "requirements": all_named(row.requirements.all(), reader, row.project),
        },
    ),
    Section(
        "proposals",
        _("Proposed test cases"),
        lambda reader, project: visible_in(
            CaseProposal.objects.select_related("project", "proposed_by", "decided_by", "case"), reader, project
        ).order_by("number"),
        columns=(
            (_("Number"), "code"),
            (_("Business process"), "process"),
            (_("Title"), "title"),
            (_("State"), "get_state_display"),
            (_("Proposed by"), "proposed_by.name"),
            (_("Time"), "proposed_at"),
            (_("Reason"), "reason"),
        ),
        more=lambda row, reader: {"code": row.code},
    ),
    Section(
        "test_runs",
        _("Test runs"),
        lambda reader, project: visible_in(
            TestRun.objects.with_counts()
            .select_related("project", "phase", "created_by", "started_by", "finished_by")
            .prefetch_related("sign_offs__signed_by"),
            reader,
            project,
        ).order_by("number"),
        columns=(
            (_("Number"), "code"),
            (_("Name"), "name"),
            (_("Build"), "build"),
            (_("Environment"), "environment"),
            (_("State"), "get_state_display"),
            (_("Planned"), "planned_count"),
            (_("Passed"), "passed_count"),
            (_("Failed"), "failed_count"),
            (_("Blocked"), "blocked_count"),
        ),
        more=lambda row, reader: {
            "code": row.code,
            "sign_offs": [record_of(part, reader, row.project, PARTS) for part in row.sign_offs.all()],
        },
    ),
    Section(
        "executions",
        _("Executions"),
        _executions,
        columns=(
            (_("Run"), "run.code"),
            (_("Test case"), "case"),
            (_("Assigned to"), "assigned_to.name"),
            (_("Result"), "get_outcome_display"),
            (_("Time"), "executed_at"),
        ),
    ),
    Section(
        "results",
        _("Test results"),
        _results,
        columns=(
            (_("Run"), "execution.run.code"),
            (_("Test case"), "execution.case"),
            (_("Version"), "case_version"),
            (_("Result"), "get_outcome_display"),
            (_("Person"), "executed_by.name"),
            (_("Time"), "executed_at"),
            (_("Build"), "build"),
            (_("Comment"), "comment"),
        ),
        leave_out=frozenset({"token"}),
    ),
    Section(
        "defects",
        _("Defects"),
        lambda reader, project: (
            visible_defects(reader, project)
            .select_related("project", "phase", "case", "owner", "reported_by", "fixed_by", "closed_by")
            .order_by("number")
        ),
        columns=(
            (_("Number"), "code"),
            (_("Title"), "title"),
            (_("Severity"), "get_severity_display"),
            (_("What was seen"), "seen"),
            (_("State"), "get_state_display"),
            (_("Reported by"), "reported_by.name"),
            (_("Reported"), "reported_at"),
            (_("Fixed in build"), "fixed_in"),
        ),
        leave_out=frozenset({"result", "told_reporter_at"}),
        more=lambda row, reader: {"code": row.code, "result_id": row.result_id},
    ),
    Section(
        "criteria",
        _("Acceptance criteria"),
        lambda reader, project: visible_in(
            CriteriaSet.objects.select_related("project", "phase", "document", "created_by", "reopened_by"),
            reader,
            project,
        ).prefetch_related("criteria"),
        columns=(
            (_("Scope"), lambda row: str(row)),
            (_("State"), "get_state_display"),
            (_("Criteria"), lambda row: [line.statement for line in row.criteria.all()]),
            (_("Agreed"), "agreed_at"),
        ),
        more=_criteria,
    ),
    Section(
        "checks",
        _("Manual checks"),
        lambda reader, project: (
            visible_checks(reader, project)
            .select_related("criterion__criteria_set__phase", "checked_by")
            .order_by("pk")
        ),
        columns=(
            (_("Scope"), "criterion.criteria_set"),
            (_("Criterion"), "criterion"),
            (_("What was found"), "comment"),
            (_("Person"), "checked_by.name"),
            (_("Time"), "checked_at"),
        ),
        more=lambda row, reader: {"scope": named(row.criterion.criteria_set, reader, row.project)},
    ),
    Section(
        "acceptances",
        _("Acceptances"),
        _acceptances,
        columns=(
            (_("Scope"), lambda row: str(row)),
            (_("State"), "get_state_display"),
            (_("Requested by"), "requested_by.name"),
            (_("Requested"), "requested_at"),
            (_("Ended"), "ended_at"),
            (_("Document"), "document"),
            (_("Reason"), "reason"),
        ),
        more=_accepted,
        files=_record,
    ),
    Section(
        "waivers",
        _("Waivers"),
        lambda reader, project: (
            visible_in(Waiver.objects.all(), reader, project)
            .select_related("project", "case", "requirement", "criterion", "document", "proposed_by")
            .order_by("number")
        ),
        columns=(
            (_("Number"), "code"),
            (_("What is waived"), lambda row: str(row.subject)),
            (_("Version"), "version"),
            (_("State"), "get_state_display"),
            (_("Document"), "document"),
            (_("Reason"), "reason"),
        ),
        more=lambda row, reader: {"code": row.code},
    ),
    Section(
        "imports",
        _("Imported results"),
        _imports,
        columns=(
            (_("Number"), "code"),
            (_("File"), "file_name"),
            (_("Format"), "get_format_display"),
            (_("Read"), "read"),
            (_("Passed"), "passed"),
            (_("Failed"), "failed"),
            (_("Imported by"), "created_by.name"),
            (_("Time"), "created_at"),
        ),
        more=_imported,
        files=_imported_file,
    ),
    Section(
        "audits",
        _("Audits"),
        _audits,
        columns=(
            (_("Number"), "code"),
            (_("Title"), "title"),
            (_("Audited against"), "standard"),
            (_("Audited by"), "organisation.name"),
            (_("State"), "get_state_display"),
            (_("Concluded"), "reported_at"),
            (_("Fingerprint (SHA-256)"), "report_sha256"),
        ),
        leave_out=frozenset({"access"}),
        more=_audit,
        files=_audit_files,
    ),
)
