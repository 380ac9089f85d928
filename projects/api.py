"""What every API route of a project shares: the scope, the rights, and the project's own routes."""

from collections.abc import Callable
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from rest_framework import mixins, serializers, viewsets

from projects import permissions
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
        if self.action is not None and (allowed is None or not allowed(request.user, self.project)):
            raise PermissionDenied


class ProjectSerializer(serializers.ModelSerializer):
    customer = serializers.CharField(source="customer.name", read_only=True)

    class Meta:
        model = Project
        fields = ["key", "name", "customer", "language", "summary", "state", "starts_on", "go_live_on"]


class ProjectViewSet(viewsets.ReadOnlyModelViewSet):
    """The projects that the caller takes part in."""

    serializer_class = ProjectSerializer
    lookup_field = "key"
    queryset = Project.objects.none()  # names the model for the schema

    def get_queryset(self):
        return Project.objects.visible_to(self.request.user).select_related("customer")


class MembershipSerializer(serializers.Serializer):
    user = serializers.CharField(source="user.name")
    organisation = serializers.CharField(source="user.organisation.name")
    role = serializers.CharField()


class MembershipViewSet(ProjectScoped, viewsets.GenericViewSet, mixins.ListModelMixin):
    """Who is in the project, a row per role."""

    serializer_class = MembershipSerializer
    rights = {"list": permissions.can_view_team}

    def get_queryset(self):
        return self.project.memberships.select_related("user__organisation")


def register(router) -> None:
    router.register("projects", ProjectViewSet, basename="project")
    router.register(r"projects/(?P<project_key>[A-Z0-9-]+)/members", MembershipViewSet, basename="member")
