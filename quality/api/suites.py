from rest_framework import serializers, viewsets

from projects.api import ProjectScoped
from quality.api.fields import OfProject, numbered
from quality.domain import suites
from quality.models import TestCase, TestSuite
from quality.permissions import can_edit_case, can_view_suite


class SuiteSerializer(OfProject, serializers.ModelSerializer):
    """A suite with the numbers of its cases in their order; cases, when sent, replace them all."""

    code = serializers.CharField(read_only=True)
    cases = numbered(TestCase, many=True, required=False)

    class Meta:
        model = TestSuite
        fields = ["number", "code", "name", "purpose", "cases"]
        read_only_fields = ["number"]

    def to_representation(self, suite):
        shown = {name: getattr(suite, name) for name in ("number", "code", "name", "purpose")}
        return shown | {"cases": [entry.case.number for entry in suite.entries.all()]}


class SuiteViewSet(ProjectScoped, viewsets.ModelViewSet):
    """The suites of a project, which its team keeps."""

    serializer_class = SuiteSerializer
    queryset = TestSuite.objects.none()
    lookup_field = "number"
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    rights = {
        "list": can_view_suite,
        "retrieve": can_view_suite,
        "create": can_edit_case,
        "partial_update": can_edit_case,
        "destroy": can_edit_case,
    }

    def get_queryset(self):
        return TestSuite.objects.filter(project=self.project).prefetch_related("entries__case").order_by("number")

    def perform_create(self, serializer):
        suite = suites.create_suite(self.project, by=self.request.user, **self._values(serializer))
        serializer.instance = self.get_queryset().get(pk=suite.pk)

    def perform_update(self, serializer):
        kept = {name: getattr(serializer.instance, name) for name in ("name", "purpose")}
        suites.edit_suite(serializer.instance.pk, by=self.request.user, **(kept | self._values(serializer)))
        serializer.instance = self.get_queryset().get(pk=serializer.instance.pk)

    def perform_destroy(self, suite):
        suites.delete_suite(suite.pk, by=self.request.user)

    @staticmethod
    def _values(serializer):
        values = dict(serializer.validated_data)
        if "cases" in values:
            values["case_ids"] = [case.pk for case in values.pop("cases")]
        return values
