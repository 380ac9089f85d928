from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, permissions, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.domain import invitations, people
from accounts.models import Organisation, User
from accounts.permissions import can_manage_people, can_view_people
from audit.domain import trail
from common.dates import validate_time_zone


class SeesPeople(permissions.BasePermission):
    """The vendor's people read, an administrator writes: as on the pages."""

    def has_permission(self, request, view):
        allowed = can_view_people if request.method in permissions.SAFE_METHODS else can_manage_people
        return allowed(request.user)


class OrganisationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = ["id", "name", "kind", "time_zone"]


class PersonSerializer(serializers.ModelSerializer):
    organisation = OrganisationSerializer(read_only=True)

    class Meta:
        model = User
        fields = ["id", "name", "email", "job_title", "organisation", "language", "time_zone", "is_active"]


class InviteSerializer(serializers.Serializer):
    """Who is invited; a known address gives the person who has it."""

    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120)
    job_title = serializers.CharField(max_length=120, default="", allow_blank=True)
    organisation = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.all())
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    time_zone = serializers.CharField(validators=[validate_time_zone], default="Asia/Shanghai")


class OrganisationViewSet(mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet):
    """Organisations: read by the vendor's people, written by administrators."""

    permission_classes = [permissions.IsAuthenticated, SeesPeople]
    serializer_class = OrganisationSerializer
    queryset = Organisation.objects.all()
    filterset_fields = ["kind"]

    def perform_create(self, serializer):
        serializer.instance = Organisation(**serializer.validated_data)
        trail.save(serializer.instance, by=self.request.user)

    def perform_update(self, serializer):
        for name, value in serializer.validated_data.items():
            setattr(serializer.instance, name, value)
        trail.save(serializer.instance, by=self.request.user)


class PersonViewSet(viewsets.ReadOnlyModelViewSet):
    """People: read by the vendor's people, invited and deactivated by administrators; `me` for everybody."""

    permission_classes = [permissions.IsAuthenticated, SeesPeople]
    serializer_class = PersonSerializer
    queryset = User.objects.all()
    filterset_fields = ["organisation", "is_active"]

    @extend_schema(responses=PersonSerializer)
    @action(detail=False, permission_classes=[permissions.IsAuthenticated])
    def me(self, request):
        """The person whose token or session this is."""
        return Response(self.get_serializer(request.user).data)

    @extend_schema(request=InviteSerializer, responses={201: PersonSerializer})
    def create(self, request):
        """Invite a person by e-mail."""
        invited = InviteSerializer(data=request.data)
        invited.is_valid(raise_exception=True)
        person = people.invite(**invited.validated_data, by=request.user)
        return Response(self.get_serializer(person).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def invite(self, request, pk=None):
        """Mail a new invitation to somebody who has not signed in yet; links sent before end."""
        invitations.send(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def deactivate(self, request, pk=None):
        return Response(self.get_serializer(people.deactivate(self.get_object().pk, by=request.user)).data)

    @extend_schema(request=None, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def reactivate(self, request, pk=None):
        return Response(self.get_serializer(people.reactivate(self.get_object().pk, by=request.user)).data)


def register(router) -> None:
    router.register("organisations", OrganisationViewSet, basename="organisation")
    router.register("people", PersonViewSet, basename="person")
