from fractions import Fraction

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.models import Phase
from projects.roles import visible_in
from quality import sources
from quality.api.fields import OfProject, ReopeningSerializer, numbered
from quality.domain import acceptances, agreements, criteria_sets, evaluation, facts
from quality.domain.criteria_sets import Wording
from quality.enums import CriterionKind, Operator
from quality.models import Acceptance, CriteriaSet
from quality.permissions import (
    can_edit_criteria,
    can_reopen_criteria,
    can_request_acceptance,
    can_send_criteria,
    can_view_acceptance,
)
from signing.api import SendSerializer


class CriterionSerializer(serializers.Serializer):
    """A criterion. `threshold` is a decimal with up to four places; what is left out is as its source has it."""

    statement = serializers.CharField(max_length=300)
    source = serializers.CharField(max_length=60, help_text="The key of a source of measured values, or manual")  # type: ignore[assignment]  # the name of a field, not DRF’s option
    kind = serializers.ChoiceField(choices=CriterionKind.choices, required=False)
    operator = serializers.ChoiceField(choices=Operator.choices, required=False)
    threshold = serializers.DecimalField(max_digits=14, decimal_places=4, required=False)
    unit = serializers.CharField(max_length=20, required=False, allow_blank=True)
    how = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    label = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        default="",  # type: ignore[assignment]  # the name of a field, not DRF’s option
        help_text="Of an imported load test: which label is measured; empty: all samples",
    )

    def validate_source(self, value):
        if sources.find(value) is None:
            known = ", ".join(key for key, _label in sources.choices())
            raise serializers.ValidationError(known)
        return value

    @staticmethod
    def wording(values) -> Wording:
        source = sources.get(values["source"])
        threshold = values.get("threshold")
        return Wording(
            statement=values["statement"],
            source=source.key,
            kind=values.get("kind", source.kind),
            operator=values.get("operator", source.operator),
            threshold=source.threshold if threshold is None else Fraction(threshold),
            unit=values.get("unit", source.unit),
            how=values["how"],
            label=values["label"],
        )


class LineSerializer(serializers.Serializer):
    """A criterion as it stands now; `measured` is the exact value as a fraction, such as 86 or 1289/15."""

    number = serializers.IntegerField(source="criterion.position")
    statement = serializers.CharField(source="criterion.statement")
    source = serializers.CharField(source="criterion.source")  # type: ignore[assignment]  # as above
    kind = serializers.CharField(source="criterion.kind")
    operator = serializers.CharField(source="criterion.operator")
    threshold = serializers.CharField(source="criterion.threshold")
    unit = serializers.CharField(source="criterion.unit")
    how = serializers.CharField(source="criterion.how")
    label = serializers.CharField(source="criterion.label")  # type: ignore[assignment]  # as above
    measured = serializers.CharField(source="measured.value", allow_null=True)
    counts = serializers.ListField(source="measured.counts", child=serializers.IntegerField(), allow_null=True)
    against = serializers.ListField(source="measured.against", child=serializers.CharField())
    verdict = serializers.CharField()


class CriteriaSerializer(OfProject, serializers.ModelSerializer):
    """The criteria of a phase, or of the whole project where `phase` is null."""

    phase = numbered(Phase, required=False, allow_null=True)
    document = serializers.CharField(source="document.label", default=None, read_only=True)

    class Meta:
        model = CriteriaSet
        fields = ["id", "phase", "version", "state", "agreed_at", "document", "reopened_at", "reopened_reason"]
        read_only_fields = ["id", "version", "state", "agreed_at", "reopened_at", "reopened_reason"]


