from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from projects.api import ProjectScoped
from projects.roles import visible_in
from requirements import permissions
from requirements.domain import baselines, differences, freezing, objectives, requirements, sending
from requirements.models import Baseline, BaselineItem, BaselineObjective, Objective, Requirement
from signing.api import SendSerializer

PROJECT = r"projects/(?P<project_key>[A-Z0-9-]+)"


class DiscardSerializer(serializers.Serializer):
    """A change of the scope ends a baseline that is frozen or out for signature: `discard` says that it may."""

    discard = serializers.BooleanField(default=False, write_only=True)


class WithdrawSerializer(DiscardSerializer):
    reason = serializers.CharField(max_length=500)


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class AuditSerializer(serializers.Serializer):
    shared = serializers.BooleanField()


class FreezeSerializer(serializers.Serializer):
    """`share` says that what only the team sees may be shared with the customer, who is to sign it."""

    share = serializers.BooleanField(default=False)


class ObjectiveSerializer(DiscardSerializer, serializers.ModelSerializer):
    """`version`, when sent, is the one that was read."""

    code = serializers.CharField(read_only=True)
    version = serializers.IntegerField(required=False)

    class Meta:
        model = Objective
        fields = [
            "number",
            "code",
            "title",
            "measure",
            "baseline_value",
            "target_value",
            "due_on",
            "version",
            "audience",
            "shared_for_audit",
            "discard",
        ]
        read_only_fields = ["number"]


class RequirementSerializer(DiscardSerializer, serializers.ModelSerializer):
    """`objectives` and `phase` are numbers of the project. `version`, when sent, is the one that was read."""

    code = serializers.CharField(read_only=True)
    objectives = serializers.SlugRelatedField(
        slug_field="number", many=True, queryset=Objective.objects.none(), required=False
    )
    phase = serializers.SlugRelatedField(
        slug_field="number", queryset=Requirement.objects.none(), required=False, allow_null=True
    )
    version = serializers.IntegerField(required=False)

    class Meta:
        model = Requirement
        fields = [
            "number",
            "code",
            "process",
            "title",
            "statement",
            "acceptance",
            "priority",
            "phase",
            "objectives",
            "version",
            "state",
            "audience",
            "shared_for_audit",
            "discard",
        ]
        read_only_fields = ["number", "state"]

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        if project is not None:
            fields["objectives"].child_relation.queryset = project.objectives.all()
            fields["phase"].queryset = project.phases.all()
        return fields


class BaselineItemSerializer(serializers.ModelSerializer):
    priority = serializers.CharField()
    objectives = serializers.ListField(child=serializers.IntegerField(), source="objective_numbers")

    class Meta:
        model = BaselineItem
        fields = [
            "number",
            "code",
            "version",
            "process",
            "title",
            "statement",
            "acceptance",
            "priority",
            "phase",
            "objectives",
        ]


class BaselineObjectiveSerializer(serializers.ModelSerializer):
    class Meta:
        model = BaselineObjective
        fields = ["number", "code", "title", "measure", "baseline_value", "target_value", "due_on"]


class BaselineSerializer(serializers.ModelSerializer):
    class Meta:
        model = Baseline
        fields = [
            "number",
            "code",
            "state",
            "audience",
            "shared_for_audit",
            "frozen_at",
            "sent_at",
            "signed_at",
            "reopened_at",
            "reopened_reason",
            "discarded_at",
            "discarded_reason",
        ]


class BaselineDetailSerializer(BaselineSerializer):
    objectives = BaselineObjectiveSerializer(many=True, read_only=True)
    items = BaselineItemSerializer(many=True, read_only=True)

    class Meta(BaselineSerializer.Meta):
        fields = [*BaselineSerializer.Meta.fields, "objectives", "items"]


class PieceSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="same, removed or added")
    text = serializers.CharField()


class FieldChangeSerializer(serializers.Serializer):
    label = serializers.CharField()
    pieces = PieceSerializer(many=True)


class ItemChangeSerializer(serializers.Serializer):
    item = BaselineItemSerializer()
    changes = FieldChangeSerializer(many=True)


class DifferenceSerializer(serializers.Serializer):
    added = BaselineItemSerializer(many=True)
    removed = BaselineItemSerializer(many=True)
    changed = ItemChangeSerializer(many=True)


