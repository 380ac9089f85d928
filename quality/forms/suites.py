from django import forms
from django.utils.translation import gettext_lazy as _

from quality.models import TestCase, TestSuite


class SuiteForm(forms.ModelForm):
    class Meta:
        model = TestSuite
        fields = ["name", "purpose"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}


class ChosenCasesForm(forms.Form):
    """The cases that were ticked, by number."""

    cases = forms.ModelMultipleChoiceField(
        queryset=TestCase.objects.none(),
        to_field_name="number",
        error_messages={"required": _("Tick at least one test case.")},
    )

    def __init__(self, *args, cases, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = cases


class MoveForm(forms.Form):
    """Another place in the suite: a step up or down, or the place itself."""

    position = forms.IntegerField(min_value=1, max_value=100_000, required=False)
    step = forms.IntegerField(min_value=-1, max_value=1, required=False)

    def place(self, present: int) -> int:
        values = self.cleaned_data if self.is_valid() else {}
        return present + values["step"] if values.get("step") else values.get("position") or present
