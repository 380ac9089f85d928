from datetime import timedelta

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.enums import VENDOR_ROLES
from projects.models import Phase
from quality.enums import DefectState, Severity, Turn
from quality.forms.filters import OfProjectFilter
from quality.models import Defect, TestCase


def team_of(project):
    """The people a defect can be given to."""
    held = project.memberships.filter(role__in=VENDOR_ROLES).values("user")
    return User.objects.filter(pk__in=held, is_active=True)


class DefectForm(forms.ModelForm):
    """A defect as the team keeps it."""

    class Meta:
        model = Defect
        fields = [
            "title",
            "severity",
            "priority",
            "seen",
            "expected",
            "case",
            "step",
            "phase",
            "build",
            "environment",
            "owner",
            "fix_planned_on",
            "audience",
            "shared_for_audit",
        ]
        widgets = {
            "seen": forms.Textarea(attrs={"rows": 4}),
            "expected": forms.Textarea(attrs={"rows": 3}),
            "fix_planned_on": forms.DateInput(attrs={"type": "date"}),
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = TestCase.objects.filter(project=project)
        self.fields["phase"].queryset = Phase.objects.filter(project=project)
        self.fields["owner"].queryset = team_of(project)


class DefectReportForm(forms.ModelForm):
    """A defect as the customer reports it: what was seen; the rest is the team's to find out."""

    class Meta:
        model = Defect
        fields = ["title", "severity", "seen", "expected", "phase"]
        widgets = {"seen": forms.Textarea(attrs={"rows": 4}), "expected": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = Phase.objects.filter(project=project)


def reason_field(label, **options):
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **options)


class MoveForm(forms.Form):
    """What a move asks for; `originals` are the defects that this person sees in the project."""

    def __init__(self, *args, originals, **kwargs):
        super().__init__(*args, **kwargs)
        if "original" in self.fields:
            self.fields["original"].originals = originals


class CloseForm(MoveForm):
    """Nothing is asked for."""


class FixForm(MoveForm):
    fixed_in = forms.CharField(label=_("Fixed in build"), max_length=60, required=False)


class ReopenForm(MoveForm):
    reason = reason_field(_("What is still wrong?"))


class DeclineForm(MoveForm):
    reason = reason_field(_("Why is it no defect, or none that will be fixed?"))


class DeferForm(MoveForm):
    until = forms.DateField(label=_("Deferred until"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = reason_field(_("Why does it wait?"))


class NumberOfDefect(forms.CharField):
    """A defect by its number, as people quote it: DF-012 or 12."""

    originals = Defect.objects.none()

    def clean(self, value):
        digits = super().clean(value).upper().removeprefix("DF-")
        defect = self.originals.filter(number=digits).first() if digits.isascii() and digits.isdigit() else None
        if defect is None:
            raise forms.ValidationError(_("There is no such defect in this project."))
        return defect


class DuplicateForm(MoveForm):
    original = NumberOfDefect(
        label=_("Number of the defect that it repeats"), max_length=12, help_text=_("For example DF-012.")
    )
    reason = reason_field(_("Remark"), required=False)


class TrendForm(forms.Form):
    """The window of a trend; what makes no sense in an address is the shortest."""

    WINDOWS = {"28": _("The last 28 days"), "90": _("The last 90 days"), "180": _("The last 180 days")}
    window = forms.ChoiceField(label=_("Window"), choices=list(WINDOWS.items()))

    def __init__(self, data):
        chosen = data.get("window")
        super().__init__({"window": chosen if chosen in self.WINDOWS else "28"})

    @property
    def days(self):
        return int(self.data["window"])


AGES = [(7, _("7 days and more")), (30, _("30 days and more")), (90, _("90 days and more"))]


class DefectFilter(OfProjectFilter):
    q = django_filters.CharFilter(
        field_name="title",
        lookup_expr="icontains",
        label=_("Title contains"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = django_filters.ChoiceFilter(
        choices=[("unclosed", _("Not closed")), *DefectState.choices], label=_("State"), method="in_state"
    )
    severity = django_filters.ChoiceFilter(choices=Severity, label=_("Severity"))
    turn = django_filters.ChoiceFilter(choices=Turn, label=_("Whose turn"), method="of_turn")
    age = django_filters.ChoiceFilter(choices=AGES, label=_("Age"), method="at_least")
    owner = django_filters.ModelChoiceFilter(queryset=User.objects.none(), label=_("Owner"))
    phase = django_filters.ModelChoiceFilter(queryset=Phase.objects.none(), label=_("Phase"))

    class Meta:
        model = Defect
        fields = ["q", "state", "severity", "turn", "age", "owner", "phase"]

    def choices_in(self, project):
        super().choices_in(project)
        self.filters["owner"].queryset = team_of(project)

    def in_state(self, queryset, name, value):
        return queryset.unclosed() if value == "unclosed" else queryset.filter(state=value)

    def of_turn(self, queryset, name, value: str):
        return queryset.of_turn(value, on=timezone.localdate())

    def at_least(self, queryset, name, value: int):
        now = timezone.now()
        return queryset.with_age(now).filter(age__gte=timedelta(days=int(value)))
