import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.enums import Audience
from projects.models import Phase
from projects.roles import is_team, visible_in
from quality.api.fields import OfProject, ReopeningSerializer, numbered, person
from quality.domain import defects
from quality.forms.defects import DefectFilter
from quality.models import Defect, TestCase
from quality.permissions import (
    can_close_defect,
    can_edit_defect,
    can_fix_defect,
    can_reopen_defect,
    can_report_defect,
    can_view_quality,
)


class DefectSerializer(OfProject, serializers.ModelSerializer):
    code = serializers.CharField(read_only=True)
    phase = numbered(Phase, required=False, allow_null=True)
    case = numbered(TestCase, required=False, allow_null=True)
    owner = person(required=False, allow_null=True)
    reported_by = serializers.CharField(source="reported_by.name", read_only=True)

    class Meta:
        model = Defect
        fields = [
            "number",
            "code",
            "title",
            "severity",
            "priority",
            "seen",
            "expected",
            "case",
            "step",
            "phase",
            "build",
            "environment",
            "owner",
            "fix_planned_on",
            "state",
            "reported_by",
            "reported_at",
            "fixed_at",
            "fixed_in",
            "closed_at",
            "audience",
            "shared_for_audit",
        ]
        read_only_fields = ["number", "state", "reported_at", "fixed_at", "fixed_in", "closed_at"]


# What a customer says of a defect; the rest is the team's to find out, as on the page.
REPORTED = frozenset({"title", "severity", "seen", "expected", "phase"})


class FixSerializer(serializers.Serializer):
    fixed_in = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class DefectApiFilter(DefectFilter):
    """As on the page, but the owner is named by e-mail and the phase by number."""

    owner = django_filters.CharFilter(field_name="owner__email", lookup_expr="iexact")
    phase = django_filters.NumberFilter(field_name="phase__number")

    def choices_in(self, project):
        """The fields of the API name what they mean themselves."""


class DefectViewSet(ProjectScoped, mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The defects of a project that the caller may see."""

    serializer_class = DefectSerializer
    queryset = Defect.objects.none()
    lookup_field = "number"
    filterset_class = DefectApiFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    rights = {
        "list": can_view_quality,
        "retrieve": can_view_quality,
        "create": can_report_defect,
        "partial_update": can_edit_defect,
        "fix": can_fix_defect,
        "close": can_close_defect,
        "reopen": can_reopen_defect,
    }

    def get_queryset(self):
        visible = visible_in(Defect.objects.all(), self.request.user, self.project)
        return visible.select_related("phase", "case", "owner", "reported_by").order_by("number")

    def perform_create(self, serializer):
        values = dict(serializer.validated_data)
        if not is_team(self.request.user, self.project):
            values = {name: value for name, value in values.items() if name in REPORTED}
            values["audience"] = Audience.CUSTOMER
        serializer.instance = defects.report_defect(self.project, by=self.request.user, **values)

    def perform_update(self, serializer):
        values = serializer.validated_data
        serializer.instance = defects.edit_defect(serializer.instance.pk, by=self.request.user, **values)

    @extend_schema(request=FixSerializer, responses=DefectSerializer)
    @action(detail=True, methods=["post"])
    def fix(self, request, **kwargs):
        fields = FixSerializer(data=request.data)
        fields.is_valid(raise_exception=True)
        return self._answer(defects.fix_defect(self.get_object().pk, by=request.user, **fields.validated_data))

    @extend_schema(request=None, responses=DefectSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request, **kwargs):
        return self._answer(defects.close_defect(self.get_object().pk, by=request.user))

    @extend_schema(request=ReopeningSerializer, responses=DefectSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request, **kwargs):
        fields = ReopeningSerializer(data=request.data)
        fields.is_valid(raise_exception=True)
        return self._answer(defects.reopen_defect(self.get_object().pk, by=request.user, **fields.validated_data))

    def _answer(self, defect):
        return Response(DefectSerializer(defect).data)
