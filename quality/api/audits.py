from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from accounts.models import User
from projects.api import ProjectScoped
from projects.models import Phase
from projects.shareable import find_shareable, shareable_kinds
from quality.api.fields import OfProject, numbered, person
from quality.domain import audit_actions, audit_findings, audits, queries
from quality.enums import FindingGrade
from quality.forms.audits import AuditFilter, auditors_of
from quality.models import Audit, AuditFinding, CorrectiveAction
from quality.permissions import (
    can_edit_action,
    can_edit_audit,
    can_make_audit,
    can_report_action,
    can_view_audit,
)

FINDING = r"findings/(?P<finding_number>\d+)"
ACTION = FINDING + r"/actions/(?P<action_number>\d+)"


class ThirdPartyAuditSerializer(OfProject, serializers.ModelSerializer):
    code = serializers.CharField(read_only=True)
    phase = numbered(Phase, required=False, allow_null=True)
    organisation = serializers.CharField(source="organisation.name", read_only=True)
    people = serializers.SlugRelatedField(
        slug_field="email", source="access.people", many=True, queryset=User.objects.none(), allow_empty=False
    )

    class Meta:
        model = Audit
        fields = [
            "number",
            "code",
            "title",
            "standard",
            "scope",
            "phase",
            "organisation",
            "people",
            "starts_on",
            "ends_on",
            "audience",
            "state",
            "conclusion",
            "reported_at",
            "report_sha256",
            "closed_at",
        ]
        read_only_fields = ["number", "state", "conclusion", "reported_at", "report_sha256", "closed_at"]

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        if project is not None:  # None: for the schema
            fields["people"].child_relation.queryset = auditors_of(project)
        return fields

    def validate(self, attrs):
        starts_on = attrs.get("starts_on", getattr(self.instance, "starts_on", None))
        ends_on = attrs.get("ends_on", getattr(self.instance, "ends_on", None))
        if starts_on and ends_on and ends_on < starts_on:
            raise ValidationError({"ends_on": _("It cannot end before it starts.")})
        return attrs


class CorrectiveActionSerializer(serializers.ModelSerializer):
    owner = person()

    class Meta:
        model = CorrectiveAction
        fields = ["number", "cause", "action", "owner", "due_on", "state"]
        read_only_fields = ["number", "state"]

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        if project is not None:
            fields["owner"].queryset = User.objects.filter(memberships__project=project).distinct()
        return fields


class AuditFindingSerializer(serializers.ModelSerializer):
    code = serializers.CharField(read_only=True)
    about = serializers.CharField(source="about_label", read_only=True)
    recorded_by = serializers.CharField(source="recorded_by.name", read_only=True)
    actions = CorrectiveActionSerializer(many=True, read_only=True)

    class Meta:
        model = AuditFinding
        fields = [
            "number",
            "code",
            "grade",
            "clause",
            "statement",
            "evidence",
            "about",
            "state",
            "remark",
            "recorded_by",
            "recorded_at",
            "actions",
        ]
        read_only_fields = ["number", "state", "remark", "recorded_at"]


class ThingSerializer(serializers.Serializer):
    """Something of the project that can be shared: its kind, such as quality.defect, and its id there."""

    kind = serializers.CharField(max_length=100)
    id = serializers.IntegerField(min_value=1)

    def validate_kind(self, value):
        if find_shareable(value) is None:
            raise ValidationError(", ".join(kind.key for kind in shareable_kinds()))
        return value


class SharingSerializer(ThingSerializer):
    shared = serializers.BooleanField()


class FoundSerializer(serializers.Serializer):
    grade = serializers.ChoiceField(choices=FindingGrade.choices)
    clause = serializers.CharField(max_length=100)
    statement = serializers.CharField(max_length=3000)
    evidence = serializers.CharField(max_length=5000)
    about = ThingSerializer(required=False, allow_null=True)
    files = serializers.ListField(child=serializers.FileField(), required=False, default=list)


class ConclusionSerializer(serializers.Serializer):
    conclusion = serializers.CharField(max_length=5000)


class AuditReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class AuditRemarkSerializer(serializers.Serializer):
    remark = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ActionDoneSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=3000)
    files = serializers.ListField(child=serializers.FileField(), allow_empty=False)


