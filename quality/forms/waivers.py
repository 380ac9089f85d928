from django import forms
from django.utils.translation import gettext_lazy as _

from quality.enums import CaseState, CriteriaState
from quality.models import Criterion, TestCase
from requirements.models import Requirement


class WaiverForm(forms.Form):
    """What is done without, and why."""

    case = forms.ModelChoiceField(label=_("Test case"), queryset=TestCase.objects.none(), required=False)
    requirement = forms.ModelChoiceField(label=_("Requirement"), queryset=Requirement.objects.none(), required=False)
    criterion = forms.ModelChoiceField(label=_("Criterion"), queryset=Criterion.objects.none(), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why it can be done without. It is part of what the customer signs."),
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = TestCase.objects.filter(project=project, state=CaseState.ACTIVE)
        self.fields["requirement"].queryset = Requirement.objects.filter(project=project).in_scope()
        agreed = Criterion.objects.filter(criteria_set__project=project, criteria_set__state=CriteriaState.AGREED)
        self.fields["criterion"].queryset = agreed

    def clean(self):
        cleaned = super().clean()
        if sum(cleaned.get(name) is not None for name in ("case", "requirement", "criterion")) != 1:
            raise forms.ValidationError(_("Choose one thing: a test case, a requirement or a criterion."))
        return cleaned
