"""Comments and attachments: both name what they are about by `target` (requirements.requirement) and `number`."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from projects.api.scope import ProjectScoped
from projects.domain import attachments, discussions
from projects.enums import Audience
from projects.files import download
from projects.models import Attachment, Comment
from projects.permissions import can_comment, can_view_project
from projects.roles import visible_in
from projects.targets import find_target, is_visible

ABOUT = [
    OpenApiParameter("target", str, required=True, description="The model, such as requirements.requirement"),
    OpenApiParameter("number", str, required=True, description="Its number in the project"),
]


class AboutSerializer(serializers.Serializer):
    target = serializers.CharField(write_only=True)
    number = serializers.CharField(write_only=True)
    audience = serializers.ChoiceField(choices=Audience.choices, required=False, default="")


class NewCommentSerializer(AboutSerializer):
    text = serializers.CharField(max_length=5000)


class CommentSerializer(serializers.ModelSerializer):
    author = serializers.CharField(source="author.name")

    class Meta:
        model = Comment
        fields = ["id", "author", "text", "audience", "created_at"]


class NewAttachmentSerializer(AboutSerializer):
    file = serializers.FileField()


class AttachmentSerializer(serializers.ModelSerializer):
    uploaded_by = serializers.CharField(source="uploaded_by.name")

    class Meta:
        model = Attachment
        fields = [
            "id",
            "name",
            "media_type",
            "size",
            "sha256",
            "audience",
            "uploaded_by",
            "uploaded_at",
            "removed_at",
            "scan_state",
        ]


class AboutTarget(ProjectScoped):
    """Finds what the call is about, if it exists for the caller."""

    def find(self, fields):
        target = find_target(fields.get("target", ""), fields.get("number", ""), self.request.user, self.project)  # type: ignore[attr-defined]
        if target is None:
            raise Http404
        return target


class CommentViewSet(AboutTarget, viewsets.GenericViewSet):
    """What is said about a requirement, task, test case or defect."""

    serializer_class = CommentSerializer
    queryset = Comment.objects.none()  # names the model for the schema
    rights = {"list": can_view_project, "create": can_comment}

    @extend_schema(parameters=ABOUT)
    def list(self, request, project_key):
        found = discussions.comments_on(self.find(request.query_params), request.user)
        return self.get_paginated_response(CommentSerializer(self.paginate_queryset(found), many=True).data)

    @extend_schema(request=NewCommentSerializer, responses={201: CommentSerializer})
    def create(self, request, project_key):
        serializer = NewCommentSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        fields = serializer.validated_data
        comment = discussions.add_comment(
            self.find(fields), fields["text"], by=request.user, audience=fields["audience"]
        )
        return Response(CommentSerializer(comment).data, status=status.HTTP_201_CREATED)


class AttachmentViewSet(AboutTarget, viewsets.GenericViewSet):
    """Files on a requirement, task, test case or defect; `content` gives the file."""

    serializer_class = AttachmentSerializer
    parser_classes = [MultiPartParser]
    lookup_value_regex = r"\d+"
    queryset = Attachment.objects.none()  # names the model for the schema
    rights = {"list": can_view_project, "create": can_comment, "content": can_view_project}

    @extend_schema(parameters=ABOUT)
    def list(self, request, project_key):
        found = discussions.attachments_on(self.find(request.query_params), request.user)
        return self.get_paginated_response(AttachmentSerializer(self.paginate_queryset(found), many=True).data)

    @extend_schema(request=NewAttachmentSerializer, responses={201: AttachmentSerializer})
    def create(self, request, project_key):
        serializer = NewAttachmentSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        fields = serializer.validated_data
        attachment = attachments.attach(self.find(fields), fields["file"], by=request.user, audience=fields["audience"])
        return Response(AttachmentSerializer(attachment).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def content(self, request, project_key, pk):
        attachment = visible_in(Attachment.objects.all(), request.user, self.project).filter(pk=pk).first()
        if attachment is None or not is_visible(attachment.target, request.user, self.project):
            raise Http404
        return download(attachment)
