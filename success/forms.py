from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from success.models import HealthReport, MaintenanceWindow, MonitoredSystem, Recommendation


class CheckFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: service, checked_at, status, http_code, response_ms; text in UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(most)s MB: split it."),
                params={"most": settings.UPLOAD_MAX_BYTES // 1024**2},
            )
        return file


class SystemForm(forms.ModelForm):
    class Meta:
        model = MonitoredSystem
        fields = [
            "live_from",
            "target_percent",
            "target_p95_ms",
            "coverage_floor_percent",
            "audience",
            "shared_for_audit",
        ]


class NewSystemForm(SystemForm):
    """A system that is named before its monitor has sent anything."""

    class Meta(SystemForm.Meta):
        fields = ["name", *SystemForm.Meta.fields]
        help_texts = {"name": _("Exactly as your monitoring names it: the service column of its file of checks.")}


class MaintenanceForm(forms.ModelForm):
    """Instants are typed in the zone that is active: that of the contract."""

    class Meta:
        model = MaintenanceWindow
        fields = ["reason", "starts_at", "ends_at", "announced_at", "agreed_with"]
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("starts_at", "ends_at", "announced_at")
        }


class SummaryForm(forms.ModelForm):
    class Meta:
        model = HealthReport
        fields = ["summary"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 5})}


RecommendationFormSet = forms.modelformset_factory(
    Recommendation,
    fields=["text", "decided_by", "decide_on", "is_left_out"],
    widgets={"text": forms.Textarea(attrs={"rows": 3})},
    extra=0,
)
