import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework import mixins, serializers, viewsets

from accounts.models import User
from delivery.domain import tasks
from delivery.forms.tasks import TaskFilter, people_of
from delivery.models import Task, validate_dates
from delivery.permissions import can_edit_task, can_view_plan
from projects.api import ProjectScoped
from projects.models import Phase
from projects.roles import visible_in
from requirements.models import Requirement

NUMBERS = Prefetch("requirements", Requirement.objects.only("number"))


class TaskSerializer(serializers.ModelSerializer):
    """A task; phase and requirements are named by their numbers, the owner by e-mail."""

    phase = serializers.SlugRelatedField(slug_field="number", queryset=Phase.objects.none())
    owner = serializers.SlugRelatedField(
        slug_field="email", queryset=User.objects.none(), allow_null=True, required=False
    )
    requirements = serializers.SlugRelatedField(
        slug_field="number", queryset=Requirement.objects.none(), many=True, required=False
    )
    state = serializers.SerializerMethodField()
    version = serializers.IntegerField(required=False, help_text="The version being edited; needed to change a task.")

    class Meta:
        model = Task
        fields = [
            "number",
            "title",
            "description",
            "phase",
            "is_milestone",
            "starts_on",
            "ends_on",
            "owner",
            "owner_role",
            "progress_percent",
            "requirements",
            "audience",
            "state",
            "version",
        ]
        read_only_fields = ["number"]

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        if project is not None:
            fields["phase"].queryset = Phase.objects.filter(project=project)
            fields["owner"].queryset = people_of(project)
            fields["requirements"].child_relation.queryset = Requirement.objects.filter(project=project)
        return fields

    def get_state(self, task) -> str:
        return task.state_on(timezone.localdate())

    def validate(self, attrs):
        def value(name):
            return attrs.get(name, getattr(self.instance, name, None))

        try:
            validate_dates(value("starts_on"), value("ends_on"), bool(value("is_milestone")))
        except ValidationError as wrong:
            raise serializers.ValidationError({"ends_on": wrong.messages}) from wrong
        if self.instance is not None and "version" not in attrs:
            raise serializers.ValidationError({"version": gettext("Name the version that you read.")})
        return attrs


class TaskApiFilter(TaskFilter):
    """As on the page, but people are named by e-mail here."""

    owner = django_filters.CharFilter(field_name="owner__email", lookup_expr="iexact")

    def choices_in(self, project):
        self.filters["phase"].queryset = Phase.objects.filter(project=project)


class TaskViewSet(
    ProjectScoped,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.ReadOnlyModelViewSet,
):
    """The tasks and milestones of a project that the caller may see."""

    serializer_class = TaskSerializer
    queryset = Task.objects.none()
    lookup_field = "number"
    filterset_class = TaskApiFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    rights = {
        "list": can_view_plan,
        "retrieve": can_view_plan,
        "create": can_edit_task,
        "partial_update": can_edit_task,
    }

    def get_queryset(self):
        visible = visible_in(Task.objects.all(), self.request.user, self.project)
        return visible.select_related("phase", "owner").prefetch_related(NUMBERS).order_by("number")

    def perform_create(self, serializer):
        values = dict(serializer.validated_data)
        values.pop("version", None)
        serializer.instance = tasks.create_task(self.project, by=self.request.user, **values)

    def perform_update(self, serializer):
        values = dict(serializer.validated_data)
        serializer.instance = tasks.edit_task(serializer.instance.pk, by=self.request.user, **values)
