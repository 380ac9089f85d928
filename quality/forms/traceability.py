from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Phase
from quality.domain.traceability import Scope
from quality.enums import RequirementStatus

ANY = [("", _("All"))]


class TraceabilityForm(forms.Form):
    """Which results count, and which rows are shown. What makes no sense in an address counts as not given."""

    build = forms.ChoiceField(label=_("Build"), required=False)
    environment = forms.ChoiceField(label=_("Environment"), required=False)
    since = forms.DateField(label=_("Run from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Run until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    phase = forms.ModelChoiceField(
        label=_("Phase"), queryset=Phase.objects.none(), required=False, empty_label=_("All")
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[*ANY, *RequirementStatus.choices])

    def __init__(self, data, *, project, builds, environments):
        super().__init__(data)
        self.fields["build"].choices = [*ANY, *((name, name) for name in builds)]
        self.fields["environment"].choices = [*ANY, *((name, name) for name in environments)]
        self.fields["phase"].queryset = Phase.objects.filter(project=project)
        self.is_valid()

    @property
    def scope(self):
        chosen = {name: self.cleaned_data.get(name) or "" for name in ("build", "environment")}
        days = {name: self.cleaned_data.get(name) for name in ("since", "until")}
        return Scope(**chosen, **days, zone=timezone.get_current_timezone_name())

    @property
    def phase_id(self):
        phase = self.cleaned_data.get("phase")
        return phase.pk if phase else None

    @property  # a property of the field's name would take the field away
    def chosen_status(self):
        return self.cleaned_data.get("status", "")
