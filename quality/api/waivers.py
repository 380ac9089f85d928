from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.roles import visible_in
from quality.api.fields import OfProject, numbered
from quality.domain import waivers
from quality.models import Criterion, TestCase, Waiver
from quality.permissions import can_propose_waiver, can_view_acceptance
from requirements.models import Requirement
from signing.api import SendSerializer


class WaiverSerializer(serializers.ModelSerializer):
    """A proof that the customer does without; it counts once signed, for the version that it names."""

    case = serializers.IntegerField(source="case.number", default=None)
    requirement = serializers.IntegerField(source="requirement.number", default=None)
    criterion = serializers.IntegerField(source="criterion_id", default=None)
    document = serializers.CharField(source="document.label", default=None)

    class Meta:
        model = Waiver
        fields = [
            "number",
            "case",
            "requirement",
            "criterion",
            "version",
            "reason",
            "state",
            "proposed_at",
            "decided_at",
            "document",
        ]


class ProposalOfWaiverSerializer(OfProject, SendSerializer):
    """One thing, a test case, a requirement or a criterion (by id), the reason, and who signs."""

    case = numbered(TestCase, required=False, allow_null=True, default=None)
    requirement = numbered(Requirement, required=False, allow_null=True, default=None)
    criterion = serializers.PrimaryKeyRelatedField(
        queryset=Criterion.objects.none(), required=False, allow_null=True, default=None
    )
    reason = serializers.CharField(max_length=2000)

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        if project is not None:
            fields["requirement"].queryset = Requirement.objects.filter(project=project)
            fields["criterion"].queryset = Criterion.objects.filter(criteria_set__project=project)
        return fields


class WaiverViewSet(ProjectScoped, viewsets.ReadOnlyModelViewSet):
    """The waivers of a project: proposed, and signed or not."""

    serializer_class = WaiverSerializer
    queryset = Waiver.objects.none()
    lookup_field = "number"
    rights = {"list": can_view_acceptance, "retrieve": can_view_acceptance, "create": can_propose_waiver}

    def get_queryset(self):
        rows = visible_in(Waiver.objects.all(), self.request.user, self.project)
        return rows.select_related("case", "requirement", "document").order_by("-number")

    @extend_schema(request=ProposalOfWaiverSerializer, responses={201: WaiverSerializer})
    def create(self, request, **kwargs):
        """Propose to do without a proof, and send that for signature."""
        fields = ProposalOfWaiverSerializer(data=request.data, context=self.get_serializer_context())
        fields.is_valid(raise_exception=True)
        waiver = waivers.propose(self.project, by=request.user, **fields.validated_data)
        return Response(self.get_serializer(waiver).data, status=status.HTTP_201_CREATED)
