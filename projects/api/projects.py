from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.enums import OrganisationKind
from accounts.models import Organisation
from audit.domain import trail
from projects.domain import playbooks, projects
from projects.models import Project
from projects.permissions import can_create_project, can_edit_project


class ProjectSerializer(serializers.ModelSerializer):
    customer = serializers.CharField(source="customer.name", read_only=True)

    class Meta:
        model = Project
        fields = ["key", "name", "customer", "language", "summary", "state", "playbook", "starts_on", "go_live_on"]
        read_only_fields = ["key", "state", "playbook"]

    def validate(self, attrs):
        starts_on = attrs.get("starts_on", getattr(self.instance, "starts_on", None))
        go_live_on = attrs.get("go_live_on", getattr(self.instance, "go_live_on", None))
        if starts_on and go_live_on and go_live_on < starts_on:
            raise serializers.ValidationError({"go_live_on": _("Go-live cannot be before the start.")})
        return attrs


class NewProjectSerializer(serializers.ModelSerializer):
    """`customer` is the name of a customer that exists; without `go_live_on` the playbook's own length is used."""

    customer = serializers.SlugRelatedField(
        slug_field="name", queryset=Organisation.objects.filter(kind=OrganisationKind.CUSTOMER)
    )
    playbook = serializers.ChoiceField(choices=playbooks.list_codes())

    class Meta:
        model = Project
        fields = ["key", "name", "customer", "language", "summary", "playbook", "starts_on", "go_live_on"]


class ProjectViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.UpdateModelMixin, viewsets.GenericViewSet
):
    """The projects that the caller takes part in."""

    serializer_class = ProjectSerializer
    lookup_field = "key"
    lookup_value_regex = "[A-Z0-9-]+"
    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = Project.objects.none()  # names the model for the schema

    def get_queryset(self):
        return Project.objects.visible_to(self.request.user).select_related("customer")

    @extend_schema(request=NewProjectSerializer, responses={201: ProjectSerializer})
    def create(self, request):
        """Start a project from a playbook; the caller becomes its manager."""
        if not can_create_project(request.user):
            raise PermissionDenied
        serializer = NewProjectSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        project = projects.start_project(**serializer.validated_data, by=request.user)
        return Response(ProjectSerializer(project).data, status=status.HTTP_201_CREATED)

    def perform_update(self, serializer):
        self._check_right(serializer.instance)
        for name, value in serializer.validated_data.items():
            setattr(serializer.instance, name, value)
        trail.save(serializer.instance, by=self.request.user)

    @extend_schema(operation_id="projects_move", request=None, responses=ProjectSerializer)
    @action(detail=True, methods=["post"], url_path="(?P<move>go_live|close|reopen)")
    def move(self, request, key, move):
        """Say that the system is live, close the project, or reopen it."""
        project = self.get_object()
        self._check_right(project)
        return Response(ProjectSerializer(projects.move_project(project.pk, move, by=request.user)).data)

    def _check_right(self, project):
        if not can_edit_project(self.request.user, project):
            raise PermissionDenied
