from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import parsers, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.models import Phase
from quality.api.fields import OfProject, numbered
from quality.domain import result_imports
from quality.domain.result_imports import About
from quality.domain.results.reading import MAX_MEGABYTES, MEGABYTE
from quality.domain.results.refusals import FileIsTooLarge, UnreadableFile
from quality.domain.results.summary_csv import KNOWN, MILLISECONDS
from quality.enums import ImportChannel, Severity
from quality.forms.imports import RowFilter
from quality.models import ImportedFindings, ImportedRow, ImportedTimes, ResultImport, TestCase
from quality.permissions import can_import_results, can_report_import_row, can_view_import, can_view_import_rows


class TimesSerializer(serializers.ModelSerializer):
    """Milliseconds; a percentile of too few samples is null: then read the maximum and the number of samples."""

    class Meta:
        model = ImportedTimes
        fields = [
            "label",
            "samples",
            "errors",
            "min_ms",
            "mean_ms",
            "max_ms",
            "p50_ms",
            "p90_ms",
            "p95_ms",
            "p99_ms",
        ]


class FindingsSerializer(serializers.ModelSerializer):
    class Meta:
        model = ImportedFindings
        fields = ["tool", "severity", "open", "closed"]


class ResultImportSerializer(serializers.ModelSerializer):
    """An import. The times begin with those of all samples, whose label is empty."""

    code = serializers.CharField(read_only=True)
    phase = serializers.IntegerField(source="phase.number", default=None, read_only=True)
    run = serializers.IntegerField(source="run.number", default=None, read_only=True)
    created_by = serializers.CharField(source="created_by.name", read_only=True)
    times = TimesSerializer(many=True, read_only=True)
    findings = FindingsSerializer(many=True, read_only=True)

    class Meta:
        model = ResultImport
        fields = [
            "number",
            "code",
            "format",
            "file_name",
            "sha256",
            "build",
            "environment",
            "phase",
            "read",
            "passed",
            "failed",
            "skipped",
            "errored",
            "mapped",
            "unmapped",
            "run",
            "channel",
            "created_by",
            "created_at",
            "times",
            "findings",
        ]
        read_only_fields = fields


class RepeatableImportSerializer(ResultImportSerializer):
    """The answer to an upload; `repeated`: this very file was imported before, and nothing has changed."""

    repeated = serializers.BooleanField(read_only=True)

    class Meta(ResultImportSerializer.Meta):
        fields = [*ResultImportSerializer.Meta.fields, "repeated"]
        read_only_fields = fields


class ResultFileSerializer(OfProject, serializers.Serializer):
    """A file of results; `columns` and `unit` are for a summary: what a column holds -> its name."""

    file = serializers.FileField()
    build = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    environment = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    phase = numbered(Phase, required=False, allow_null=True, default=None)
    columns = serializers.DictField(child=serializers.CharField(), required=False, default=dict)
    unit = serializers.ChoiceField(choices=list(MILLISECONDS), required=False, default="ms")

    def validate_file(self, file):
        if file.size > MAX_MEGABYTES * MEGABYTE:
            raise serializers.ValidationError(str(FileIsTooLarge(limit=MAX_MEGABYTES)))
        return file

    def validate_columns(self, columns):
        unknown = columns.keys() - KNOWN.keys()
        if unknown:
            raise serializers.ValidationError(sorted(unknown))
        return columns


class ImportedRowSerializer(serializers.ModelSerializer):
    row = serializers.IntegerField(source="position")
    case = serializers.IntegerField(source="case.number", default=None)

    class Meta:
        model = ImportedRow
        fields = ["row", "name", "outcome", "message", "seconds", "case"]


class MapRowSerializer(OfProject, serializers.Serializer):
    row = serializers.IntegerField(min_value=1)
    case = numbered(TestCase)


class RowDefectSerializer(serializers.Serializer):
    row = serializers.IntegerField(min_value=1)
    severity = serializers.ChoiceField(choices=Severity.choices, default=Severity.MAJOR)


class OpenedDefectSerializer(serializers.Serializer):
    defect = serializers.IntegerField(source="number")


