import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from requirements.enums import Priority, RequirementState
from requirements.models import Baseline, Objective, Requirement


class ObjectiveForm(forms.ModelForm):
    class Meta:
        model = Objective
        fields = [
            "title",
            "measure",
            "baseline_value",
            "target_value",
            "due_on",
            "audience",
            "shared_for_audit",
        ]


class RequirementForm(forms.ModelForm):
    """A requirement of `project`; `seen_version` travels with the form, so that nobody overwrites a newer version."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Requirement
        fields = [
            "process",
            "title",
            "statement",
            "acceptance",
            "priority",
            "phase",
            "objectives",
            "audience",
            "shared_for_audit",
        ]
        widgets = {"objectives": forms.CheckboxSelectMultiple}

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = project.phases.all()
        self.fields["objectives"].queryset = project.objectives.all()
        self.fields["seen_version"].initial = self.instance.version


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), strip=True)


class CompareForm(forms.Form):
    """Which other baseline of the project to compare with."""

    other = forms.ModelChoiceField(label=_("Compare with"), queryset=Baseline.objects.none(), to_field_name="number")

    def __init__(self, *args, baselines: QuerySet[Baseline], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = baselines


class RequirementFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="search", widget=forms.TextInput(attrs={"type": "search"}))
    priority = django_filters.ChoiceFilter(label=_("Priority"), choices=Priority, empty_label=_("All"))
    phase = django_filters.ChoiceFilter(label=_("Phase"), field_name="phase__number", empty_label=_("All"))
    objective = django_filters.NumberFilter(label=_("Objective no."), field_name="objectives__number")
    state = django_filters.ChoiceFilter(label=_("State"), choices=RequirementState, empty_label=_("All"))

    class Meta:
        model = Requirement
        fields = ["q", "priority", "phase", "objective", "state"]

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        phases = request.project.phases.all()  # type: ignore[attr-defined]
        self.filters["phase"].extra["choices"] = [(str(phase.number), phase.name) for phase in phases]

    def search(self, queryset, name, value):
        """Title, statement and process; a number as printed (R-012) finds that one."""
        found = Q(title__icontains=value) | Q(statement__icontains=value) | Q(process__icontains=value)
        digits = value.upper().removeprefix("R-")
        if digits.isascii() and digits.isdigit():
            found |= Q(number=int(digits))
        return queryset.filter(found)
