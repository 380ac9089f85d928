import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from quality.domain import scenarios, suggestions
from quality.domain.cases import Step
from quality.domain.drafts import Draft
from quality.enums import ABNORMAL, CaseKind, CaseState, Priority, Scenario
from quality.models import TestCase
from requirements.enums import Priority as RequirementPriority
from requirements.models import Requirement

BLANK_STEPS = 3


class CaseForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = TestCase
        fields = [
            "title",
            "process",
            "kind",
            "scenario",
            "priority",
            "requirements",
            "preconditions",
            "audience",
            "shared_for_audit",
        ]
        widgets = {
            "preconditions": forms.Textarea(attrs={"rows": 3}),
            "requirements": forms.SelectMultiple(attrs={"size": 8}),
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["requirements"].queryset = Requirement.objects.filter(project=project).in_scope()
        self.fields["version"].initial = self.instance.version

    def values(self) -> dict:
        """The cleaned fields as the domain functions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class BeginForm(forms.Form):
    """What the address of a new case begins it from: a requirement, in an abnormal situation or as it is."""

    requirement = forms.ModelChoiceField(queryset=Requirement.objects.none(), to_field_name="number", required=False)
    scenario = forms.ChoiceField(choices=[(scenario.value, scenario.label) for scenario in ABNORMAL], required=False)

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["requirement"].queryset = Requirement.objects.filter(project=project).in_scope()

    def draft(self) -> Draft | None:
        """What the form begins with, in the active language; None where the address names nothing of the project."""
        requirement = self.cleaned_data.get("requirement") if self.is_valid() else None
        if requirement is None:
            return None
        if scenario := self.cleaned_data["scenario"]:
            return scenarios.draft_for(requirement, Scenario(scenario))
        return suggestions.suggest(requirement.title, requirement.acceptance, process=requirement.process)


def initial_of(draft: Draft, requirement: Requirement) -> dict:
    """The fields of a draft as the form of a case begins with them."""
    names = ("title", "kind", "scenario", "process", "preconditions")
    return {name: getattr(draft, name) for name in names} | {"requirements": [requirement.pk]}


class StepForm(forms.Form):
    action = forms.CharField(label=_("Action"), max_length=500, required=False)
    test_data = forms.CharField(label=_("Test data"), max_length=300, required=False)
    expected = forms.CharField(label=_("Expected result"), max_length=500, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("action") and not cleaned.get("expected"):
            self.add_error("expected", _("Say what must be seen after this step."))
        if not cleaned.get("action") and (cleaned.get("expected") or cleaned.get("test_data")):
            self.add_error("action", _("Say what to do in this step."))
        return cleaned


class BaseStepFormSet(forms.BaseFormSet):
    """The steps of a case in their order; a row left empty is no step."""

    def steps(self) -> list[Step]:
        return [Step(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("action")]


StepFormSet = forms.formset_factory(
    StepForm, formset=BaseStepFormSet, extra=BLANK_STEPS, max_num=100, validate_max=True, absolute_max=120
)


class UncoveredFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        field_name="title",
        lookup_expr="icontains",
        label=_("Title contains"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    priority = django_filters.ChoiceFilter(choices=RequirementPriority, label=_("Priority"))

    class Meta:
        model = Requirement
        fields = ["q", "priority"]


class CaseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=_("Words or number"), method="with_words", widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = django_filters.ChoiceFilter(choices=CaseKind, label=_("Kind"))
    scenario = django_filters.ChoiceFilter(choices=Scenario, label=_("Situation"))
    priority = django_filters.ChoiceFilter(choices=Priority, label=_("Priority"))
    state = django_filters.ChoiceFilter(choices=CaseState, label=_("State"))

    class Meta:
        model = TestCase
        fields = ["q", "kind", "scenario", "priority", "state"]

    def with_words(self, queryset, name, value):
        return queryset.with_words(value)
