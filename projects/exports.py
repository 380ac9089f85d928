"""What the export of a project's evidence holds of this app: see projects.sections."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.domain import trail
from audit.domain.vocabulary import VERBS
from audit.models import Entry
from projects.domain.file_types import clean_name
from projects.enums import PhaseItemKind
from projects.models import Attachment, Comment, GateReview, Membership, Phase, Project
from projects.permissions import can_view_trail
from projects.roles import is_team, visible_in
from projects.sections import Section, StoredFile, named, record_of, safe_path
from projects.targets import on_visible_targets


def _about(rows: Any, reader: Any, project: Project) -> Any:
    """Comments or files that exist for the reader, on things that do."""
    rows = visible_in(rows, reader, project)
    return rows if is_team(reader, project) else on_visible_targets(rows, reader, project)


def attached_file(attachment: Attachment) -> StoredFile:
    name = clean_name(attachment.name)
    return StoredFile(
        safe_path("attachments", f"{attachment.pk:06}-{name}"), lambda: attachment.file.open("rb"), attachment.sha256
    )


def _trail(reader: Any, project: Project) -> Any:
    entries = trail.entries_of_project(project.pk).select_related("chain").order_by("number")
    return entries if can_view_trail(reader, project) else entries.none()


def _entry(entry: Entry, reader: Any) -> dict[str, Any]:
    """All that the hash of the entry was computed over, so that check.py computes it again."""
    return {
        "chain": entry.chain.name,
        "at": trail.instant(entry.at),
        "actor_id": entry.actor_id,
        "object_id": entry.object_id,
    }


def _phase_items(phase: Phase, reader: Any) -> dict[str, Any]:
    """The check-list and what a phase needs and gives; which risks to consider is the team's own thought."""
    hidden = set() if is_team(reader, phase.project) else {PhaseItemKind.RISK_PROMPT}
    items = [item for item in phase.items.all() if item.kind not in hidden]
    return {
        "items": [
            {
                "kind": item.kind,
                "text": item.text,
                "done_at": item.done_at,
                "done_by": item.done_by.name if item.done_by else None,
            }
            for item in items
        ]
    }


def _gate_review(review: GateReview, reader: Any) -> dict[str, Any]:
    findings = [record_of(row, reader, review.project, frozenset({"id", "review"})) for row in review.findings.all()]
    return {
        "code": review.code,
        "participants": [person.name for person in review.participants.all()],
        "findings": findings,
    }


SECTIONS = (
    Section(
        "members",
        _("People"),
        lambda reader, project: (
            Membership.objects.filter(project=project).select_related("user__organisation").order_by("pk")
        ),
        columns=(
            (_("Name"), "user.name"),
            (_("Organisation"), "user.organisation.name"),
            (_("Job title"), "user.job_title"),
            (_("Role"), "get_role_display"),
        ),
        more=lambda row, reader: {"organisation": row.user.organisation.name, "job_title": row.user.job_title},
    ),
    Section(
        "phases",
        _("Phases"),
        lambda reader, project: project.phases.prefetch_related("items__done_by"),
        columns=(
            (_("Number"), "number"),
            (_("Name"), "name"),
            (_("State"), "get_state_display"),
            (_("Starts on"), "starts_on"),
            (_("Ends on"), "ends_on"),
        ),
        more=_phase_items,
    ),
    Section(
        "gate_reviews",
        _("Gate reviews"),
        lambda reader, project: visible_in(
            GateReview.objects.select_related("project", "phase", "recorded_by").prefetch_related(
                "participants", "findings__owner", "findings__done_by"
            ),
            reader,
            project,
        ),
        columns=(
            (_("Number"), "code"),
            (_("Phase"), "phase"),
            (_("Held on"), "held_on"),
            (_("Verdict"), "get_verdict_display"),
            (_("Who took part"), lambda row: [person.name for person in row.participants.all()]),
            (_("Findings"), lambda row: [finding.statement for finding in row.findings.all()]),
            (_("Recorded by"), "recorded_by.name"),
        ),
        more=_gate_review,
    ),
    Section(
        "comments",
        _("Comments"),
        lambda reader, project: _about(
            Comment.objects.select_related("author").prefetch_related("target"), reader, project
        ).order_by("pk"),
        columns=(
            (_("About"), "target"),
            (_("Author"), "author.name"),
            (_("Time"), "created_at"),
            (_("Comment"), "text"),
        ),
        more=lambda row, reader: {"about": named(row.target, reader, row.project)},
    ),
    Section(
        "attachments",
        _("Attachments"),
        lambda reader, project: _about(
            Attachment.objects.select_related("uploaded_by").prefetch_related("target"), reader, project
        ).order_by("pk"),
        columns=(
            (_("Name"), "name"),
            (_("About"), "target"),
            (_("Uploaded by"), "uploaded_by.name"),
            (_("Uploaded"), "uploaded_at"),
            (_("Size"), "size"),
            (_("Fingerprint (SHA-256)"), "sha256"),
            (_("Removed"), "removed_at"),
        ),
        more=lambda row, reader: {"about": named(row.target, reader, row.project)},
        files=lambda row, reader: [attached_file(row)] if row.is_given_out else [],
    ),
    Section(
        "trail",
        _("Trail"),
        _trail,
        columns=(
            (_("Number"), "number"),
            (_("Time"), "at"),
            (_("Person"), "actor_name"),
            (_("Action"), lambda entry: VERBS.get(entry.action, entry.action)),
            (_("Object"), "object_label"),
            (_("Fingerprint (SHA-256)"), "hash"),
        ),
        leave_out=frozenset({"actor", "chain", "id"}),
        more=_entry,
    ),
)
