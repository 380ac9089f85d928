import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from signing import kinds
from signing.enums import RequestState
from signing.models import SignatureRequest


class DocumentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="search", widget=forms.TextInput(attrs={"type": "search"}))
    kind = django_filters.ChoiceFilter(label=_("Kind of document"), choices=kinds.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=RequestState.choices)

    class Meta:
        model = SignatureRequest
        fields = ["q", "kind", "state"]

    def search(self, queryset, name, value):
        return queryset.filter(Q(number__icontains=value) | Q(title__icontains=value))
