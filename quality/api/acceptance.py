from fractions import Fraction

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.models import Phase
from projects.roles import visible_in
from quality import sources
from quality.api.fields import OfProject, ReopeningSerializer, numbered, person
from quality.domain import acceptances, agreements, criteria_sets, evaluation, facts, punch_items
from quality.domain.criteria_sets import Wording
from quality.enums import CriterionKind, Operator
from quality.models import Acceptance, AcceptanceLine, CriteriaSet, PunchItem
from quality.permissions import (
    can_confirm_punch_item,
    can_edit_criteria,
    can_finish_punch_item,
    can_reopen_criteria,
    can_request_acceptance,
    can_send_criteria,
    can_view_acceptance,
)
from signing.api import SendSerializer

ITEM = r"items/(?P<position>\d+)"


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


class PunchItemSerializer(serializers.ModelSerializer):
    """What an acceptance with conditions leaves to be done; `criterion` is the number of the one not met without it."""

    number = serializers.IntegerField(source="position")
    owner = serializers.CharField(source="owner.email")
    criterion = serializers.IntegerField(source="criterion.position", default=None)

    class Meta:
        model = PunchItem
        fields = [
            "number",
            "text",
            "owner",
            "due_on",
            "retest",
            "criterion",
            "state",
            "done_at",
            "done_comment",
            "confirmed_at",
            "returned_at",
            "returned_reason",
        ]


class PunchWordingSerializer(OfProject):
    """An item of a punch list as it is proposed."""

    text = serializers.CharField(max_length=500)
    owner = person()
    due_on = serializers.DateField()
    retest = serializers.CharField(max_length=300)
    criterion = serializers.IntegerField(required=False, allow_null=True, default=None)


class LineOfScopeSerializer(serializers.ModelSerializer):
    class Meta:
        model = AcceptanceLine
        fields = ["key", "label", "is_accepted"]


class AcceptanceSerializer(serializers.ModelSerializer):
    phase = serializers.IntegerField(source="phase.number", default=None)
    criteria = serializers.IntegerField(source="criteria_set_id")
    document = serializers.CharField(source="document.label", default=None)
    punch_list = PunchItemSerializer(source="punch_items", many=True)
    lines = LineOfScopeSerializer(many=True)

    class Meta:
        model = Acceptance
        fields = [
            "id",
            "phase",
            "criteria",
            "state",
            "requested_at",
            "ended_at",
            "reason",
            "document",
            "is_partial",
            "lines",
            "punch_list",
            "fulfilled_at",
        ]


class AcceptanceRequestSerializer(OfProject, SendSerializer):
    """What is to be accepted, a phase or the whole project where `phase` is null, and who signs.

    With a punch list it is an acceptance with conditions; every criterion that is not met needs an item.
    """

    phase = numbered(Phase, required=False, allow_null=True, default=None)
    punch_list = PunchWordingSerializer(many=True, required=False, default=list)
    accepted_lines = serializers.ListField(
        child=serializers.CharField(max_length=80),
        required=False,
        allow_null=True,
        default=None,
        help_text="The keys of what is accepted now; left out: everything that was not accepted yet",
    )

    def validate_punch_list(self, rows):
        return [punch_items.Wording(**row) for row in rows]


class DoneSerializer(serializers.Serializer):
    comment = serializers.CharField(max_length=5000)


class AcceptanceViewSet(ProjectScoped, viewsets.ReadOnlyModelViewSet):
    """The acceptances of a project, requested and decided, with what they leave to be done."""

    serializer_class = AcceptanceSerializer
    queryset = Acceptance.objects.none()
    rights = {
        "list": can_view_acceptance,
        "retrieve": can_view_acceptance,
        "create": can_request_acceptance,
        "finish_item": can_finish_punch_item,
        "confirm_item": can_confirm_punch_item,
        "return_item": can_confirm_punch_item,
    }

    def get_queryset(self):
        rows = visible_in(Acceptance.objects.all(), self.request.user, self.project)
        rows = rows.select_related("phase", "document").order_by("-requested_at", "-pk")
        return rows.prefetch_related(
            "lines", Prefetch("punch_items", PunchItem.objects.select_related("owner", "criterion"))
        )

    @extend_schema(request=AcceptanceRequestSerializer, responses={201: AcceptanceSerializer})
    def create(self, request, **kwargs):
        """Freeze what the scope is accepted by and send it for signature; 409 while its criteria are not met."""
        fields = AcceptanceRequestSerializer(data=request.data, context=self.get_serializer_context())
        fields.is_valid(raise_exception=True)
        asked = acceptances.request_acceptance(self.project, by=request.user, **fields.validated_data)
        return Response(self.get_serializer(asked).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DoneSerializer, responses=AcceptanceSerializer)
    @action(detail=True, methods=["post"], url_path=rf"{ITEM}/finish")
    def finish_item(self, request, **kwargs):
        """Say that an item of the punch list is done; the customer is asked to confirm it."""
        fields = DoneSerializer(data=request.data)
        fields.is_valid(raise_exception=True)
        return self._move(punch_items.finish_item, **fields.validated_data)

    @extend_schema(request=None, responses=AcceptanceSerializer)
    @action(detail=True, methods=["post"], url_path=rf"{ITEM}/confirm")
    def confirm_item(self, request, **kwargs):
        """Confirm for the customer that an item is done; the last one fulfils the conditions."""
        return self._move(punch_items.confirm_item)

    @extend_schema(request=ReopeningSerializer, responses=AcceptanceSerializer)
    @action(detail=True, methods=["post"], url_path=rf"{ITEM}/return")
    def return_item(self, request, **kwargs):
        """Send an item back to its owner, with what is missing."""
        fields = ReopeningSerializer(data=request.data)
        fields.is_valid(raise_exception=True)
        return self._move(punch_items.return_item, **fields.validated_data)

    def _move(self, move, **values):
        item = get_object_or_404(self.get_object().punch_items, position=self.kwargs["position"])
        move(item.pk, by=self.request.user, **values)
        return Response(self.get_serializer(self.get_object()).data)
