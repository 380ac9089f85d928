from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from quality.domain.traceability import read_matrix, scopes_in, shown
from quality.domain.waivers import waived_requirements
from quality.enums import Outcome, RequirementStatus
from quality.forms.traceability import TraceabilityForm
from quality.permissions import can_view_quality
from requirements.models import Requirement

SCOPE = [
    OpenApiParameter("build", str),
    OpenApiParameter("environment", str),
    OpenApiParameter("since", str, description="The first day, as YYYY-MM-DD."),
    OpenApiParameter("until", str, description="The last day, as YYYY-MM-DD."),
]


class RateSerializer(serializers.Serializer):
    """k of n; without a case there is no rate."""

    count = serializers.IntegerField()
    total = serializers.IntegerField()

    def to_representation(self, measured):
        count, total = measured.counts or (0, 0)
        return {"count": count, "total": total}


class TracedCaseSerializer(serializers.Serializer):
    """A case that is not shared with the caller has no number and no title."""

    number = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Outcome)
    executed_at = serializers.DateTimeField(allow_null=True)
    run = serializers.IntegerField(source="run_number", allow_null=True)


class TracedRequirementSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=RequirementStatus)
    cases = TracedCaseSerializer(many=True)
    defects = serializers.SerializerMethodField()
    criteria = serializers.SerializerMethodField()

    def get_defects(self, row) -> list[int]:
        return [link.number for link in row.defects]

    def get_criteria(self, row) -> list[str]:
        return [criteria_set.get_absolute_url() for criteria_set in row.criteria]


class TraceSummarySerializer(serializers.Serializer):
    """How many requirements have which status, and the rates of the scope."""

    counts = serializers.DictField(child=serializers.IntegerField())
    coverage = RateSerializer()
    verified = RateSerializer()
    executed = RateSerializer()
    passed = RateSerializer()


class TraceabilityViewSet(ProjectScoped, viewsets.GenericViewSet):
    """Requirements with their tests, latest results, open defects and criteria in a scope, gaps first."""

    serializer_class = TracedRequirementSerializer
    queryset = Requirement.objects.none()  # for the schema
    filter_backends = []
    rights = {"list": can_view_quality, "summary": can_view_quality}

    def _read(self):
        builds, environments = scopes_in(self.project, self.request.user)
        form = TraceabilityForm(
            self.request.query_params, project=self.project, builds=builds, environments=environments
        )
        if form.errors:
            raise serializers.ValidationError(form.errors)
        waived = waived_requirements(self.project)
        return form, read_matrix(self.project, self.request.user, form.scope, phase_id=form.phase_id, waived=waived)

    @extend_schema(parameters=[*SCOPE, OpenApiParameter("status", str, enum=RequirementStatus.values)])
    def list(self, request, **kwargs):
        form, matrix = self._read()
        rows = [row for row in matrix.rows if not form.chosen_status or row.status == form.chosen_status]
        page = shown(self.paginate_queryset(rows), matrix, self.project, request.user)
        for row in page:
            for criteria_set in row.criteria:
                criteria_set.project = self.project
        return self.get_paginated_response(TracedRequirementSerializer(page, many=True).data)

    @extend_schema(parameters=SCOPE, responses=TraceSummarySerializer)
    @action(detail=False, methods=["get"], pagination_class=None)
    def summary(self, request, **kwargs):
        _form, matrix = self._read()
        return Response(TraceSummarySerializer(matrix).data)
