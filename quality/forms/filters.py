import django_filters

from projects.models import Phase


class OfProjectFilter(django_filters.FilterSet):
    """A filter whose choices are those of the project; the API names things otherwise and has none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices_in(self.request.project)

    def choices_in(self, project):
        self.filters["phase"].queryset = Phase.objects.filter(project=project)
