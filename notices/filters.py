import django_filters
from django.utils.translation import gettext_lazy as _

from notices.enums import MessageState
from notices.models import Message


class MailFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="address", lookup_expr="icontains", label=_("Address"))
    state = django_filters.ChoiceFilter(choices=MessageState.choices, label=_("State"), empty_label=_("All states"))

    class Meta:
        model = Message
        fields = ["q", "state"]
