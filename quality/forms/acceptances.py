from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.enums import VENDOR_ROLES
from quality.domain import punch_items


class PunchItemForm(forms.Form):
    """One item of a punch list, as the team proposes it."""

    text = forms.CharField(label=_("What is to be done"), max_length=500, required=False)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), required=False)
    due_on = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    criterion = forms.TypedChoiceField(
        label=_("Criterion that is not met without it"), required=False, coerce=int, empty_value=None
    )
    retest = forms.CharField(label=_("How it is tested again, and by whom"), max_length=300, required=False)

    def __init__(self, *args, team, unmet, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["owner"].queryset = team
        named = [(line.criterion.position, str(line.criterion.position)) for line in unmet]
        self.fields["criterion"].choices = [("", _("None")), *named]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("text"):
            return cleaned
        for name in ("owner", "due_on", "retest"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("An item needs an owner, a date and a way to test it again."))
        if cleaned.get("due_on") and cleaned["due_on"] < self.today:
            self.add_error("due_on", _("This day has passed."))
        return cleaned


class BasePunchFormSet(forms.BaseFormSet):
    """The items in their order; a row left without words is none."""

    def clean(self):
        if not any(self.errors) and not self.wordings():
            raise forms.ValidationError(_("Conditions need at least one item on the punch list."))

    def wordings(self) -> list[punch_items.Wording]:
        return [punch_items.Wording(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("text")]


PunchFormSet = forms.formset_factory(
    PunchItemForm, formset=BasePunchFormSet, extra=1, max_num=60, validate_max=True, absolute_max=80
)


def owners_of(project):
    """The people of the team who can own an item, by name."""
    held = project.memberships.filter(role__in=VENDOR_ROLES).values("user")
    return User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk")


class FinishItemForm(forms.Form):
    comment = forms.CharField(label=_("What was done"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.FileField(label=_("Evidence"), required=False)

    def values(self) -> dict:
        """The keyword arguments of punch_items.finish_item."""
        evidence = self.cleaned_data["evidence"]
        return {"comment": self.cleaned_data["comment"], "files": [evidence] if evidence else []}


class ReturnItemForm(forms.Form):
    reason = forms.CharField(
        label=_("What is still missing?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
