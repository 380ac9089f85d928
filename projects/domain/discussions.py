"""What is said about an object and attached to it, in one step."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from audit.domain import trail
from notices.domain import outbox
from projects.domain.attachments import attach, check_upload
from projects.domain.audiences import audience_for
from projects.enums import Role
from projects.models import Attachment, AudienceQuerySet, Comment
from projects.roles import visible_in
from projects.targets import is_visible, people_of


@transaction.atomic
def add_comment(target: Any, text: str, *, by: User, audience: str = "") -> Comment:
    """Write a remark on `target`, an object of a project that its caller found visible to `by`.

    Whom the object concerns, and who spoke about it before, is told, if the remark exists for them; where there is no
    such person, the project managers are.
    """
    comment = Comment.objects.create(
        project=target.project,
        target=target,
        author=by,
        text=text,
        audience=audience_for(by, target.project, audience),
    )
    trail.record("comment", comment, by=by, before={}, facts={"about": str(target)})
    _tell_others(comment, target)
    return comment


def _tell_others(comment: Comment, target: Any) -> None:
    project = comment.project
    spoke = Comment.objects.filter(content_type=comment.content_type, object_id=comment.object_id).values("author")
    people = people_of(target) | set(User.objects.filter(pk__in=spoke))
    if not people - {comment.author}:  # nobody owns it and nobody spoke before: somebody has to hear of it
        people = set(User.objects.filter(memberships__project=project, memberships__role=Role.PROJECT_MANAGER))
    for person in sorted(people - {comment.author}, key=lambda person: person.pk):
        if not visible_in(Comment.objects.filter(pk=comment.pk), person, project).exists():
            continue
        if is_visible(target, person, project):
            outbox.tell(
                person,
                "projects/mails/commented",
                {"comment": comment, "target": target, "project": project},
                url=target.get_absolute_url(),
                key=f"comment:{comment.pk}",
                project_id=project.pk,
            )


@transaction.atomic
def contribute(
    target: Any, *, text: str = "", uploads: Sequence[UploadedFile] = (), by: User, audience: str = ""
) -> None:
    """Add a remark and files together, or nothing if one of the files is refused (see attachments.check_upload)."""
    for upload in uploads:
        check_upload(upload)
    if text:
        add_comment(target, text, by=by, audience=audience)
    for upload in uploads:
        attach(target, upload, by=by, audience=audience)


def comments_on(target: Any, user: User) -> "AudienceQuerySet[Comment]":
    """Return the remarks on `target` that exist for `user`."""
    return _on(Comment.objects.select_related("author__organisation"), target, user)


def attachments_on(target: Any, user: User) -> "AudienceQuerySet[Attachment]":
    """Return the files on `target` that exist for `user`."""
    return _on(Attachment.objects.select_related("uploaded_by"), target, user)


def _on(queryset: AudienceQuerySet, target: Any, user: User) -> AudienceQuerySet:
    kind = ContentType.objects.get_for_model(target)
    return visible_in(queryset, user, target.project).filter(content_type=kind, object_id=target.pk)
