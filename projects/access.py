"""How a view says who may open it. Every view carries exactly one of these; a test walks the URLs and finds it.

A stranger to a project gets 404 (it does not exist for them), a member with the wrong role gets 403.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from projects.models import Project

Predicate = Callable[..., bool]


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
        return guarded

    return decorate


def person_page(permission: Predicate):
    """A view outside any project, for the signed-in people for whom `permission(user)` holds; others get 403."""

    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs):
            if not permission(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = f"person: {permission.__name__}"  # type: ignore[attr-defined]
        return guarded

    return decorate


def public_page(reason: str):
    """A view that needs no sign-in; `reason` says why that is safe."""

    def decorate(view):
        public = login_not_required(view)
        public.access = f"public: {reason}"
        return public

    return decorate


def is_signed_in(user) -> bool:
    return user.is_authenticated


def is_administrator(user) -> bool:
    return user.is_authenticated and user.is_administrator


def is_of_vendor(user) -> bool:
    return user.is_authenticated and (user.is_administrator or user.is_of_vendor)
