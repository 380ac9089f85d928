from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from notices.domain import reading
from notices.models import Message


class NoticeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Message
        fields = ["id", "subject", "body", "url", "created_at", "read_at"]


class NoticeViewSet(viewsets.ReadOnlyModelViewSet):
    """The caller's own notices, newest first. Reading one by API does not mark it: `read` does."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = NoticeSerializer
    queryset = Message.objects.none()  # names the model for the schema

    def get_queryset(self):
        return Message.objects.in_app_of(self.request.user)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def read(self, request, pk=None):
        reading.mark_read(request.user, self.get_object().pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


def register(router) -> None:
    router.register("notices", NoticeViewSet, basename="notice")
