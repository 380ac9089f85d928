"""The routes of monitored systems, imports of checks and health reports."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, parsers, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from audit.domain import trail
from projects.api import ProjectScoped
from projects.roles import visible_in
from success.domain import imports, queries, reports, snapshots
from success.domain.errors import BadFile
from success.domain.figures import as_answer
from success.domain.months import Month
from success.domain.systems import add_system
from success.enums import DecisionOwner
from success.models import CheckImport, HealthReport, MaintenanceWindow, MonitoredSystem
from success.permissions import (
    can_acknowledge_report,
    can_edit_report,
    can_edit_system,
    can_import_checks,
    can_publish_report,
    can_view_health,
)

MONTH = r"(?P<month>20[0-9]{2}-(?:0[1-9]|1[0-2]))"


class SystemSerializer(serializers.ModelSerializer):
    """A monitored system, addressed by its number; `name` is how its monitor calls it. An import of checks makes those
    that it names, so that a system is added only where its name is to be known before."""

    class Meta:
        model = MonitoredSystem
        fields = [
            "number",
            "name",
            "live_from",
            "target_percent",
            "target_p95_ms",
            "coverage_floor_percent",
            "audience",
        ]
        read_only_fields = ["number"]

    def get_fields(self):
        fields = super().get_fields()
        fields["name"].read_only = self.instance is not None  # the checks on record are found by it
        return fields


class FiguresSerializer(serializers.Serializer):
    """Percentages floored to four decimals, seconds, milliseconds; null without data or with too small an n."""

    availability_percent = serializers.FloatField(allow_null=True)
    reportable = serializers.BooleanField()
    outage_s = serializers.FloatField()
    maintenance_s = serializers.FloatField()
    unknown_s = serializers.FloatField()
    coverage_percent = serializers.FloatField()
    outages = serializers.IntegerField()
    p50_ms = serializers.IntegerField(allow_null=True)
    p95_ms = serializers.IntegerField(allow_null=True)
    p99_ms = serializers.IntegerField(allow_null=True)
    max_ms = serializers.IntegerField(allow_null=True)
    n = serializers.IntegerField()


class MaintenanceSerializer(serializers.ModelSerializer):
    counts = serializers.BooleanField(read_only=True, help_text="Agreed, and announced before it began.")

    class Meta:
        model = MaintenanceWindow
        fields = ["id", "reason", "starts_at", "ends_at", "announced_at", "agreed_with", "counts"]

    def validate(self, attrs):
        if attrs["ends_at"] <= attrs["starts_at"]:
            raise serializers.ValidationError({"ends_at": MaintenanceWindow.ENDS_AFTER_START})
        return attrs


class SystemViewSet(ProjectScoped, mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The monitored systems of a project that the caller may see."""

    serializer_class = SystemSerializer
    queryset = MonitoredSystem.objects.none()
    lookup_field = "number"
    lookup_value_regex = "[0-9]+"
    http_method_names = ["get", "post", "patch", "head", "options"]
    rights = {
        "list": can_view_health,
        "retrieve": can_view_health,
        "create": can_edit_system,
        "partial_update": can_edit_system,
        "month": can_view_health,
        "maintenance": can_view_health,
        "plan_maintenance": can_edit_system,
    }

    def get_queryset(self):
        systems = visible_in(MonitoredSystem.objects.all(), self.request.user, self.project)
        return systems.select_related("project__customer").order_by("number")

    def perform_create(self, serializer):
        system = MonitoredSystem(project=self.project, **serializer.validated_data)
        serializer.instance = add_system(system, by=self.request.user)

    def perform_update(self, serializer):
        for name, value in serializer.validated_data.items():
            setattr(serializer.instance, name, value)
        trail.save(serializer.instance, by=self.request.user)

    @extend_schema(
        responses=FiguresSerializer, parameters=[OpenApiParameter("month", str, "path", description="2026-08")]
    )
    @action(detail=True, url_path=f"months/{MONTH}")
    def month(self, request, month, **kwargs):
        """The figures of a month in the zone of the contract, computed from the checks on record."""
        system = self.get_object()
        figures = queries.figures_of(system, Month.parse(month), zone=system.project.time_zone)
        return Response(as_answer(figures, system.coverage_floor_percent))

    @extend_schema(responses=MaintenanceSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def maintenance(self, request, **kwargs):
        """The maintenance windows of a system, the newest first."""
        return Response(MaintenanceSerializer(self.get_object().maintenance_windows.all(), many=True).data)

    @extend_schema(request=MaintenanceSerializer, responses={201: MaintenanceSerializer})
    @maintenance.mapping.post
    def plan_maintenance(self, request, **kwargs):
        """Record a maintenance window."""
        serializer = MaintenanceSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        window = MaintenanceWindow(system=self.get_object(), created_by=request.user, **serializer.validated_data)
        trail.save(window, by=request.user)
        return Response(MaintenanceSerializer(window).data, status=status.HTTP_201_CREATED)


class CheckImportSerializer(serializers.ModelSerializer):
    repeated = serializers.BooleanField(read_only=True, default=False, help_text="This very file was read before.")

    class Meta:
        model = CheckImport
        fields = [
            "file_name",
            "sha256",
            "rows_read",
            "rows_new",
            "rows_known",
            "systems_made",
            "created_at",
            "repeated",
        ]


class CheckFileSerializer(serializers.Serializer):
    file = serializers.FileField()


class CheckImportViewSet(ProjectScoped, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The files of checks that were read."""

    serializer_class = CheckImportSerializer
    queryset = CheckImport.objects.none()
    parser_classes = [parsers.MultiPartParser]
    rights = {"list": can_import_checks, "create": can_import_checks}

    def get_queryset(self):
        return self.project.check_imports.all()

    @extend_schema(request=CheckFileSerializer, responses={201: CheckImportSerializer, 200: CheckImportSerializer})
    def create(self, request, **kwargs):
        """Read a CSV file of checks: all of it or nothing. The same file again changes nothing and answers 200."""
        upload = CheckFileSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        file = upload.validated_data["file"]
        try:
            imported = imports.import_checks(self.project, file.read(), file_name=file.name, by=request.user)
        except BadFile as refusal:
            raise serializers.ValidationError({"file": [str(refusal)]}) from refusal
        imported.record.repeated = imported.is_repeated
        answer = CheckImportSerializer(imported.record).data
        return Response(answer, status=status.HTTP_200_OK if imported.is_repeated else status.HTTP_201_CREATED)


class RecommendationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    rule = serializers.CharField(read_only=True)
    priority = serializers.IntegerField(read_only=True)
    figures = serializers.JSONField(read_only=True)
    text = serializers.CharField(max_length=600)
    decided_by = serializers.ChoiceField(DecisionOwner.choices)
    decide_on = serializers.DateField(allow_null=True)
    is_left_out = serializers.BooleanField()


class ReportSerializer(serializers.ModelSerializer):
    """A health report: the figures of its month as they were frozen, and its words."""

    system = serializers.IntegerField(source="system.number", read_only=True)
    month = serializers.CharField(read_only=True)
    figures = serializers.SerializerMethodField()
    band = serializers.SerializerMethodField()
    recommendations = RecommendationSerializer(many=True, required=False)

    class Meta:
        model = HealthReport
        fields = [
            "id",
            "document_number",
            "system",
            "month",
            "state",
            "band",
            "figures",
            "summary",
            "recommendations",
            "published_at",
            "acknowledged_at",
            "pdf_sha256",
        ]
        read_only_fields = ["state", "published_at", "acknowledged_at", "pdf_sha256"]

    @extend_schema_field(FiguresSerializer)
    def get_figures(self, report):
        facts = snapshots.thaw(report.figures)
        return as_answer(facts.current, facts.coverage_floor_percent)

    def get_band(self, report) -> str:
        return report.band_family


class DraftSerializer(serializers.Serializer):
    system = serializers.IntegerField(help_text="The number of the system.")
    month = serializers.RegexField(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z")


class ReportViewSet(ProjectScoped, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The health reports of a project that the caller may see: the team all, the customer the published ones."""

    serializer_class = ReportSerializer
    queryset = HealthReport.objects.none()
    http_method_names = ["get", "post", "patch", "head", "options"]
    filterset_fields = ["state", "month"]
    rights = {
        "list": can_view_health,
        "retrieve": can_view_health,
        "pdf": can_view_health,
        "create": can_edit_report,
        "partial_update": can_edit_report,
        "take_figures_anew": can_edit_report,
        "submit": can_edit_report,
        "send_back": can_edit_report,
        "publish": can_publish_report,
        "acknowledge": can_acknowledge_report,
    }

    def get_queryset(self):
        visible = visible_in(HealthReport.objects.all(), self.request.user, self.project)
        related = visible.select_related("system", "project__customer").prefetch_related("recommendations")
        return related.order_by("-month", "system__number")

    @extend_schema(request=DraftSerializer, responses={201: ReportSerializer})
    def create(self, request, **kwargs):
        """Draft the report of a system and month; the one there is comes back as it is."""
        asked = DraftSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        systems = visible_in(MonitoredSystem.objects.all(), request.user, self.project)
        system = get_object_or_404(systems, number=asked.validated_data["system"])
        month = Month.parse(asked.validated_data["month"])
        report = reports.draft_report(system.pk, month, now=timezone.now(), by=request.user)
        return Response(self.get_serializer(report).data, status=status.HTTP_201_CREATED)

    def perform_update(self, serializer):
        """Replace the words: the summary, and the recommendations that are named by their id."""
        values = serializer.validated_data
        lines = {line.pop("id"): line for line in values.get("recommendations", [])}
        report = serializer.instance
        summary = values.get("summary", report.summary)
        reports.edit_words(report.pk, summary=summary, advice=lines, by=self.request.user)
        serializer.instance = self.get_queryset().get(pk=report.pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="figures")
    def take_figures_anew(self, request, **kwargs):
        """Compute the figures of a draft again and write its words anew."""
        return self._moved(reports.take_figures_anew)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request, **kwargs):
        """Hand a draft over for review."""
        return self._moved(reports.submit_report)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request, **kwargs):
        """Make a report in review a draft again."""
        return self._moved(reports.send_back_report)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request, **kwargs):
        """Publish a reviewed report; the customer is told."""
        return self._moved(reports.publish_report)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request, **kwargs):
        """Take note of a published report for the customer."""
        return self._moved(reports.acknowledge_report)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def pdf(self, request, **kwargs):
        """The report as PDF."""
        report = self.get_object()
        response = HttpResponse(reports.pdf_of(report), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{report.document_number}.pdf"'
        return response

    def _moved(self, move):
        report = self.get_object()
        move(report.pk, by=self.request.user)
        return Response(self.get_serializer(self.get_queryset().get(pk=report.pk)).data)


def register(router) -> None:
    prefix = r"projects/(?P<project_key>[A-Z0-9-]+)"
    router.register(f"{prefix}/systems", SystemViewSet, basename="system")
    router.register(f"{prefix}/check-imports", CheckImportViewSet, basename="check_import")
    router.register(f"{prefix}/health-reports", ReportViewSet, basename="health_report")
