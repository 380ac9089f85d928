from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.roles import visible_in
from quality.api.cases import CaseSerializer, StepSerializer
from quality.domain import proposals
from quality.domain.cases import Step
from quality.models import CaseProposal
from quality.permissions import can_edit_case, can_propose_case, can_view_quality


class ProposalSerializer(serializers.ModelSerializer):
    code = serializers.CharField(read_only=True)
    steps = StepSerializer(many=True)
    proposed_by = serializers.CharField(source="proposed_by.name", read_only=True)
    case = serializers.IntegerField(source="case.number", read_only=True, default=None)

    class Meta:
        model = CaseProposal
        fields = [
            "number",
            "code",
            "title",
            "process",
            "why",
            "preconditions",
            "steps",
            "state",
            "proposed_by",
            "proposed_at",
            "decided_at",
            "reason",
            "case",
        ]
        read_only_fields = ["number", "state", "proposed_at", "decided_at", "reason"]


class ProposalDeclineSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class ProposalViewSet(ProjectScoped, mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The test cases that key users propose."""

    serializer_class = ProposalSerializer
    queryset = CaseProposal.objects.none()
    lookup_field = "number"
    http_method_names = ["get", "post", "head", "options"]
    rights = {
        "list": can_view_quality,
        "retrieve": can_view_quality,
        "create": can_propose_case,
        "complete": can_edit_case,
        "decline": can_edit_case,
    }

    def get_queryset(self):
        rows = CaseProposal.objects.select_related("proposed_by", "case")
        return visible_in(rows, self.request.user, self.project).order_by("number")

    def perform_create(self, serializer):
        values = dict(serializer.validated_data)
        steps = [Step(**step) for step in values.pop("steps")]
        serializer.instance = proposals.propose_case(self.project, by=self.request.user, steps=steps, **values)

    @extend_schema(request=CaseSerializer, responses={201: CaseSerializer})
    @action(detail=True, methods=["post"])
    def complete(self, request, **kwargs):
        """Make a test case of it, as the body says."""
        serializer = CaseSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        values = {"steps": []} | serializer.values()
        values.pop("version", None)
        case = proposals.complete_proposal(self.get_object().pk, by=request.user, **values)
        return Response(CaseSerializer(case).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ProposalDeclineSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request, **kwargs):
        reason = ProposalDeclineSerializer(data=request.data)
        reason.is_valid(raise_exception=True)
        proposal = self.get_object()
        proposals.decline_proposal(proposal.pk, by=request.user, reason=reason.validated_data["reason"])
        return Response(self.get_serializer(self.get_object()).data)
