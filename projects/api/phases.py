from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from audit.domain import trail
from projects.api.scope import ProjectScoped
from projects.domain import phases
from projects.enums import PhaseItemKind
from projects.models import Phase, PhaseItem
from projects.permissions import can_move_phase, can_override_gate, can_tick_phase_item, can_view_project
from projects.roles import is_team


class PhaseItemSerializer(serializers.ModelSerializer):
    done_by = serializers.CharField(source="done_by.name", read_only=True, default=None)

    class Meta:
        model = PhaseItem
        fields = ["id", "kind", "position", "text", "reference", "done_at", "done_by"]


class PhaseSerializer(serializers.ModelSerializer):
    class Meta:
        model = Phase
        fields = ["number", "code", "name", "purpose", "state", "starts_on", "ends_on"]
        read_only_fields = ["number", "code", "state"]

    def validate(self, attrs):
        starts_on = attrs.get("starts_on", getattr(self.instance, "starts_on", None))
        ends_on = attrs.get("ends_on", getattr(self.instance, "ends_on", None))
        if starts_on and ends_on and ends_on < starts_on:
            raise serializers.ValidationError({"ends_on": _("The end cannot be before the start.")})
        return attrs


class PhaseReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class PhaseViewSet(
    ProjectScoped,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet,
):
    """The phases of the project, their check-lists and moves."""

    serializer_class = PhaseSerializer
    lookup_field = "number"
    lookup_value_regex = r"\d+"
    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = Phase.objects.none()  # names the model for the schema
    rights = {
        "list": can_view_project,
        "retrieve": can_view_project,
        "partial_update": can_move_phase,
        "move": can_move_phase,
        "override": can_override_gate,
        "items": can_view_project,
        "tick": can_tick_phase_item,
    }

    def get_queryset(self):
        return self.project.phases.all()

    def perform_update(self, serializer):
        for name, value in serializer.validated_data.items():
            setattr(serializer.instance, name, value)
        trail.save(serializer.instance, by=self.request.user)

    @extend_schema(request=None, responses=PhaseSerializer)
    @action(detail=True, methods=["post"], url_path="(?P<move>start|finish|reopen)")
    def move(self, request, project_key, number, move):
        """Start, finish or reopen a phase: it opens through the gate before it and ends with its check-list ticked."""
        return Response(PhaseSerializer(phases.move_phase(self.get_object().pk, move, by=request.user)).data)

    @extend_schema(request=PhaseReasonSerializer, responses=PhaseSerializer)
    @action(detail=True, methods=["post"])
    def override(self, request, project_key, number):
        """Start a phase although the gate before it is not passed; who and why stays on record."""
        asked = PhaseReasonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reason = asked.validated_data["reason"]
        return Response(
            PhaseSerializer(phases.open_without_gate(self.get_object().pk, reason=reason, by=request.user)).data
        )

    @extend_schema(responses=PhaseItemSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def items(self, request, project_key, number):
        """Inputs, outputs and check-list; the risks to consider for the team only."""
        items = self.get_object().items.select_related("done_by")
        if not is_team(request.user, self.project):
            items = items.exclude(kind=PhaseItemKind.RISK_PROMPT)
        return Response(PhaseItemSerializer(items, many=True).data)

    @extend_schema(request=None, responses=PhaseItemSerializer)
    @action(detail=True, methods=["post"], url_path=r"items/(?P<item_id>\d+)/(?P<word>tick|untick)")
    def tick(self, request, project_key, number, item_id, word):
        """Tick a check-list item, or take the tick back."""
        checks = self.get_object().items.filter(kind=PhaseItemKind.CHECK)
        item = get_object_or_404(checks, pk=item_id)
        return Response(PhaseItemSerializer(phases.tick_item(item.pk, done=word == "tick", by=request.user)).data)
