from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from delivery.domain import deliverables
from delivery.domain.queries import for_register, visible_deliverables
from delivery.forms.deliverables import DeliverableFilter
from delivery.models import Deliverable, DeliverableVersion, RaciEntry
from delivery.permissions import (
    can_edit_deliverable,
    can_review_deliverable,
    can_upload_version,
    can_view_deliverable,
)
from projects.api import ProjectScoped
from projects.files import give_out
from projects.models import Phase

VERSION = OpenApiParameter("version", int, OpenApiParameter.PATH)


class RaciSerializer(serializers.ModelSerializer):
    person = serializers.CharField(source="person.email")

    class Meta:
        model = RaciEntry
        fields = ["person", "letter"]


class DeliverableSerializer(serializers.ModelSerializer):
    """A deliverable; phase and versions are named by number, people by e-mail. `latest` is the newest version."""

    phase = serializers.SlugRelatedField(slug_field="number", queryset=Phase.objects.none())
    latest = serializers.IntegerField(read_only=True, default=None)
    approved_version = serializers.IntegerField(source="approved_version.number", read_only=True, default=None)
    raci = RaciSerializer(many=True, read_only=True)

    class Meta:
        model = Deliverable
        fields = [
            "number",
            "code",
            "title",
            "kind",
            "phase",
            "due_on",
            "template",
            "audience",
            "state",
            "latest",
            "approved_version",
            "approved_at",
            "raci",
        ]
        read_only_fields = ["number", "code", "state", "approved_at"]

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        if project is not None:
            fields["phase"].queryset = Phase.objects.filter(project=project)
        return fields


class ReviewSerializer(serializers.Serializer):
    verdict = serializers.CharField()
    comment = serializers.CharField()
    reviewed_by = serializers.CharField(source="reviewed_by.name")
    reviewed_at = serializers.DateTimeField()


class VersionSerializer(serializers.ModelSerializer):
    uploaded_by = serializers.CharField(source="uploaded_by.name")
    review = ReviewSerializer(default=None)

    class Meta:
        model = DeliverableVersion
        fields = ["number", "name", "media_type", "size", "sha256", "note", "uploaded_by", "uploaded_at", "review"]


class NewVersionSerializer(serializers.Serializer):
    file = serializers.FileField()
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ApprovalSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="The version that was read.")
    comment = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class ReturnSerializer(ApprovalSerializer):
    comment = serializers.CharField(max_length=2000)


class ReopenSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class DeliverableApiFilter(DeliverableFilter):
    """As on the page, but without the choice of people."""

    accountable = None

    class Meta(DeliverableFilter.Meta):
        fields = ["q", "phase", "state", "kind"]

    def choices_in(self, project):
        self.filters["phase"].queryset = Phase.objects.filter(project=project)


class DeliverableViewSet(
    ProjectScoped, mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet
):
    """The deliverables of a project that the caller may see, their versions, and the moves of their review."""

    serializer_class = DeliverableSerializer
    queryset = Deliverable.objects.none()
    lookup_field = "number"
    lookup_value_regex = r"\d+"
    filterset_class = DeliverableApiFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    rights = {
        "list": can_view_deliverable,
        "retrieve": can_view_deliverable,
        "create": can_edit_deliverable,
        "partial_update": can_edit_deliverable,
        "versions": can_view_deliverable,
        "upload": can_view_deliverable,
        "content": can_view_deliverable,
        "submit": can_view_deliverable,
        "approve": can_view_deliverable,
        "send_back": can_view_deliverable,
        "reopen": can_view_deliverable,
    }

    def get_queryset(self):
        rows = for_register(visible_deliverables(self.request.user, self.project))
        return rows.prefetch_related("raci__person").order_by("number")

    def perform_create(self, serializer):
        made = deliverables.create_deliverable(self.project, by=self.request.user, **serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=made.pk)

    def perform_update(self, serializer):
        pk = serializer.instance.pk
        deliverables.edit_deliverable(pk, by=self.request.user, **serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=pk)

    @extend_schema(responses=VersionSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def versions(self, request, project_key, number):
        """The versions, newest first, each with its review."""
        rows = self.get_object().versions.select_related("uploaded_by", "review__reviewed_by").order_by("-number")
        return Response(VersionSerializer(rows, many=True).data)

    @extend_schema(request=NewVersionSerializer, responses={201: VersionSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request, project_key, number):
        """Upload the next version."""
        deliverable = self._allowed(can_upload_version)
        fields = self._read(NewVersionSerializer)
        version = deliverables.upload_version(deliverable.pk, fields["file"], by=request.user, note=fields["note"])
        return Response(VersionSerializer(version).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[VERSION], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"versions/(?P<version>\d+)")
    def content(self, request, project_key, number, version):
        """The file of a version."""
        found = get_object_or_404(self.get_object().versions, number=version)
        return give_out(found.file, found.name, found.media_type)

    @extend_schema(request=None, responses=DeliverableSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request, project_key, number):
        """Give the newest version to review."""
        deliverable = self._allowed(can_upload_version)
        return self._answer(deliverables.submit(deliverable.pk, by=request.user))

    @extend_schema(request=ApprovalSerializer, responses=DeliverableSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, project_key, number):
        """Approve the version that was read; nobody their own."""
        deliverable = self._allowed(can_review_deliverable)
        return self._answer(deliverables.approve(deliverable.pk, by=request.user, **self._read(ApprovalSerializer)))

    @extend_schema(request=ReturnSerializer, responses=DeliverableSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request, project_key, number):
        """Send the version that was read back, with what is missing."""
        deliverable = self._allowed(can_review_deliverable)
        fields = self._read(ReturnSerializer)
        return self._answer(deliverables.send_back(deliverable.pk, by=request.user, **fields))

    @extend_schema(request=ReopenSerializer, responses=DeliverableSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request, project_key, number):
        """Take an approval back."""
        deliverable = self._allowed(can_review_deliverable)
        reason = self._read(ReopenSerializer)["reason"]
        return self._answer(deliverables.reopen(deliverable.pk, by=request.user, reason=reason))

    def _allowed(self, predicate) -> Deliverable:
        deliverable = self.get_object()
        deliverable.project = self.project
        if not predicate(self.request.user, deliverable):
            raise PermissionDenied
        return deliverable

    def _read(self, serializer_class):
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def _answer(self, deliverable):
        return Response(DeliverableSerializer(self.get_queryset().get(pk=deliverable.pk)).data)
