from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.roles import visible_in
from quality.api.fields import OfProject, numbered
from quality.domain import cases
from quality.domain.cases import Step
from quality.forms.cases import CaseFilter
from quality.models import CaseVersion, TestCase
from quality.permissions import can_edit_case, can_view_case_versions, can_view_quality
from requirements.models import Requirement


class StepSerializer(serializers.Serializer):
    action = serializers.CharField(max_length=500)
    test_data = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    expected = serializers.CharField(max_length=500)


class CaseSerializer(OfProject, serializers.ModelSerializer):
    """A test case; to change one, send the `version` that you read. Steps, when sent, replace all of its steps."""

    code = serializers.CharField(read_only=True)
    steps = StepSerializer(many=True, required=False)
    requirements = numbered(Requirement, many=True, required=False)
    version = serializers.IntegerField(required=False)

    class Meta:
        model = TestCase
        fields = [
            "number",
            "code",
            "title",
            "process",
            "preconditions",
            "kind",
            "scenario",
            "priority",
            "requirements",
            "steps",
            "version",
            "state",
            "audience",
            "shared_for_audit",
        ]
        read_only_fields = ["number", "state"]

    def validate(self, attrs):
        if self.instance is not None and "version" not in attrs:
            raise serializers.ValidationError({"version": gettext("Name the version that you read.")})
        return attrs

    def values(self) -> dict:
        """The keyword arguments of the domain functions."""
        values = dict(self.validated_data)
        if "steps" in values:
            values["steps"] = [Step(**step) for step in values["steps"]]
        return values


class CaseVersionSerializer(serializers.ModelSerializer):
    """What a case said at a version; who and when are null where the version is older than this record."""

    steps = StepSerializer(many=True)
    written_by = serializers.CharField(source="written_by.name", default=None)

    class Meta:
        model = CaseVersion
        fields = ["number", "title", "preconditions", "steps", "written_by", "written_at"]


class CaseViewSet(ProjectScoped, mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The test cases of a project that the caller may see."""

    serializer_class = CaseSerializer
    queryset = TestCase.objects.none()
    lookup_field = "number"
    filterset_class = CaseFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    rights = {
        "list": can_view_quality,
        "retrieve": can_view_quality,
        "create": can_edit_case,
        "partial_update": can_edit_case,
        "retire": can_edit_case,
        "restore": can_edit_case,
        "versions": can_view_case_versions,
    }

    def get_queryset(self):
        visible = visible_in(TestCase.objects.all(), self.request.user, self.project)
        return visible.prefetch_related("steps", "requirements").order_by("number")

    def perform_create(self, serializer):
        values = serializer.values()
        values.pop("version", None)
        serializer.instance = cases.create_case(self.project, by=self.request.user, **values)

    def perform_update(self, serializer):
        serializer.instance = cases.edit_case(serializer.instance.pk, by=self.request.user, **serializer.values())

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retire(self, request, **kwargs):
        return self._answer(cases.retire_case(self.get_object().pk, by=request.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request, **kwargs):
        return self._answer(cases.restore_case(self.get_object().pk, by=request.user))

    @extend_schema(responses=CaseVersionSerializer(many=True))
    @action(detail=True, methods=["get"], filterset_class=None)
    def versions(self, request, **kwargs):
        """Every version of the case, oldest first, for the vendor's people."""
        found = self.get_object().versions.select_related("written_by").order_by("number")
        return self.get_paginated_response(CaseVersionSerializer(self.paginate_queryset(found), many=True).data)

    def _answer(self, case):
        return Response(self.get_serializer(case).data)
