from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.response import Response

from accounts.models import Organisation, User
from projects.api.scope import ProjectScoped
from projects.domain import team
from projects.enums import Role
from projects.models import Membership
from projects.permissions import can_edit_team, can_view_team


class MembershipSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    organisation = serializers.CharField(source="user.organisation.name", read_only=True)
    is_active = serializers.BooleanField(source="user.is_active", read_only=True)

    class Meta:
        model = Membership
        fields = ["user_id", "name", "email", "organisation", "is_active", "role"]


class RolesSerializer(serializers.Serializer):
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), allow_empty=False)


class NewMemberSerializer(RolesSerializer):
    """A person by e-mail; who is new is invited."""

    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120)
    job_title = serializers.CharField(max_length=120, required=False, default="")
    organisation = serializers.SlugRelatedField(slug_field="name", queryset=Organisation.objects.none())
    language = serializers.ChoiceField(choices=settings.LANGUAGES)

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        if project is not None:
            fields["organisation"].queryset = team.organisations_for(project)
        return fields


class MembershipViewSet(ProjectScoped, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Who is in the project, a row per role; changed by person."""

    serializer_class = MembershipSerializer
    lookup_field = "user_id"
    lookup_value_regex = r"\d+"
    http_method_names = ["get", "post", "put", "delete", "head", "options"]
    queryset = Membership.objects.none()  # names the model for the schema
    rights = {"list": can_view_team, "create": can_edit_team, "update": can_edit_team, "destroy": can_edit_team}

    def get_queryset(self):
        return self.project.memberships.select_related("user__organisation")

    @extend_schema(request=NewMemberSerializer, responses={201: MembershipSerializer(many=True)})
    def create(self, request, project_key):
        serializer = NewMemberSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        change = team.add_person(self.project, **serializer.validated_data, by=request.user)
        return Response(self._rows(change.user), status=status.HTTP_201_CREATED)

    @extend_schema(request=RolesSerializer, responses=MembershipSerializer(many=True))
    def update(self, request, project_key, user_id):
        serializer = RolesSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        person = self._person(user_id)
        team.set_roles(self.project, person, serializer.validated_data["roles"], by=request.user)
        return Response(self._rows(person))

    def destroy(self, request, project_key, user_id):
        team.remove_person(self.project, self._person(user_id), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _person(self, user_id):
        people = User.objects.filter(memberships__project=self.project).select_related("organisation").distinct()
        return get_object_or_404(people, pk=user_id)

    def _rows(self, person):
        return MembershipSerializer(self.get_queryset().filter(user=person), many=True).data