class AuditViewSet(ProjectScoped, mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The audits of a project that the caller may see, their findings and corrective actions."""

    serializer_class = ThirdPartyAuditSerializer
    queryset = Audit.objects.none()
    lookup_field = "number"
    lookup_value_regex = r"\d+"
    filterset_class = AuditFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    rights = {
        "list": can_view_audit,
        "retrieve": can_view_audit,
        "create": can_edit_audit,
        "partial_update": can_edit_audit,
        "open": can_edit_audit,
        "share": can_edit_audit,
        "report": can_make_audit,
        "close": can_make_audit,
        "findings": can_view_audit,
        "record": can_make_audit,
        "withdraw_finding": can_make_audit,
        "close_finding": can_make_audit,
        "plan_action": can_edit_action,
        "report_action": can_view_audit,
        "verify_action": can_make_audit,
        "send_back_action": can_make_audit,
    }

    def get_queryset(self):
        visible = queries.visible_audits(self.request.user, self.project)
        return visible.select_related("organisation", "phase", "access").prefetch_related("access__people")

    def perform_create(self, serializer):
        serializer.instance = audits.plan_audit(self.project, by=self.request.user, **_flat(serializer.validated_data))

    def perform_update(self, serializer):
        fields = _flat(serializer.validated_data)
        people = fields.pop("people", None)
        if people is None:
            people = list(serializer.instance.access.people.all())
        serializer.instance = audits.edit_audit(serializer.instance.pk, people=people, by=self.request.user, **fields)

    @extend_schema(request=None, responses=ThirdPartyAuditSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request, **kwargs):
        return self._answer(audits.open_audit(self.get_object().pk, by=request.user))

    @extend_schema(request=ConclusionSerializer, responses=ThirdPartyAuditSerializer)
    @action(detail=True, methods=["post"])
    def report(self, request, **kwargs):
        fields = _clean(ConclusionSerializer, request)
        return self._answer(audits.report_audit(self.get_object().pk, by=request.user, **fields))

    @extend_schema(request=None, responses=ThirdPartyAuditSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request, **kwargs):
        return self._answer(audits.close_audit(self.get_object().pk, by=request.user))

    @extend_schema(request=SharingSerializer, responses=SharingSerializer)
    @action(detail=True, methods=["post"])
    def share(self, request, **kwargs):
        fields = _clean(SharingSerializer, request)
        move = audits.share if fields["shared"] else audits.unshare
        move(self.get_object().pk, self._thing(fields), by=request.user)
        return Response(fields)

    @extend_schema(responses=AuditFindingSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def findings(self, request, **kwargs):
        found = self.get_object().findings.select_related("recorded_by").prefetch_related("actions__owner")
        return Response(AuditFindingSerializer(found.order_by("number"), many=True).data)

    @extend_schema(request=FoundSerializer, responses={201: AuditFindingSerializer})
    @findings.mapping.post
    def record(self, request, **kwargs):
        fields = _clean(FoundSerializer, request)
        about = fields.pop("about", None)
        thing = self._thing(about) if about else None
        finding = audit_findings.record_finding(self.get_object().pk, about=thing, by=request.user, **fields)
        return Response(AuditFindingSerializer(finding).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AuditReasonSerializer, responses=AuditFindingSerializer)
    @action(detail=True, methods=["post"], url_path=f"{FINDING}/withdraw")
    def withdraw_finding(self, request, **kwargs):
        fields = _clean(AuditReasonSerializer, request)
        finding = audit_findings.withdraw_finding(self._finding().pk, by=request.user, **fields)
        return Response(AuditFindingSerializer(finding).data)

    @extend_schema(request=AuditRemarkSerializer, responses=AuditFindingSerializer)
    @action(detail=True, methods=["post"], url_path=f"{FINDING}/close")
    def close_finding(self, request, **kwargs):
        fields = _clean(AuditRemarkSerializer, request)
        finding = audit_findings.close_finding(self._finding().pk, by=request.user, **fields)
        return Response(AuditFindingSerializer(finding).data)

    @extend_schema(request=CorrectiveActionSerializer, responses={201: CorrectiveActionSerializer})
    @action(detail=True, methods=["post"], url_path=f"{FINDING}/actions")
    def plan_action(self, request, **kwargs):
        fields = _clean(CorrectiveActionSerializer, request, project=self.project)
        planned = audit_actions.plan_action(self._finding().pk, by=request.user, **fields)
        return Response(CorrectiveActionSerializer(planned).data, status=status.HTTP_201_CREATED)

    @extend_schema(request={"multipart/form-data": ActionDoneSerializer}, responses=CorrectiveActionSerializer)
    @action(detail=True, methods=["post"], url_path=f"{ACTION}/report")
    def report_action(self, request, **kwargs):
        found = self._action()
        if not can_report_action(request.user, found):
            raise PermissionDenied
        fields = _clean(ActionDoneSerializer, request)
        return Response(CorrectiveActionSerializer(audit_actions.report_done(found.pk, by=request.user, **fields)).data)

    @extend_schema(request=AuditRemarkSerializer, responses=CorrectiveActionSerializer)
    @action(detail=True, methods=["post"], url_path=f"{ACTION}/verify")
    def verify_action(self, request, **kwargs):
        text = _clean(AuditRemarkSerializer, request)["remark"]
        changed = audit_actions.verify_action(self._action().pk, text=text, by=request.user)
        return Response(CorrectiveActionSerializer(changed).data)

    @extend_schema(request=AuditReasonSerializer, responses=CorrectiveActionSerializer)
    @action(detail=True, methods=["post"], url_path=f"{ACTION}/send-back")
    def send_back_action(self, request, **kwargs):
        fields = _clean(AuditReasonSerializer, request)
        return Response(
            CorrectiveActionSerializer(
                audit_actions.send_back_action(self._action().pk, by=request.user, **fields)
            ).data
        )

    def _answer(self, audit):
        return Response(ThirdPartyAuditSerializer(audit).data)

    def _finding(self):
        return get_object_or_404(self.get_object().findings.all(), number=self.kwargs["finding_number"])

    def _action(self):
        actions = CorrectiveAction.objects.filter(finding=self._finding()).select_related("finding__audit__project")
        return get_object_or_404(actions, number=self.kwargs["action_number"])

    def _thing(self, fields):
        kind = find_shareable(fields["kind"])
        return get_object_or_404(kind.rows(self.project), pk=fields["id"])


def _clean(serializer_class, request, **context):
    serializer = serializer_class(data=request.data, context=context)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _flat(values):
    """The people stand in the access of an audit; the domain takes them by name."""
    fields = dict(values)
    access = fields.pop("access", None)
    return fields | access if access else fields
