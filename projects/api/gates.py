from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import User
from projects.api.scope import ProjectScoped
from projects.domain import gates
from projects.domain.queries import people_of
from projects.enums import Audience
from projects.models import GateFinding, GateReview, Phase
from projects.permissions import can_finish_gate_action, can_review_gate, can_view_gates
from projects.roles import is_team, visible_in


class FindingSerializer(serializers.ModelSerializer):
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), required=False, allow_null=True)
    done_by = serializers.CharField(source="done_by.name", read_only=True, default=None)

    class Meta:
        model = GateFinding
        fields = ["position", "statement", "action", "owner", "due_on", "done_at", "done_by", "outcome"]
        read_only_fields = ["position", "done_at", "outcome"]

    def get_fields(self):
        fields = super().get_fields()
        if project := self.context.get("project"):
            fields["owner"].queryset = people_of(project)
        return fields


class GateReviewSerializer(serializers.ModelSerializer):
    phase = serializers.SlugRelatedField(slug_field="number", queryset=Phase.objects.none())
    participants = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), many=True)
    findings = FindingSerializer(many=True, required=False)
    recorded_by = serializers.CharField(source="recorded_by.name", read_only=True)

    class Meta:
        model = GateReview
        fields = [
            *("number", "phase", "held_on", "verdict", "summary", "participants", "findings", "facts"),
            *("audience", "shared_for_audit", "recorded_by", "recorded_at"),
        ]
        read_only_fields = ["number", "facts", "recorded_at"]

    def get_fields(self):
        fields = super().get_fields()
        if project := self.context.get("project"):
            fields["phase"].queryset = project.phases.all()
            fields["participants"].child_relation.queryset = people_of(project)
            if not is_team(self.context["request"].user, project):
                del fields["facts"]
        return fields


class OutcomeSerializer(serializers.Serializer):
    outcome = serializers.CharField(max_length=500)


class GateReviewViewSet(
    ProjectScoped,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet,
):
    """The reviews of the gates; what is recorded is not changed, the latest of a phase counts."""

    serializer_class = GateReviewSerializer
    lookup_field = "number"
    lookup_value_regex = r"\d+"
    queryset = GateReview.objects.none()
    rights = {
        "list": can_view_gates,
        "retrieve": can_view_gates,
        "create": can_review_gate,
        "finish": can_finish_gate_action,
    }

    def get_queryset(self):
        reviews = visible_in(GateReview.objects.all(), self.request.user, self.project)
        return reviews.select_related("phase", "recorded_by").prefetch_related("participants", "findings__done_by")

    def perform_create(self, serializer):
        values = dict(serializer.validated_data)
        findings = [gates.Finding(**row) for row in values.pop("findings", [])]
        values.setdefault("audience", Audience.TEAM)
        phase = values.pop("phase")
        serializer.instance = gates.record_review(phase.pk, **values, findings=findings, by=self.request.user)

    @extend_schema(request=OutcomeSerializer, responses=FindingSerializer)
    @action(detail=True, methods=["post"], url_path=r"actions/(?P<position>\d+)/finish")
    def finish(self, request, project_key, number, position):
        """Say what was done about a finding."""
        findings = self.get_object().findings.exclude(action="").select_related("review__project")
        finding = get_object_or_404(findings, position=position)
        if not can_finish_gate_action(request.user, finding):
            self.permission_denied(request)
        asked = OutcomeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        done = gates.finish_action(finding.pk, outcome=asked.validated_data["outcome"], by=request.user)
        return Response(FindingSerializer(done).data)
