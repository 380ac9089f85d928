"""What the people of an audit see of a project: its list, kept object by object and on record."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Func, Q, QuerySet, Subquery

from accounts.models import User
from audit.domain import trail
from projects.domain.errors import CannotBeShared, FileOfHiddenThing
from projects.models import Attachment, Audienced, AudienceQuerySet, AuditAccess, Project, SharedItem
from projects.shareable import Shareable, find_shareable, shareable_kinds


def make_access(project: Project, people: Iterable[User]) -> AuditAccess:
    """Return a new list for `people`, with nothing on it and not open yet."""
    access = AuditAccess.objects.create(project=project)
    access.people.set(people)
    return access


def set_open(access: AuditAccess, is_open: bool) -> None:
    """Let the people of the list see what is on it, or no longer."""
    access.is_open = is_open
    access.save(update_fields=["is_open"])


@transaction.atomic
def share(access: AuditAccess, target: Audienced, *, purpose: str, by: User) -> None:
    """Put `target`, an object of the project, on the list; once more changes nothing.

    `purpose` names the audit in the trail. Raises CannotBeShared for what is of another project or not signed or
    published yet, FileOfHiddenThing for a file on something that is not shared, since
    a file opens only where the thing it hangs on does.
    """
    kind = find_shareable(target._meta.label_lower)
    if kind is None or not kind.rows(access.project).filter(pk=target.pk).exists():
        raise CannotBeShared(thing=str(target))
    if isinstance(target, Attachment) and not _shows_owner(access, target):
        raise FileOfHiddenThing(file=target.name, thing=str(target.target))
    _item, is_new = SharedItem.objects.get_or_create(
        access=access, content_type=_kind(target), object_id=target.pk, defaults={"shared_by": by}
    )
    if is_new:
        trail.record("share_for_audit", target, by=by, facts={"audit": purpose})


@transaction.atomic
def unshare(access: AuditAccess, target: Audienced, *, purpose: str, by: User) -> None:
    """Take `target` off the list, and the files that hang on it; what is not on it stays as it is."""
    removed, _each = access.items.filter(content_type=_kind(target), object_id=target.pk).delete()
    if removed:
        trail.record("unshare_for_audit", target, by=by, facts={"audit": purpose})
        for file in Attachment.objects.filter(content_type=_kind(target), object_id=target.pk):
            unshare(access, file, purpose=purpose, by=by)


def seen_through(access: AuditAccess, queryset: AudienceQuerySet) -> Q:
    """The condition for what the audit shows, open or not: what is on its list, and what every audit shows."""
    return queryset.on_list_of([access.pk]) | Q(shared_for_audit=True)


def shared_rows(access: AuditAccess, kind: Shareable) -> QuerySet:
    """Return what the audit shows of one kind."""
    rows = kind.rows(access.project)
    return rows.filter(seen_through(access, rows))


def shared_counts(access: AuditAccess) -> list[tuple[Shareable, int]]:
    """Return how much of each kind the audit shows, in one query."""
    kinds = shareable_kinds()
    counts = [Subquery(_count(shared_rows(access, kind))) for kind in kinds]
    numbers = AuditAccess.objects.filter(pk=access.pk).values_list(*counts).get()
    return list(zip(kinds, numbers, strict=True))


def shows(access: AuditAccess, target: Audienced) -> bool:
    """Whether the audit shows `target`, an object of its project."""
    rows = type(target).objects.filter(pk=target.pk)
    return rows.filter(seen_through(access, rows)).exists()


def _shows_owner(access: AuditAccess, file: Attachment) -> bool:
    return not isinstance(file.target, Audienced) or shows(access, file.target)


def _count(rows: QuerySet) -> QuerySet:
    """COUNT without GROUP BY, which an aggregate inside a subquery cannot do without."""
    plain = rows.order_by().select_related(None)
    return plain.annotate(total=Func(F("pk"), function="COUNT")).values("total")


def _kind(target: Audienced) -> ContentType:
    return ContentType.objects.get_for_model(target)
