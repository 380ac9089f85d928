"""Documents and the authority register by API. Signing itself is an act in the page: a token proves no person there."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, parsers, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import User
from projects.api import ProjectScoped
from projects.enums import Role
from projects.roles import visible_in
from signing import kinds, permissions
from signing.domain import authority, kit, requests, verification
from signing.domain.requests import SignerSpec
from signing.enums import Side
from signing.models import Authority, SealedFile, SignatureRequest, Signer
from signing.views.files import pdf_response, zip_response

PROJECT = r"projects/(?P<project_key>[A-Z0-9-]+)"


class DocumentSignerSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="user.name", read_only=True)
    in_place_of = serializers.IntegerField(source="delegation.signer_id", default=None, read_only=True)

    class Meta:
        model = Signer
        fields = [
            "id",
            "name",
            "side",
            "role",
            "order",
            "meaning",
            "in_place_of",
            "told_at",
            "opened_at",
            "signed_at",
            "declined_at",
        ]


class SealedFileSerializer(serializers.ModelSerializer):
    class Meta:
        model = SealedFile
        fields = ["sha256", "size", "sealed_at", "level", "time_source", "certificate_sha256"]


class DocumentSerializer(serializers.ModelSerializer):
    signers = DocumentSignerSerializer(many=True, read_only=True)
    sealed_file = serializers.SerializerMethodField()

    class Meta:
        model = SignatureRequest
        fields = [
            "id",
            "number",
            "version",
            "kind",
            "title",
            "language",
            "state",
            "sent_at",
            "expires_at",
            "signed_at",
            "sealed_at",
            "delivered_at",
            "closed_at",
            "closing_reason",
            "shared_for_audit",
            "manifest_sha256",
            "body_sha256",
            "signers",
            "sealed_file",
        ]

    @extend_schema_field(SealedFileSerializer(allow_null=True))
    def get_sealed_file(self, document):
        return SealedFileSerializer(document.sealed_file).data if document.is_sealed else None


class VoidSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class DocumentAuditSerializer(serializers.Serializer):
    shared = serializers.BooleanField()


class RemindSerializer(serializers.Serializer):
    signer = serializers.IntegerField()


class DocumentViewSet(ProjectScoped, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The documents of the project that were sent for signature."""

    serializer_class = DocumentSerializer
    queryset = SignatureRequest.objects.none()  # names the model for the schema
    rights = {
        "list": permissions.can_view_document,
        "retrieve": permissions.can_view_document,
        "body": permissions.can_view_document,
        "sealed": permissions.can_view_document,
        "kit": permissions.can_view_document,
        "void": permissions.can_void_request,
        "remind": permissions.can_remind_signer,
        "audit": permissions.can_share_document,
    }

    def get_queryset(self):
        visible = visible_in(SignatureRequest.objects.all(), self.request.user, self.project)
        rows = visible.defer("manifest", "body_html").select_related("sealed_file")
        return rows.prefetch_related("signers__user", "signers__delegation").order_by("-sent_at", "-pk")

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def body(self, request, **kwargs):
        """The PDF that the signers are shown."""
        document = self.get_object()
        return pdf_response(document.body_file, f"{document.number}-v{document.version}-unsigned.pdf")

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def sealed(self, request, **kwargs):
        """The sealed PDF; 404 while there is none."""
        document = self.get_object()
        record = get_object_or_404(SealedFile, request=document)
        return pdf_response(record.file, document.file_name)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True)
    def kit(self, request, **kwargs):
        """Everything by which the sealed document can be checked offline; 404 while there is no seal."""
        record = get_object_or_404(SealedFile, request=self.get_object())
        return zip_response(kit.make(record), kit.name_of(record))

    @extend_schema(request=VoidSerializer)
    @action(detail=True, methods=["post"])
    def void(self, request, **kwargs):
        data = VoidSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        document = self.get_object()
        requests.void(document.pk, by=request.user, reason=data.validated_data["reason"])
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=DocumentAuditSerializer)
    @action(detail=True, methods=["post"])
    def audit(self, request, **kwargs):
        """Show the signed document to the project's auditors, or no longer."""
        data = DocumentAuditSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        requests.share_for_audit(self.get_object().pk, shared=data.validated_data["shared"], by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=RemindSerializer)
    @action(detail=True, methods=["post"])
    def remind(self, request, **kwargs):
        data = RemindSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        signer = get_object_or_404(Signer, request=self.get_object(), pk=data.validated_data["signer"])
        requests.remind(signer.pk, by=request.user)
        return Response(self.get_serializer(self.get_object()).data)


