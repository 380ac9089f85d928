import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.enums import Role
from projects.forms import FilesField
from projects.models import Phase
from projects.shareable import find_shareable
from quality.domain import audit_actions
from quality.enums import AuditState, FindingGrade
from quality.models import Audit, CorrectiveAction


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%d", **options)


def auditors_of(project):
    """The people of auditing organisations in the project."""
    held = project.memberships.filter(role=Role.AUDITOR).values("user")
    return User.objects.filter(pk__in=held, is_active=True).order_by("organisation__name", "name")


class PersonChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, person):
        return f"{person.name} · {person.organisation.name}"


class AuditForm(forms.ModelForm):
    people = PersonChoices(
        label=_("Auditors"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("People of one auditing organisation. Who is missing is invited on the Team page first."),
    )

    class Meta:
        model = Audit
        fields = ["title", "standard", "scope", "people", "starts_on", "ends_on", "phase", "audience"]
        widgets = {"scope": forms.Textarea(attrs={"rows": 4}), "starts_on": DateInput(), "ends_on": DateInput()}
        help_texts = {
            "standard": _("For example ISO 9001:2015 8.3, or the contract's clause."),
            "phase": _("Whose acceptance its findings stand in the way of; empty: only that of the whole project."),
            "audience": _("What is found and what is done about it; auditors see their own audit in any case."),
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = auditors_of(project)
        self.fields["phase"].queryset = Phase.objects.filter(project=project)
        if self.instance.pk:
            self.fields["people"].initial = self.instance.access.people.all()

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("It cannot end before it starts."))
        return cleaned

    def _post_clean(self):
        """The domain writes the row: the form only makes the input clean."""


class ReportForm(forms.Form):
    conclusion = forms.CharField(
        label=_("Conclusion"),
        help_text=_("What the audit as a whole comes to: conformity, strengths, what must be settled and until when."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class FindingForm(forms.Form):
    """What an auditor found, written down on the spot, on a phone."""

    grade = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (FindingGrade.MAJOR, _("Major nonconformity: a requirement is not met, and the system fails in it")),
            (FindingGrade.MINOR, _("Minor nonconformity: a single lapse")),
            (FindingGrade.OBSERVATION, _("Observation: conforms, but could be better")),
        ],
        widget=forms.RadioSelect,
    )
    clause = forms.CharField(
        label=_("Clause"), max_length=100, help_text=_("Of what you audit against, such as 8.3.5.")
    )
    statement = forms.CharField(
        label=_("What did you find?"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence = forms.CharField(
        label=_("What shows it?"),
        help_text=_("Records, interviews, what you saw, when and where."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    about = forms.ChoiceField(label=_("What is it about?"), required=False)
    uploads = FilesField(label=_("Photos or files"), required=False)

    def __init__(self, *args, things, **kwargs):
        super().__init__(*args, **kwargs)
        groups = [(kind.label, [(f"{kind.key}:{row.pk}", str(row)) for row in rows]) for kind, rows in things]
        self.fields["about"].choices = [("", _("Nothing in particular")), *groups]

    def clean_about(self):
        """The shared object that was chosen; the choices are those that the audit shows."""
        key, _colon, pk = self.cleaned_data["about"].partition(":")
        kind = find_shareable(key)
        return kind.model.objects.filter(pk=pk).first() if kind else None


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it not hold?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CloseForm(forms.Form):
    remark = forms.CharField(
        label=_("Remark"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ActionForm(forms.ModelForm):
    class Meta:
        model = CorrectiveAction
        fields = ["cause", "action", "owner", "due_on"]
        widgets = {
            "cause": forms.Textarea(attrs={"rows": 3}),
            "action": forms.Textarea(attrs={"rows": 3}),
            "due_on": DateInput(),
        }

    def __init__(self, *args, audit, **kwargs):
        super().__init__(*args, **kwargs)
        held = audit.project.memberships.filter(role__in=audit_actions.owners_for(audit)).values("user")
        self.fields["owner"].queryset = User.objects.filter(pk__in=held, is_active=True).order_by("name")
        self.fields["owner"].label_from_instance = lambda person: f"{person.name} · {person.organisation.name}"

    def _post_clean(self):
        """The domain writes the row: the form only makes the input clean."""


class DoneForm(forms.Form):
    text = forms.CharField(label=_("What was done?"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))
    uploads = FilesField(label=_("Evidence"), help_text=_("At least one file that shows it."))


class VerifyForm(forms.Form):
    text = forms.CharField(label=_("Remark"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class SendBackForm(forms.Form):
    reason = forms.CharField(label=_("What is missing?"), max_length=3000, widget=forms.Textarea(attrs={"rows": 2}))


class AuditFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        field_name="title",
        lookup_expr="icontains",
        label=_("Title contains"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = django_filters.ChoiceFilter(choices=AuditState, label=_("State"))

    class Meta:
        model = Audit
        fields = ["q", "state"]
