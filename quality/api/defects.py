import django_filters
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.enums import Audience
from projects.models import Phase
from projects.roles import is_team
from quality.api.fields import OfProject, numbered, person
from quality.domain import defects
from quality.domain.defect_queries import defects_with_facts
from quality.domain.defect_turns import age_in_days, whose_turn
from quality.domain.queries import visible_defects
from quality.enums import Turn
from quality.forms.defects import DefectFilter
from quality.models import Defect, DefectMove, TestCase
from quality.permissions import (
    can_close_defect,
    can_edit_defect,
    can_fix_defect,
    can_reopen_defect,
    can_report_defect,
    can_settle_defect,
    can_view_quality,
)


class DefectSerializer(OfProject, serializers.ModelSerializer):
    code = serializers.CharField(read_only=True)
    phase = numbered(Phase, required=False, allow_null=True)
    case = numbered(TestCase, required=False, allow_null=True)
    owner = person(required=False, allow_null=True)
    reported_by = serializers.CharField(source="reported_by.name", read_only=True)
    duplicate_of = serializers.IntegerField(source="original_number", read_only=True, allow_null=True)
    age_days = serializers.SerializerMethodField()
    turn = serializers.SerializerMethodField()

    class Meta:
        model = Defect
        fields = [
            "number",
            "code",
            "title",
            "severity",
            "priority",
            "seen",
            "expected",
            "case",
            "step",
            "phase",
            "build",
            "environment",
            "owner",
            "fix_planned_on",
            "state",
            "reported_by",
            "reported_at",
            "fixed_at",
            "fixed_in",
            "deferred_until",
            "duplicate_of",
            "closed_at",
            "age_days",
            "turn",
            "audience",
            "shared_for_audit",
        ]
        read_only_fields = ["number", "state", "reported_at", "fixed_at", "fixed_in", "deferred_until", "closed_at"]

    def get_age_days(self, defect) -> int:
        return age_in_days(defect.reported_at, defect.closed_at, timezone.now())

    @extend_schema_field(serializers.ChoiceField(choices=Turn))
    def get_turn(self, defect) -> str:
        return whose_turn(
            defect.state,
            has_owner=defect.owner_id is not None,
            asks_customer=defect.asks_customer,
            deferred_until=defect.deferred_until,
            on=timezone.localdate(),
        )


class DefectMoveSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.name")

    class Meta:
        model = DefectMove
        fields = ["name", "source", "target", "reason", "by", "at"]


# What a customer says of a defect; the rest is the team's to find out, as on the page.
REPORTED = frozenset({"title", "severity", "seen", "expected", "phase"})


class FixSerializer(serializers.Serializer):
    fixed_in = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class DefectReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class DeferralSerializer(DefectReasonSerializer):
    until = serializers.DateField()


class DuplicateSerializer(serializers.Serializer):
    original = serializers.IntegerField(min_value=1, help_text="The number of the defect that it repeats.")
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class DefectApiFilter(DefectFilter):
    """As on the page, but the owner is named by e-mail and the phase by number."""

    owner = django_filters.CharFilter(field_name="owner__email", lookup_expr="iexact")
    phase = django_filters.NumberFilter(field_name="phase__number")

    def choices_in(self, project):
        """The fields of the API name what they mean themselves."""


class DefectViewSet(ProjectScoped, mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The defects of a project that the caller may see."""

    serializer_class = DefectSerializer
    queryset = Defect.objects.none()
    lookup_field = "number"
    filterset_class = DefectApiFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    rights = {
        "list": can_view_quality,
        "retrieve": can_view_quality,
        "create": can_report_defect,
        "partial_update": can_edit_defect,
        "fix": can_fix_defect,
        "decline": can_settle_defect,
        "defer": can_settle_defect,
        "duplicate": can_settle_defect,
        "moves": can_view_quality,
        "close": can_close_defect,
        "reopen": can_reopen_defect,
    }

    def get_queryset(self):
        visible = defects_with_facts(self.request.user, self.project)
        return visible.select_related("phase", "case", "owner", "reported_by").order_by("number")

    def perform_create(self, serializer):
        values = dict(serializer.validated_data)
        if not is_team(self.request.user, self.project):
            values = {name: value for name, value in values.items() if name in REPORTED}
            values["audience"] = Audience.CUSTOMER
        serializer.instance = self._anew(defects.report_defect(self.project, by=self.request.user, **values))

    def perform_update(self, serializer):
        values = serializer.validated_data
        defect = defects.edit_defect(serializer.instance.pk, by=self.request.user, **values)
        serializer.instance = self._anew(defect)

    @extend_schema(request=FixSerializer, responses=DefectSerializer)
    @action(detail=True, methods=["post"])
    def fix(self, request, **kwargs):
        return self._moved(defects.fix_defect, FixSerializer)

    @extend_schema(request=DefectReasonSerializer, responses=DefectSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request, **kwargs):
        return self._moved(defects.decline_defect, DefectReasonSerializer)

    @extend_schema(request=DeferralSerializer, responses=DefectSerializer)
    @action(detail=True, methods=["post"])
    def defer(self, request, **kwargs):
        return self._moved(defects.defer_defect, DeferralSerializer, on=timezone.localdate())

    @extend_schema(request=DuplicateSerializer, responses=DefectSerializer)
    @action(detail=True, methods=["post"])
    def duplicate(self, request, **kwargs):
        fields = DuplicateSerializer(data=request.data)
        fields.is_valid(raise_exception=True)
        number, reason = fields.validated_data["original"], fields.validated_data["reason"]
        original = visible_defects(request.user, self.project).filter(number=number).first()
        if original is None:
            raise serializers.ValidationError({"original": [gettext("There is no such defect in this project.")]})
        defect = defects.mark_duplicate(self.get_object().pk, by=request.user, original=original, reason=reason)
        return self._answer(defect)

    @extend_schema(responses=DefectMoveSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def moves(self, request, **kwargs):
        """The moves that it made, in their order."""
        made = self.get_object().moves.select_related("by").order_by("pk")
        return Response(DefectMoveSerializer(made, many=True).data)

    @extend_schema(request=None, responses=DefectSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request, **kwargs):
        return self._answer(defects.close_defect(self.get_object().pk, by=request.user))

    @extend_schema(request=DefectReasonSerializer, responses=DefectSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request, **kwargs):
        return self._moved(defects.reopen_defect, DefectReasonSerializer)

    def _moved(self, move, serializer_class, **given):
        fields = serializer_class(data=self.request.data)
        fields.is_valid(raise_exception=True)
        return self._answer(move(self.get_object().pk, by=self.request.user, **fields.validated_data, **given))

    def _anew(self, defect):
        """Read it again, with what the database adds."""
        return self.get_queryset().get(pk=defect.pk)

    def _answer(self, defect):
        return Response(DefectSerializer(self._anew(defect)).data)