class SignerSerializer(serializers.Serializer):
    """A member of the project, by e-mail; equal numbers in `order` sign in parallel."""

    user = serializers.SlugRelatedField(slug_field="email", queryset=User.objects.none())
    side = serializers.ChoiceField(choices=Side)
    order = serializers.IntegerField(min_value=1, max_value=50)

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        if project is not None:
            fields["user"].queryset = User.objects.filter(memberships__project=project).distinct()
        return fields


class SendSerializer(serializers.Serializer):
    signers = SignerSerializer(many=True, allow_empty=False)
    remind_after_days = serializers.IntegerField(default=2, min_value=1, max_value=30)
    expires_in_days = serializers.IntegerField(default=14, min_value=1, max_value=90)

    def validate_signers(self, rows):
        return [SignerSpec(**row) for row in rows]


class AuthoritySerializer(serializers.ModelSerializer):
    user = serializers.SlugRelatedField(slug_field="email", queryset=User.objects.none())
    kind = serializers.ChoiceField(choices=[])
    granted_by = serializers.CharField(source="granted_by.name", read_only=True)

    class Meta:
        model = Authority
        fields = ["id", "user", "kind", "valid_until", "granted_by", "granted_at", "revoked_at"]
        read_only_fields = ["granted_at", "revoked_at"]

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        fields["kind"].choices = kinds.choices()
        if project is not None:
            held = project.memberships.filter(role=Role.REPRESENTATIVE).values("user")
            fields["user"].queryset = User.objects.filter(pk__in=held, is_active=True)
        return fields

    def validate_valid_until(self, day):
        return authority.check_last_day(self.context["project"], day, timezone.now())


class AuthorityViewSet(ProjectScoped, mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet):
    """Who besides the sponsor may sign which kind of document for the customer, until when."""

    serializer_class = AuthoritySerializer
    queryset = Authority.objects.none()
    rights = {
        "list": permissions.can_view_authority,
        "create": permissions.can_grant_authority,
        "revoke": permissions.can_grant_authority,
    }

    def get_queryset(self):
        return Authority.objects.filter(project=self.project).select_related("user", "granted_by")

    def get_serializer_context(self):
        project = self.project if "project_key" in self.kwargs else None  # the schema is made outside any project
        return super().get_serializer_context() | {"project": project}

    def perform_create(self, serializer):
        data = serializer.validated_data
        serializer.instance = authority.grant(
            self.project, data["user"], data["kind"], data["valid_until"], by=self.request.user
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def revoke(self, request, **kwargs):
        found = authority.revoke(self.get_object().pk, by=request.user)
        return Response(self.get_serializer(found).data)


class FingerprintSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=60)
    sha256 = serializers.RegexField(r"^[0-9a-fA-F]{64}$")


class FingerprintAnswerSerializer(serializers.Serializer):
    on_record = serializers.BooleanField()
    document = serializers.CharField(allow_null=True)


class FileSerializer(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True)


class VerificationSerializer(serializers.Serializer):
    unchanged = serializers.BooleanField()
    finding = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    sha256 = serializers.CharField()
    document = serializers.CharField(allow_null=True)
    who = serializers.ListField(child=serializers.DictField())
    when = serializers.ListField(child=serializers.DictField())
    assurance = serializers.DictField(allow_null=True)


class VerificationViewSet(viewsets.ViewSet):
    """Check a PDF against the record of what was sealed here."""

    parser_classes = [parsers.MultiPartParser, parsers.JSONParser]

    @extend_schema(request=FileSerializer, responses=VerificationSerializer)
    def create(self, request):
        data = FileSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        file = data.validated_data["file"]
        if file.size > verification.MAX_BYTES:
            return Response({"detail": "too large"}, status=status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
        return Response(verification.as_json(verification.verify(file.read())))

    @extend_schema(request=FingerprintSerializer, responses=FingerprintAnswerSerializer)
    @action(detail=False, methods=["post"])
    def fingerprint(self, request):
        """Whether a SHA-256 is the one on record for a document number."""
        data = FingerprintSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        record = verification.find_record(data.validated_data["number"], data.validated_data["sha256"])
        return Response({"on_record": record is not None, "document": record.request.label if record else None})


def register(router) -> None:
    router.register(rf"{PROJECT}/documents", DocumentViewSet, basename="document")
    router.register(rf"{PROJECT}/authorities", AuthorityViewSet, basename="authority")
    router.register("verifications", VerificationViewSet, basename="verification")
