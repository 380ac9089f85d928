from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Organisation, User
from accounts.permissions import can_view_people


class SeesPeople(permissions.BasePermission):
    def has_permission(self, request, view):
        return can_view_people(request.user)


class OrganisationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = ["id", "name", "kind", "time_zone"]


class PersonSerializer(serializers.ModelSerializer):
    organisation = OrganisationSerializer(read_only=True)

    class Meta:
        model = User
        fields = ["id", "name", "email", "job_title", "organisation", "language", "time_zone", "is_active"]


class OrganisationViewSet(viewsets.ReadOnlyModelViewSet):
    """Organisations, for the vendor's people."""

    permission_classes = [permissions.IsAuthenticated, SeesPeople]
    serializer_class = OrganisationSerializer
    queryset = Organisation.objects.all()
    filterset_fields = ["kind"]


class PersonViewSet(viewsets.ReadOnlyModelViewSet):
    """People, for the vendor's people; `me` for everybody."""

    permission_classes = [permissions.IsAuthenticated, SeesPeople]
    serializer_class = PersonSerializer
    queryset = User.objects.all()
    filterset_fields = ["organisation", "is_active"]

    @extend_schema(responses=PersonSerializer)
    @action(detail=False, permission_classes=[permissions.IsAuthenticated])
    def me(self, request):
        """The person whose token or session this is."""
        return Response(self.get_serializer(request.user).data)


def register(router) -> None:
    router.register("organisations", OrganisationViewSet, basename="organisation")
    router.register("people", PersonViewSet, basename="person")
