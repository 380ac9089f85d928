"""How a view outside any project says who may open it. Every view carries exactly one guard; a test walks the URLs.

The guard of a project's pages is `projects.access.project_page`. Each leaves two notes on its view: `access`, in words,
and `may_open(user, project)`, which the menus ask so that they lead nowhere one is refused.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

Predicate = Callable[..., bool]


def person_page(permission: Predicate):
    """A view outside any project, for the signed-in people for whom `permission(user)` holds; others get 403."""

    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs):
            if not permission(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = f"person: {permission.__name__}"  # type: ignore[attr-defined]
        guarded.may_open = lambda user, project: permission(user)  # type: ignore[attr-defined]
        return guarded

    return decorate


def public_page(reason: str):
    """A view that needs no sign-in; `reason` says why that is safe."""

    def decorate(view):
        public = login_not_required(view)
        public.access = f"public: {reason}"
        public.may_open = lambda user, project: True
        return public

    return decorate


def is_signed_in(user) -> bool:
    return user.is_authenticated


def is_administrator(user) -> bool:
    return user.is_authenticated and user.is_administrator


def is_of_vendor(user) -> bool:
    return user.is_authenticated and (user.is_administrator or user.is_of_vendor)
