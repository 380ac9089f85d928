"""What the export of a project's evidence holds of this app: see projects.sections."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from delivery.domain.queries import visible_deliverables
from delivery.models import Deliverable, DeliverableVersion, Task
from projects.domain.file_types import clean_name
from projects.roles import visible_in
from projects.sections import Section, StoredFile, all_named, record_of, safe_path

PART = frozenset({"id", "deliverable", "version"})  # of what lies inside its own row


def _deliverables(reader: Any, project: Any) -> Any:
    rows = visible_deliverables(reader, project).select_related("project", "phase", "approved_by", "approved_version")
    return rows.prefetch_related("versions__uploaded_by", "versions__review__reviewed_by", "raci__person").order_by(
        "number"
    )


def _deliverable(row: Deliverable, reader: Any) -> dict[str, Any]:
    versions = []
    for version in row.versions.all():
        review = getattr(version, "review", None)
        said = record_of(review, reader, row.project, PART) if review else None
        versions.append(record_of(version, reader, row.project, PART) | {"review": said})
    return {
        "code": row.code,
        "versions": versions,
        "raci": [record_of(entry, reader, row.project, PART) for entry in row.raci.all()],
    }


def _files(row: Deliverable, reader: Any) -> list[StoredFile]:
    return [_file(row, version) for version in row.versions.all()]


def _file(row: Deliverable, version: DeliverableVersion) -> StoredFile:
    path = safe_path("deliverables", f"{row.code}-v{version.number}-{clean_name(version.name)}")
    return StoredFile(path, lambda: version.file.open("rb"), version.sha256)


SECTIONS = (
    Section(
        "deliverables",
        _("Deliverables"),
        _deliverables,
        columns=(
            (_("Number"), "code"),
            (_("Title"), "title"),
            (_("Phase"), "phase"),
            (_("Kind"), "get_kind_display"),
            (_("State"), "get_state_display"),
            (_("Approved by"), "approved_by.name"),
            (_("Versions"), lambda row: len(row.versions.all())),
        ),
        leave_out=frozenset({"approved_version"}),
        more=_deliverable,
        files=_files,
    ),
    Section(
        "tasks",
        _("Tasks"),
        lambda reader, project: visible_in(
            Task.objects.select_related("project", "phase", "owner").prefetch_related("requirements"), reader, project
        ).order_by("number"),
        columns=(
            (_("Number"), "label"),
            (_("Title"), "title"),
            (_("Phase"), "phase"),
            (_("Milestone"), "is_milestone"),
            (_("Starts on"), "starts_on"),
            (_("Ends on"), "ends_on"),
            (_("Owner"), "owner.name"),
            (_("Progress"), lambda task: f"{task.progress_percent} %"),
        ),
        more=lambda task, reader: {
            "code": task.label,
            "requirements": all_named(task.requirements.all(), reader, task.project),
        },
    ),
)
