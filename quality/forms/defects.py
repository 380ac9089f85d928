import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.enums import VENDOR_ROLES
from projects.models import Phase
from quality.enums import DefectState, Severity
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


class FixForm(forms.Form):
    fixed_in = forms.CharField(label=_("Fixed in build"), max_length=60, required=False)


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("What is still wrong?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


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
    owner = django_filters.ModelChoiceFilter(queryset=User.objects.none(), label=_("Owner"))
    phase = django_filters.ModelChoiceFilter(queryset=Phase.objects.none(), label=_("Phase"))

    class Meta:
        model = Defect
        fields = ["q", "state", "severity", "owner", "phase"]

    def choices_in(self, project):
        super().choices_in(project)
        self.filters["owner"].queryset = team_of(project)

    def in_state(self, queryset, name, value):
        return queryset.unclosed() if value == "unclosed" else queryset.filter(state=value)
