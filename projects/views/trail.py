import django_filters
from django import forms
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from audit.domain import trail as domain
from audit.domain import words
from audit.models import Entry
from common.dates import start_of_day
from common.lists import list_page
from projects.access import project_page
from projects.permissions import can_view_trail


class TrailFilter(django_filters.FilterSet):
    """Who, about what kind of thing, between which days, or about one object (from its own page)."""

    person = django_filters.ChoiceFilter(field_name="actor_id", label=_("Person"), empty_label=_("Everybody"))
    type = django_filters.ChoiceFilter(field_name="object_type", label=_("About"), empty_label=_("Everything"))
    since = django_filters.DateFilter(method="from_day", label=_("From"), widget=forms.DateInput)
    until = django_filters.DateFilter(method="to_day", label=_("To"), widget=forms.DateInput)
    object = django_filters.CharFilter(method="about", label=_("Object"), widget=forms.HiddenInput)

    class Meta:
        model = Entry
        fields = ["person", "type", "since", "until", "object"]

    def __init__(self, *args, people, types, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["person"].extra["choices"] = people
        self.filters["type"].extra["choices"] = types

    def from_day(self, queryset, name, value):
        return queryset.filter(at__gte=start_of_day(value, self.request.user.time_zone))

    def to_day(self, queryset, name, value):
        day_after = value.fromordinal(value.toordinal() + 1)
        return queryset.filter(at__lt=start_of_day(day_after, self.request.user.time_zone))

    def about(self, queryset, name, value):
        object_type, _colon, object_id = value.partition(":")
        return queryset.filter(object_type=object_type, object_id=object_id)


@project_page(can_view_trail)
def trail(request, project):
    entries = domain.entries_of_project(project.pk)
    seen = list(entries.order_by().values_list("actor_id", "actor__name", "object_type").distinct())
    people = sorted({(str(pk), name) for pk, name, _type in seen if pk}, key=lambda choice: choice[1])
    types = sorted({(kind, words.noun(kind)) for _pk, _name, kind in seen}, key=lambda choice: choice[1])

    def filterset(*args, **kwargs):
        return TrailFilter(*args, people=people, types=types, **kwargs)

    page = list_page(request, entries, sorts={"number": "number"}, default="-number", filterset=filterset)
    context = {"page": page, "lines": words.lines(page.rows)}
    name = "projects/_trail_table.html" if request.htmx and not request.htmx.boosted else "projects/trail.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
