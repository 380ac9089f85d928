"""What every API route of a project shares: the scope and the rights."""

from collections.abc import Callable
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from projects.models import Project


class ProjectScoped:
    """Mixin for viewsets under `projects/{project_key}/…`: 404 for strangers, 403 for a wrong role.

    `rights` maps each action to the predicate (user, project) that must hold; an action missing there is refused.
    """

    rights: dict[str, Callable[..., bool]] = {}

    @cached_property
    def project(self) -> Project:
        visible = Project.objects.visible_to(self.request.user).select_related("customer")  # type: ignore[attr-defined]
        project = get_object_or_404(visible, key=self.kwargs["project_key"])  # type: ignore[attr-defined]
        self.request._request.project = project  # type: ignore[attr-defined]  # as pages have it: filters ask for it
        return project

    def get_serializer_context(self):
        return super().get_serializer_context() | {"project": self.project}  # type: ignore[misc]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        allowed = self.rights.get(self.action)  # type: ignore[attr-defined]
        if self.action is not None and (  # type: ignore[attr-defined]
            allowed is None or not allowed(request.user, self.project)
        ):
            raise PermissionDenied
