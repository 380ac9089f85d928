"""How a view says who may open it. Every view carries exactly one of these; a test walks the URLs and finds it.

A stranger to a project gets 404 (it does not exist for them), a member with the wrong role gets 403.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from common.access import Predicate, is_administrator, is_of_vendor, is_signed_in, person_page, public_page
from projects.models import Project

__all__ = ["is_administrator", "is_of_vendor", "is_signed_in", "person_page", "project_page", "public_page"]


def project_page(permission: Predicate):
    """The view of one project: it is called with the Project in place of the key `project_key` of the URL.

    `permission(user, project)` is asked after the scope; what depends on one object is asked in the view.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, project_key: str, **kwargs):
            visible = Project.objects.visible_to(request.user).select_related("customer")
            project = get_object_or_404(visible, key=project_key)
            if not permission(request.user, project):
                raise PermissionDenied
            request.project = project  # type: ignore[attr-defined]
            return view(request, project, **kwargs)

        guarded.access = f"project: {permission.__name__}"  # type: ignore[attr-defined]
        guarded.may_open = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
