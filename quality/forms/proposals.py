from django import forms
from django.utils.translation import gettext_lazy as _

from quality.forms.cases import BaseStepFormSet, StepForm
from quality.models import CaseProposal


class ProposalForm(forms.ModelForm):
    """A test in the words of whoever does the work."""

    class Meta:
        model = CaseProposal
        fields = ["title", "process", "why", "preconditions"]
        help_texts = {
            "title": _("One thing, as you would say it to a colleague: “Give back goods that were bought on account”."),
            "process": _("Which part of your work it belongs to, for example “Sales at the till”."),
        }
        widgets = {"why": forms.Textarea(attrs={"rows": 3}), "preconditions": forms.Textarea(attrs={"rows": 3})}


class ProposedStepForm(StepForm):
    action = forms.CharField(label=_("What do you do?"), max_length=500, required=False)
    test_data = forms.CharField(label=_("With what?"), max_length=300, required=False)
    expected = forms.CharField(label=_("What should you see?"), max_length=500, required=False)


ProposedStepFormSet = forms.formset_factory(
    ProposedStepForm, formset=BaseStepFormSet, extra=2, max_num=100, validate_max=True, absolute_max=120
)