class ResultImportViewSet(ProjectScoped, viewsets.ReadOnlyModelViewSet):
    """The files of results that were read into a project."""

    serializer_class = ResultImportSerializer
    queryset = ResultImport.objects.none()
    lookup_field = "number"
    filterset_class = None
    rights = {
        "list": can_view_import,
        "retrieve": can_view_import,
        "create": can_import_results,
        "rows": can_view_import_rows,
        "map": can_import_results,
        "defect": can_report_import_row,
    }

    def get_queryset(self):
        if self.action == "rows":
            rows = ImportedRow.objects.filter(
                result_import__project=self.project, result_import__number=self.kwargs["number"]
            )
            return rows.select_related("case").order_by("position")
        rows = ResultImport.objects.filter(project=self.project).order_by("number")
        return rows.select_related("created_by", "run", "phase").prefetch_related("times", "findings")

    @extend_schema(
        request={"multipart/form-data": ResultFileSerializer},
        responses={201: RepeatableImportSerializer, 200: RepeatableImportSerializer},
    )
    def create(self, request, **kwargs):
        """Read a file: all of it or nothing. The same file again changes nothing and answers 200."""
        upload = ResultFileSerializer(data=request.data, context=self.get_serializer_context())
        upload.is_valid(raise_exception=True)
        values = dict(upload.validated_data)
        file = values.pop("file")
        try:
            imported = result_imports.import_results(
                self.project, file, About(**values), file_name=file.name, by=request.user, channel=ImportChannel.API
            )
        except UnreadableFile as refusal:
            raise serializers.ValidationError({"file": [str(refusal)]}) from refusal
        record = self.get_queryset().get(pk=imported.record.pk)
        record.repeated = imported.is_repeated
        code = status.HTTP_200_OK if imported.is_repeated else status.HTTP_201_CREATED
        return Response(RepeatableImportSerializer(record).data, status=code)

    def get_parsers(self):
        uploads = getattr(self, "action_map", {}).get("post") == "create"
        return [parsers.MultiPartParser()] if uploads else super().get_parsers()

    @extend_schema(
        parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH)], responses=ImportedRowSerializer(many=True)
    )
    @action(
        detail=True,
        methods=["get"],
        serializer_class=ImportedRowSerializer,
        filterset_class=RowFilter,
        queryset=ImportedRow.objects.none(),
    )
    def rows(self, request, **kwargs):
        """The tests of the file, for the vendor's people: what a test wrote is for those who mend it."""
        get_object_or_404(ResultImport, project=self.project, number=self.kwargs["number"])
        rows = self.filter_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(rows), many=True).data)

    @extend_schema(request=MapRowSerializer, responses=ResultImportSerializer)
    @action(detail=True, methods=["post"])
    def map(self, request, **kwargs):
        """Say which test case a row is of; all rows of its name follow, and those of the next files."""
        record = self.get_object()
        chosen = MapRowSerializer(data=request.data, context=self.get_serializer_context())
        chosen.is_valid(raise_exception=True)
        row = self._row(record, chosen.validated_data["row"])
        result_imports.map_rows(record.pk, row.name, chosen.validated_data["case"], by=request.user)
        return Response(ResultImportSerializer(self.get_object()).data)

    @extend_schema(request=RowDefectSerializer, responses={201: OpenedDefectSerializer})
    @action(detail=True, methods=["post"])
    def defect(self, request, **kwargs):
        """Open the defect that a failed row shows."""
        chosen = RowDefectSerializer(data=request.data)
        chosen.is_valid(raise_exception=True)
        row = self._row(self.get_object(), chosen.validated_data["row"])
        opened = result_imports.open_defect(row, severity=chosen.validated_data["severity"], by=request.user)
        return Response(OpenedDefectSerializer(opened).data, status=status.HTTP_201_CREATED)

    def _row(self, record, position):
        row = record.rows.select_related("case", "result__execution__run__project").filter(position=position).first()
        if row is None:
            raise serializers.ValidationError({"row": [position]})
        return row
