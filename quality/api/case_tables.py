"""Test cases as a table: exported, and imported after a look at what would change."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, serializers, viewsets
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.roles import visible_in
from quality.domain.results.refusals import UnreadableFile
from quality.domain.tables import exporting, importing
from quality.forms.cases import CaseFilter
from quality.models import TestCase
from quality.permissions import can_edit_case, can_view_quality
from requirements.models import Requirement


class CaseTableSerializer(serializers.Serializer):
    """An XLSX or CSV file with the columns of an export; with `dry_run` nothing is written."""

    file = serializers.FileField()
    dry_run = serializers.BooleanField(default=True)


class TableLineSerializer(serializers.Serializer):
    """What is done with a case of the file; the words are in the language of the caller."""

    row = serializers.IntegerField(source="case.row")
    number = serializers.IntegerField(source="existing.number", default=None)
    title = serializers.CharField(source="case.title")
    action = serializers.ChoiceField(choices=list(importing.ACTIONS))
    changes = serializers.ListField(child=serializers.CharField())
    problems = serializers.ListField(child=serializers.CharField(), source="case.problems")


class CasePlanSerializer(serializers.Serializer):
    written = serializers.BooleanField()
    unknown_columns = serializers.ListField(child=serializers.CharField())
    lines = TableLineSerializer(many=True)


class TableFormatSerializer(serializers.Serializer):
    type = serializers.ChoiceField(choices=list(exporting.MEDIA_TYPES), default="csv")


class CaseTableViewSet(ProjectScoped, viewsets.GenericViewSet):
    """The test cases of a project as XLSX or CSV, one row per step."""

    queryset = TestCase.objects.none()
    serializer_class = CaseTableSerializer
    parser_classes = [parsers.MultiPartParser]
    rights = {"list": can_view_quality, "create": can_edit_case}

    def get_queryset(self):
        return visible_in(TestCase.objects.all(), self.request.user, self.project).order_by("number")

    @extend_schema(
        parameters=[TableFormatSerializer],
        responses={(200, kind): OpenApiTypes.BINARY for kind in exporting.MEDIA_TYPES.values()},
    )
    def list(self, request, **kwargs):
        """The cases that the caller may see, as a file; the filters are those of the list of test cases."""
        chosen = TableFormatSerializer(data=request.query_params)
        chosen.is_valid(raise_exception=True)
        found = CaseFilter(request.query_params, queryset=self.get_queryset(), request=request).qs
        requirements = visible_in(Requirement.objects.all(), request.user, self.project)
        content, kind = exporting.export(found, requirements, chosen.validated_data["type"])
        return StreamingHttpResponse(content, content_type=kind)

    @extend_schema(responses=CasePlanSerializer)
    def create(self, request, **kwargs):
        """Say what a file would change, and write it unless this is a dry run. The same file again changes nothing."""
        upload = self.get_serializer(data=request.data)
        upload.is_valid(raise_exception=True)
        file, dry_run = upload.validated_data["file"], upload.validated_data["dry_run"]
        try:
            table = importing.read_table(file, file.name)
        except UnreadableFile as refusal:
            raise serializers.ValidationError({"file": [str(refusal)]}) from refusal
        if dry_run:
            plan = importing.plan_import(self.project, table.rows)
        else:
            plan = importing.import_table(self.project, table, by=request.user)
        answer = {"written": not dry_run, "unknown_columns": plan.unknown_columns, "lines": plan.lines}
        return Response(CasePlanSerializer(answer).data)
