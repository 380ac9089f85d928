import uuid

import django_filters
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.models import Phase
from projects.roles import visible_in
from quality.api.fields import OfProject, numbered, person
from quality.domain import executions, runs, signoffs
from quality.domain.executions import Observation
from quality.enums import RECORDED_OUTCOMES, Severity
from quality.forms.runs import RunFilter
from quality.models import Execution, Result, TestCase, TestRun
from quality.permissions import can_edit_run, can_execute_case, can_record_result, can_sign_off, can_view_quality


class RunSerializer(OfProject, serializers.ModelSerializer):
    code = serializers.CharField(read_only=True)
    phase = numbered(Phase, required=False, allow_null=True)
    planned = serializers.IntegerField(source="planned_count", read_only=True)
    executed = serializers.IntegerField(source="final_count", read_only=True)
    passed = serializers.IntegerField(source="passed_count", read_only=True)

    class Meta:
        model = TestRun
        fields = [
            "number",
            "code",
            "name",
            "phase",
            "build",
            "environment",
            "site",
            "state",
            "started_at",
            "finished_at",
            "planned",
            "executed",
            "passed",
            "shared_for_audit",
        ]
        read_only_fields = ["number", "state", "started_at", "finished_at"]


class ExecutionSerializer(serializers.ModelSerializer):
    case = serializers.IntegerField(source="case.number")
    title = serializers.CharField(source="case.title")
    assigned_to = serializers.EmailField(source="assigned_to.email", default=None)

    class Meta:
        model = Execution
        fields = ["case", "title", "assigned_to", "outcome", "executed_at"]


class PlannedCaseSerializer(OfProject, serializers.Serializer):
    case = numbered(TestCase)
    assigned_to = person(required=False, allow_null=True, default=None)


class ResultSerializer(serializers.ModelSerializer):
    """A result. The same `token` sent again is the same result, so that one whose answer was lost can be sent anew."""

    case = numbered(TestCase, source="execution.case")
    token = serializers.UUIDField(default=uuid.uuid4)
    outcome = serializers.ChoiceField(choices=RECORDED_OUTCOMES)
    severity = serializers.ChoiceField(choices=Severity.choices, default=Severity.MAJOR, write_only=True)
    executed_by = serializers.CharField(source="executed_by.name", read_only=True)

    class Meta:
        model = Result
        fields = [
            "case",
            "token",
            "case_version",
            "outcome",
            "failed_step",
            "comment",
            "severity",
            "build",
            "environment",
            "executed_by",
            "executed_at",
        ]
        read_only_fields = ["build", "environment", "executed_at"]

    def get_fields(self):
        fields = super().get_fields()
        if "project" in self.context:
            fields["case"].queryset = TestCase.objects.filter(project=self.context["project"])
        return fields


class ProcessSerializer(serializers.Serializer):
    """How a business process of a run stands: numbers of UAT cases by their latest result."""

    process = serializers.CharField(source="name")
    planned = serializers.IntegerField()
    passed = serializers.IntegerField()
    failed = serializers.IntegerField()
    blocked = serializers.IntegerField()
    skipped = serializers.IntegerField()
    signed_by = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)


class SignOffSerializer(serializers.Serializer):
    process = serializers.CharField(max_length=120, allow_blank=True)


class RunApiFilter(RunFilter):
    """As on the page, but the phase is named by its number."""

    phase = django_filters.NumberFilter(field_name="phase__number")

    def choices_in(self, project):
        """The fields of the API name what they mean themselves."""


