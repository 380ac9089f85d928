from fractions import Fraction

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Phase
from quality import sources
from quality.domain.criteria_sets import Wording
from quality.enums import CriterionKind, Operator
from quality.models import CriteriaSet


class CriteriaScopeForm(forms.Form):
    """The scopes that have no criteria yet."""

    phase = forms.ModelChoiceField(
        label=_("What is accepted"), queryset=Phase.objects.none(), required=False, empty_label=_("Whole project")
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.project = project
        standing = CriteriaSet.objects.filter(project=project).current().exclude(phase=None).values("phase")
        self.fields["phase"].queryset = Phase.objects.filter(project=project).exclude(pk__in=standing)


class CriterionForm(forms.Form):
    statement = forms.CharField(label=_("Criterion"), max_length=300, required=False)
    source = forms.ChoiceField(label=_("Measured by"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=CriterionKind, required=False)
    operator = forms.ChoiceField(label=_("Comparison"), choices=Operator, required=False)
    threshold = forms.DecimalField(label=_("Threshold"), max_digits=14, decimal_places=4, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    label = forms.ChoiceField(
        label=_("Label of the samples"),
        required=False,
        help_text=_("Only for a load test: the labels that were imported."),
    )
    how = forms.CharField(
        label=_("How, or which evidence"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, labels=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = sources.choices()
        self.fields["label"].choices = [("", _("All samples")), *((label, label) for label in labels)]

    def clean(self):
        cleaned = super().clean()
        by_person = cleaned.get("source") == sources.MANUAL
        if cleaned.get("statement") and not by_person and cleaned.get("threshold") is None:
            self.add_error("threshold", _("Give the value that must be reached."))
        return cleaned

    def wording(self) -> Wording:
        values = self.cleaned_data
        source = sources.get(values["source"])
        by_person = source.key == sources.MANUAL
        return Wording(
            statement=values["statement"],
            source=source.key,
            kind=values["kind"] or source.kind,
            operator=source.operator if by_person else values["operator"] or source.operator,
            threshold=source.threshold if by_person else Fraction(values["threshold"]),
            unit="" if by_person else values["unit"] or source.unit,
            how=values["how"],
            label=values["label"],
        )


class BaseCriteriaFormSet(forms.BaseFormSet):
    """The criteria of a set in their order; a row left without a statement is no criterion."""

    def wordings(self) -> list[Wording]:
        return [form.wording() for form in self.forms if form.cleaned_data.get("statement")]


CriteriaFormSet = forms.formset_factory(
    CriterionForm, formset=BaseCriteriaFormSet, extra=1, max_num=60, validate_max=True, absolute_max=80
)


class DeemedForm(forms.ModelForm):
    """What the contract says of silence."""

    class Meta:
        model = CriteriaSet
        fields = ["deemed_after_days", "deemed_clause"]

    def clean(self):
        cleaned = super().clean()
        days, clause = cleaned.get("deemed_after_days"), cleaned.get("deemed_clause")
        if days and not clause:
            self.add_error("deemed_clause", _("Name the contract and its clause."))
        if clause and not days and "deemed_after_days" not in self.errors:
            self.add_error("deemed_after_days", _("Give the number of working days."))
        return cleaned

    def _post_clean(self):
        """The row is written by criteria_sets alone, so the form checks values and leaves the instance as it is."""


class ReopenCriteriaForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are they reopened?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class CheckForm(forms.Form):
    """What a person found for a criterion: yes or no, or a value."""

    met = forms.ChoiceField(label=_("Is it so?"), choices=[("1", _("Yes")), ("0", _("No"))], widget=forms.RadioSelect)
    value = forms.DecimalField(label=_("Measured value"), max_digits=14, decimal_places=4)
    comment = forms.CharField(
        label=_("What was found, and how"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence = forms.FileField(label=_("Evidence"), required=False)

    def __init__(self, *args, criterion, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["value" if criterion.source == sources.MANUAL else "met"]
        if criterion.unit:
            self.fields["value"].label = _("Measured value in %(unit)s") % {"unit": criterion.unit}

    def values(self) -> dict:
        """The keyword arguments of checks.record_check."""
        found = self.cleaned_data["met" if "met" in self.fields else "value"]
        evidence = self.cleaned_data["evidence"]
        return {
            "value": Fraction(found),
            "comment": self.cleaned_data["comment"],
            "files": [evidence] if evidence else [],
        }
