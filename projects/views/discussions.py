from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from common.errors import Refusal
from projects.access import project_page
from projects.discussions import discussion_context
from projects.domain import discussions
from projects.domain.pictures import SIZES
from projects.files import download, show_picture
from projects.forms import DiscussionForm
from projects.models import Attachment
from projects.permissions import can_comment, can_view_project
from projects.roles import is_team, visible_in
from projects.targets import find_target, is_visible


@project_page(can_comment)
def discussion(request, project, label, number):
    """What is said about one object: a page of its own for who has no htmx, and where both add to it."""
    target = find_target(label, number, request.user, project)
    if target is None:
        raise Http404
    form = None
    if request.method == "POST":
        form = DiscussionForm(request.POST, request.FILES, is_team=is_team(request.user, project))
        if form.is_valid() and _contribute(form, target, request.user):
            if not request.htmx:
                messages.success(request, _("Added."))
                return redirect(target)  # type: ignore[call-overload]
            form = None
    context = discussion_context(request, target, form)
    return render(request, "projects/_discussion.html" if request.htmx else "projects/discussion.html", context)


def _contribute(form, target, user) -> bool:
    fields = form.cleaned_data
    try:
        discussions.contribute(
            target, text=fields["text"], uploads=fields["uploads"], by=user, audience=fields.get("audience", "")
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@project_page(can_view_project)
def attachment(request, project, pk):
    return download(_find_attachment(request.user, project, pk))


@project_page(can_view_project)
def attachment_picture(request, project, pk, size):
    if size not in SIZES:
        raise Http404
    return show_picture(_find_attachment(request.user, project, pk), size)


def _find_attachment(user, project, pk) -> Attachment:
    found = get_object_or_404(visible_in(Attachment.objects.all(), user, project), pk=pk)
    if not is_visible(found.target, user, project):
        raise Http404
    return found
