"""Fields that name rows of the project by number, and people by e-mail."""

from rest_framework import serializers

from accounts.models import User
from projects.models import Phase
from quality.models import TestCase
from requirements.models import Requirement


class OfProject(serializers.Serializer):
    """Mixin: what `phase`, `case`, `cases`, `owner`, `assigned_to` and `requirements` can name is the project's."""

    def get_fields(self):
        fields = super().get_fields()
        project = self.context.get("project")
        if project is None:  # for the schema
            return fields
        people = User.objects.filter(memberships__project=project).distinct()
        rows = {
            "phase": Phase.objects.filter(project=project),
            "case": TestCase.objects.filter(project=project),
            "owner": people,
            "assigned_to": people,
        }
        for name in fields.keys() & rows.keys():
            fields[name].queryset = rows[name]
        if "cases" in fields:
            fields["cases"].child_relation.queryset = rows["case"]
        if "requirements" in fields:
            fields["requirements"].child_relation.queryset = Requirement.objects.filter(project=project)
        return fields


def numbered(model, **options):
    return serializers.SlugRelatedField(slug_field="number", queryset=model.objects.none(), **options)


def person(**options):
    return serializers.SlugRelatedField(slug_field="email", queryset=User.objects.none(), **options)


class ReopeningSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)
