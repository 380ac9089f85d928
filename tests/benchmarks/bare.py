"""The least that Django and DRF can do for a list, in the same process: what our pages are compared with."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from rest_framework import generics, serializers

from delivery.models import Task


@login_not_required
def view(request, project_id):
    """One indexed query, 50 rows, a template; nobody is signed in."""
    tasks = Task.objects.filter(project_id=project_id).order_by("number")[:50]
    return render(request, "benchmarks/bare.html", {"tasks": tasks})


class TaskSerializer(serializers.ModelSerializer):
    class Meta:
        model = Task
        fields = [
            "number",
            "title",
            "description",
            "is_milestone",
            "starts_on",
            "ends_on",
            "progress_percent",
            "version",
        ]


class Api(generics.ListAPIView):
    """A hundred rows through a plain serializer; nobody is signed in, nothing is counted."""

    authentication_classes = permission_classes = filter_backends = []
    pagination_class = None
    serializer_class = TaskSerializer

    def get_queryset(self):
        return Task.objects.filter(project_id=self.kwargs["project_id"]).order_by("number")[:100]
