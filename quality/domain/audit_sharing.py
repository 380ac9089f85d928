"""What can be shared for an audit, and what is."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from projects.domain import sharing
from projects.models import Attachment, SharedItem
from projects.shareable import Shareable
from quality.models import ActionEvent, Audit, AuditFinding

MOST = 50  # of one kind, offered to be named in a finding


def candidates(audit: Audit, kind: Shareable, words: str = "") -> QuerySet:
    """Return what of one kind the project has, newest first, each with `is_listed`: whether it is shared for this
    audit. The files of audits go with their audit and are left out."""
    listed = SharedItem.objects.filter(
        access=audit.access_id,
        content_type=ContentType.objects.get_for_model(kind.model),
        object_id=OuterRef("pk"),
    )
    rows = kind.rows(audit.project).annotate(is_listed=Exists(listed)).order_by("-pk")
    if kind.model is Attachment:
        own = ContentType.objects.get_for_models(AuditFinding, ActionEvent).values()
        rows = rows.exclude(content_type__in=[content_type.pk for content_type in own])
    return rows.filter(kind.matching(words)) if words.strip() else rows


def things_to_name(audit: Audit) -> list[tuple[Shareable, list]]:
    """Return what a finding can be about: of each kind the newest of what the audit shows."""
    return [
        (kind, list(sharing.shared_rows(audit.access, kind).order_by("-pk")[:MOST]))
        for kind, count in sharing.shared_counts(audit.access)
        if count
    ]
