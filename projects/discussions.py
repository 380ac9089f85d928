"""What `_discussion.html` needs; the tag `{% discussion obj %}` and the view that adds to it both ask here."""

from typing import Any

from django.urls import reverse

from projects.domain.discussions import attachments_on, comments_on
from projects.forms import DiscussionForm
from projects.permissions import can_comment
from projects.roles import is_team
from projects.targets import reference


def discussion_context(request, target: Any, form: DiscussionForm | None = None) -> dict[str, Any]:
    """Return comments and files on `target` that exist for this person, and the form if they may add. Two queries."""
    user, project = request.user, target.project
    label, number = reference(target)
    team = is_team(user, project)
    if form is None and can_comment(user, project):
        form = DiscussionForm(is_team=team)
    return {
        "request": request,
        "csrf_token": request.META.get("CSRF_COOKIE", ""),
        "target": target,
        "project": project,
        "comments": list(comments_on(target, user)),
        "attachments": list(attachments_on(target, user)),
        "form": form,
        "is_team": team,
        "url": reverse("projects:discussion", args=[project.key, label, number]),
    }