class ScopeViewSet(
    ProjectScoped,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """What objectives, requirements and baselines share: rows of the project that exist for the caller, by number."""

    lookup_field = "number"
    lookup_value_regex = r"\d+"

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return visible_in(self.queryset.order_by("number"), self.request.user, self.project)

    def get_serializer_context(self):
        context = super().get_serializer_context()
        if not getattr(self, "swagger_fake_view", False):
            context["project"] = self.project
        return context


class ObjectiveViewSet(mixins.CreateModelMixin, mixins.UpdateModelMixin, ScopeViewSet):
    """Measurable expectations of the customer."""

    queryset = Objective.objects.all()
    serializer_class = ObjectiveSerializer
    rights = {
        "list": permissions.can_view_scope,
        "retrieve": permissions.can_view_scope,
        "create": permissions.can_edit_objective,
        "update": permissions.can_edit_objective,
        "partial_update": permissions.can_edit_objective,
    }

    def perform_create(self, serializer):
        values = dict(serializer.validated_data)
        discard = values.pop("discard", False)
        values.pop("version", None)
        objective = Objective(project=self.project, **values)
        serializer.instance = objectives.add_objective(objective, by=self.request.user, discard=discard)

    def perform_update(self, serializer):
        values = dict(serializer.validated_data)
        discard = values.pop("discard", False)
        seen_version = values.pop("version", None)
        objective = _changed(serializer.instance, values)
        objectives.edit_objective(objective, by=self.request.user, seen_version=seen_version, discard=discard)


class RequirementViewSet(mixins.CreateModelMixin, mixins.UpdateModelMixin, mixins.DestroyModelMixin, ScopeViewSet):
    """Numbered requirements. What a baseline holds is withdrawn, not deleted."""

    queryset = Requirement.objects.select_related("phase").prefetch_related("objectives")
    serializer_class = RequirementSerializer
    filterset_fields = ["state", "priority", "phase__number", "objectives__number"]
    rights = {
        "list": permissions.can_view_scope,
        "retrieve": permissions.can_view_scope,
        "create": permissions.can_edit_requirement,
        "update": permissions.can_edit_requirement,
        "partial_update": permissions.can_edit_requirement,
        "destroy": permissions.can_edit_requirement,
        "withdraw": permissions.can_edit_requirement,
        "restore": permissions.can_edit_requirement,
    }

    def perform_create(self, serializer):
        values = dict(serializer.validated_data)
        discard, tied = values.pop("discard", False), values.pop("objectives", [])
        values.pop("version", None)
        requirement = Requirement(project=self.project, **values)
        serializer.instance = requirements.add_requirement(requirement, tied, by=self.request.user, discard=discard)

    def perform_update(self, serializer):
        values = dict(serializer.validated_data)
        discard, seen_version = values.pop("discard", False), values.pop("version", None)
        tied = values.pop("objectives", list(serializer.instance.objectives.all()))
        serializer.instance = requirements.edit_requirement(
            _changed(serializer.instance, values),
            tied,
            by=self.request.user,
            seen_version=seen_version,
            discard=discard,
        )

    def perform_destroy(self, instance):
        requirements.delete_requirement(instance.pk, by=self.request.user)

    @extend_schema(request=WithdrawSerializer, responses=RequirementSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, **kwargs):
        """Take it out of the scope, with a reason."""
        values = _validated(WithdrawSerializer, request)
        requirements.withdraw_requirement(self.get_object().pk, by=request.user, **values)
        return self.retrieve(request, **kwargs)

    @extend_schema(request=DiscardSerializer, responses=RequirementSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request, **kwargs):
        """Bring a withdrawn one back into the scope."""
        values = _validated(DiscardSerializer, request)
        requirements.restore_requirement(self.get_object().pk, by=request.user, **values)
        return self.retrieve(request, **kwargs)


class BaselineViewSet(ScopeViewSet):
    """Frozen sets of requirements and objectives: frozen here, sent for signature, reopened."""

    queryset = Baseline.objects.all()
    filterset_fields = ["state"]
    rights = {
        "list": permissions.can_view_scope,
        "retrieve": permissions.can_view_scope,
        "difference": permissions.can_view_scope,
        "freeze": permissions.can_freeze_baseline,
        "send": permissions.can_freeze_baseline,
        "discard": permissions.can_freeze_baseline,
        "reopen": permissions.can_reopen_baseline,
        "audit": permissions.can_freeze_baseline,
    }

    def get_serializer_class(self):
        return BaselineSerializer if self.action == "list" else BaselineDetailSerializer

    @extend_schema(request=FreezeSerializer, responses={201: BaselineDetailSerializer})
    @action(detail=False, methods=["post"])
    def freeze(self, request, **kwargs):
        """Freeze all requirements in scope into the next baseline."""
        baseline = freezing.freeze(self.project, by=request.user, **_validated(FreezeSerializer, request))
        return Response(self.get_serializer(baseline).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SendSerializer, responses=BaselineDetailSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request, **kwargs):
        """Send a frozen baseline for signature, as the SRS."""
        values = _validated(SendSerializer, request, context=self.get_serializer_context())
        sending.send_baseline(self.get_object().pk, by=request.user, **values)
        return self.retrieve(request, **kwargs)

    @extend_schema(request=ReasonSerializer, responses=BaselineDetailSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request, **kwargs):
        """Give up a baseline that is not signed; an open request is voided."""
        baselines.discard(self.get_object().pk, by=request.user, **_validated(ReasonSerializer, request))
        return self.retrieve(request, **kwargs)

    @extend_schema(request=ReasonSerializer, responses=BaselineDetailSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request, **kwargs):
        """Reopen a signed baseline, with a reason; both sides are told."""
        baselines.reopen(self.get_object().pk, by=request.user, **_validated(ReasonSerializer, request))
        return self.retrieve(request, **kwargs)

    @extend_schema(request=AuditSerializer, responses=BaselineDetailSerializer)
    @action(detail=True, methods=["post"])
    def audit(self, request, **kwargs):
        """Show the baseline to the project's auditors, or no longer."""
        baselines.share_for_audit(self.get_object().pk, by=request.user, **_validated(AuditSerializer, request))
        return self.retrieve(request, **kwargs)

    @extend_schema(responses=DifferenceSerializer)
    @action(detail=True, url_path=r"difference/(?P<other>\d+)")
    def difference(self, request, other, **kwargs):
        """What differs from another baseline of the project, the earlier one first."""
        pair = [self.get_object(), get_object_or_404(self.get_queryset(), number=other)]
        earlier, later = sorted(pair, key=lambda baseline: baseline.number)
        return Response(DifferenceSerializer(differences.between(earlier, later)).data)


def _changed(instance, values: dict):
    for name, value in values.items():
        setattr(instance, name, value)
    return instance


def _validated(serializer_class, request, **options) -> dict:
    serializer = serializer_class(data=request.data, **options)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def register(router) -> None:
    router.register(f"{PROJECT}/objectives", ObjectiveViewSet, basename="objective")
    router.register(f"{PROJECT}/requirements", RequirementViewSet, basename="requirement")
    router.register(f"{PROJECT}/baselines", BaselineViewSet, basename="baseline")