class RunViewSet(ProjectScoped, mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The test runs of a project that the caller may see."""

    serializer_class = RunSerializer
    queryset = TestRun.objects.none()
    lookup_field = "number"
    filterset_class = RunApiFilter
    http_method_names = ["get", "post", "patch", "put", "head", "options"]
    rights = {
        "list": can_view_quality,
        "retrieve": can_view_quality,
        "create": can_edit_run,
        "partial_update": can_edit_run,
        "start": can_edit_run,
        "finish": can_edit_run,
        "cases": can_view_quality,
        "plan": can_edit_run,
        "results": can_view_quality,
        "processes": can_view_quality,
        "sign_off": can_sign_off,
        "record": can_execute_case,
    }

    def get_queryset(self):
        visible = visible_in(TestRun.objects.all(), self.request.user, self.project)
        return visible.with_counts().select_related("phase").order_by("number")

    def perform_create(self, serializer):
        run = runs.create_run(self.project, by=self.request.user, **serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=run.pk)

    def perform_update(self, serializer):
        run = serializer.instance
        values = {"phase": run.phase} | serializer.validated_data
        runs.edit_run(run.pk, by=self.request.user, **values)
        serializer.instance = self.get_queryset().get(pk=run.pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def start(self, request, **kwargs):
        return self._moved(runs.start_run)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def finish(self, request, **kwargs):
        return self._moved(runs.finish_run)

    def _moved(self, move):
        run = move(self.get_object().pk, by=self.request.user)
        return Response(self.get_serializer(self.get_queryset().get(pk=run.pk)).data)

    @extend_schema(responses=ExecutionSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def cases(self, request, **kwargs):
        """The cases of the run, who is to run each, and the latest result."""
        rows = self.get_object().executions.select_related("case", "assigned_to").order_by("case__number")
        return Response(ExecutionSerializer(rows, many=True).data)

    @extend_schema(request=PlannedCaseSerializer(many=True), responses=ExecutionSerializer(many=True))
    @cases.mapping.put
    def plan(self, request, **kwargs):
        """Set the cases of the run; in a running one they can only be added to."""
        run = self.get_object()
        planned = PlannedCaseSerializer(data=request.data, many=True, context=self.get_serializer_context())
        planned.is_valid(raise_exception=True)
        assignments = {row["case"].pk: row["assigned_to"] for row in planned.validated_data}
        runs.plan_cases(run.pk, assignments, by=request.user)
        return self.cases(request, **kwargs)

    @extend_schema(responses=ProcessSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def processes(self, request, **kwargs):
        """The business processes of the run's UAT cases, and who has signed them off."""
        return self._processes()

    @extend_schema(request=SignOffSerializer, responses=ProcessSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="sign-off", filterset_class=None, pagination_class=None)
    def sign_off(self, request, **kwargs):
        """Sign off a process of which every case has passed or does not apply."""
        wanted = SignOffSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        signoffs.sign_off(self.get_object().pk, wanted.validated_data["process"], by=request.user)
        return self._processes()

    def _processes(self):
        found = signoffs.processes_of(self.get_object(), self.request.user)
        return Response(ProcessSerializer(found, many=True).data)

    @extend_schema(responses=ResultSerializer(many=True))
    @action(detail=True, methods=["get"], serializer_class=ResultSerializer, filterset_class=None)
    def results(self, request, **kwargs):
        """Every result of the run, the latest last."""
        rows = Result.objects.filter(execution__run=self.get_object())
        page = self.paginate_queryset(rows.select_related("execution__case", "executed_by").order_by("pk"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=ResultSerializer, responses={201: ResultSerializer})
    @results.mapping.post
    def record(self, request, **kwargs):
        """Record a result; a failure opens a defect, a retest closes or reopens one."""
        run = self.get_object()
        serializer = ResultSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        rows = run.executions.select_related("run__project", "case")
        execution = get_object_or_404(rows, case=values.pop("execution")["case"])
        if not can_record_result(request.user, execution):
            raise PermissionDenied
        token, version = values.pop("token"), values.pop("case_version")
        result = executions.record_result(
            execution.pk, Observation(**values), by=request.user, case_version=version, token=token
        )
        return Response(ResultSerializer(result).data, status=status.HTTP_201_CREATED)