class CriteriaViewSet(ProjectScoped, mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The acceptance criteria of a project, every version: drafted, sent for signature, reopened."""

    serializer_class = CriteriaSerializer
    queryset = CriteriaSet.objects.none()
    rights = {
        "list": can_view_acceptance,
        "retrieve": can_view_acceptance,
        "create": can_edit_criteria,
        "lines": can_view_acceptance,
        "save_lines": can_edit_criteria,
        "send": can_send_criteria,
        "reopen": can_reopen_criteria,
    }

    def get_queryset(self):
        rows = visible_in(CriteriaSet.objects.all(), self.request.user, self.project)
        return rows.select_related("phase", "document").order_by("phase__number", "version")

    def perform_create(self, serializer):
        phase = serializer.validated_data.get("phase")
        serializer.instance = criteria_sets.start_set(self.project, phase, by=self.request.user)

    @extend_schema(responses=LineSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def lines(self, request, **kwargs):
        """Every criterion with what is measured for it now."""
        criteria_set = self.get_object()
        criteria_set.project = self.project
        criteria = list(criteria_set.criteria.all())
        for criterion in criteria:
            criterion.criteria_set = criteria_set
        found = evaluation.evaluate_all(criteria, facts.of_scope(self.project, criteria_set.phase))
        return Response(LineSerializer(found, many=True).data)

    @extend_schema(request=CriterionSerializer(many=True), responses=LineSerializer(many=True))
    @lines.mapping.put
    def save_lines(self, request, **kwargs):
        """Replace the criteria of a draft."""
        criteria_set = self.get_object()
        rows = CriterionSerializer(data=request.data, many=True)
        rows.is_valid(raise_exception=True)
        wordings = [CriterionSerializer.wording(values) for values in rows.validated_data]
        criteria_sets.save_criteria(criteria_set.pk, wordings, by=request.user)
        return self.lines(request, **kwargs)

    @extend_schema(request=SendSerializer, responses=CriteriaSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request, **kwargs):
        """Lock a draft and send it for signature by both sides."""
        fields = SendSerializer(data=request.data, context=self.get_serializer_context())
        fields.is_valid(raise_exception=True)
        agreements.send(self.get_object().pk, by=request.user, **fields.validated_data)
        return self.retrieve(request, **kwargs)

    @extend_schema(request=ReopeningSerializer, responses={201: CriteriaSerializer})
    @action(detail=True, methods=["post"])
    def reopen(self, request, **kwargs):
        """Reopen agreed criteria; answers with the next version, a draft."""
        fields = ReopeningSerializer(data=request.data)
        fields.is_valid(raise_exception=True)
        following = criteria_sets.reopen(self.get_object().pk, by=request.user, **fields.validated_data)
        return Response(self.get_serializer(following).data, status=status.HTTP_201_CREATED)


class AcceptanceSerializer(serializers.ModelSerializer):
    phase = serializers.IntegerField(source="phase.number", default=None)
    criteria = serializers.IntegerField(source="criteria_set_id")
    document = serializers.CharField(source="document.label", default=None)

    class Meta:
        model = Acceptance
        fields = ["id", "phase", "criteria", "state", "requested_at", "ended_at", "reason", "document"]


class AcceptanceRequestSerializer(OfProject, SendSerializer):
    """What is to be accepted, a phase or the whole project where `phase` is null, and who signs."""

    phase = numbered(Phase, required=False, allow_null=True, default=None)


class AcceptanceViewSet(ProjectScoped, viewsets.ReadOnlyModelViewSet):
    """The acceptances of a project, requested and decided."""

    serializer_class = AcceptanceSerializer
    queryset = Acceptance.objects.none()
    rights = {"list": can_view_acceptance, "retrieve": can_view_acceptance, "create": can_request_acceptance}

    def get_queryset(self):
        rows = visible_in(Acceptance.objects.all(), self.request.user, self.project)
        return rows.select_related("phase", "document").order_by("-requested_at", "-pk")

    @extend_schema(request=AcceptanceRequestSerializer, responses={201: AcceptanceSerializer})
    def create(self, request, **kwargs):
        """Freeze what the scope is accepted by and send it for signature; 409 while its criteria are not met."""
        fields = AcceptanceRequestSerializer(data=request.data, context=self.get_serializer_context())
        fields.is_valid(raise_exception=True)
        asked = acceptances.request_acceptance(self.project, by=request.user, **fields.validated_data)
        return Response(self.get_serializer(asked).data, status=status.HTTP_201_CREATED)
