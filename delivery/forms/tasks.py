import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from delivery.enums import TaskState
from delivery.models import Task, validate_dates
from projects.models import Phase
from requirements.models import Requirement


def people_of(project):
    return User.objects.filter(is_active=True, memberships__project=project).distinct()


class TaskForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Task
        fields = [
            "title",
            "phase",
            "is_milestone",
            "starts_on",
            "ends_on",
            "owner",
            "owner_role",
            "progress_percent",
            "requirements",
            "description",
            "audience",
        ]
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}),
            "ends_on": forms.DateInput(attrs={"type": "date"}),
            "description": forms.Textarea(attrs={"rows": 4}),
            "requirements": forms.SelectMultiple(attrs={"size": 8}),
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = Phase.objects.filter(project=project)
        self.fields["owner"].queryset = people_of(project)
        self.fields["requirements"].queryset = Requirement.objects.filter(project=project)
        self.fields["version"].initial = self.instance.version

    def clean(self):
        cleaned = super().clean() or {}
        try:
            validate_dates(cleaned.get("starts_on"), cleaned.get("ends_on"), bool(cleaned.get("is_milestone")))
        except ValidationError as wrong:
            self.add_error("ends_on", wrong)
        return cleaned

    def values(self) -> dict:
        """The cleaned fields as the domain functions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ProgressForm(forms.Form):
    progress_percent = forms.IntegerField(label=_("Progress in %"), min_value=0, max_value=100)


class TaskFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Title contains"))
    phase = django_filters.ModelChoiceFilter(queryset=Phase.objects.none(), to_field_name="number", label=_("Phase"))
    owner = django_filters.ModelChoiceFilter(queryset=User.objects.none(), label=_("Owner"))
    state = django_filters.ChoiceFilter(choices=TaskState, method="in_state", label=_("State"))

    class Meta:
        model = Task
        fields = ["q", "phase", "owner", "state"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices_in(self.request.project)

    def choices_in(self, project):
        self.filters["phase"].queryset = Phase.objects.filter(project=project)
        self.filters["owner"].queryset = people_of(project)

    def in_state(self, queryset, name, value: str):
        return queryset.in_state(value, on=timezone.localdate())
