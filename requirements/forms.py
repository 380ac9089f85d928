from collections.abc import Iterable

import django_filters
from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from requirements.enums import Priority, RequirementState
from requirements.models import Baseline, Objective, Requirement


class ScopeForm(forms.ModelForm):
    """Its content stands still while a signed baseline holds it: only who may see the row is left to change.

    `seen_version` travels with the form, so that nobody overwrites a newer version.
    """

    ALWAYS_OPEN = frozenset({"audience", "shared_for_audit", "seen_version"})

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, is_signed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version
        for name, field in self.fields.items():
            field.disabled = is_signed and name not in self.ALWAYS_OPEN


class ObjectiveForm(ScopeForm):
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


class RequirementForm(ScopeForm):
    """A requirement of `project`."""

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


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), strip=True)


class CompareForm(forms.Form):
    """Which of the project's other baselines to compare with."""

    other = forms.ChoiceField(label=_("Compare with"))

    def __init__(self, *args, baselines: Iterable[Baseline], **kwargs):
        super().__init__(*args, **kwargs)
        self.baselines = {str(baseline.number): baseline for baseline in baselines}
        self.fields["other"].choices = [(number, baseline.code) for number, baseline in self.baselines.items()]

    def clean_other(self) -> Baseline:
        return self.baselines[self.cleaned_data["other"]]


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
