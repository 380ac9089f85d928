import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from quality.domain.executions import Observation
from quality.enums import RECORDED_OUTCOMES, Outcome, Severity


class ResultForm(forms.Form):
    """What a person saw when they ran a case, on a phone."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    case_version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Result"), choices=RECORDED_OUTCOMES, widget=forms.RadioSelect)
    failed_step = forms.TypedChoiceField(label=_("Which step failed?"), required=False, coerce=int, empty_value=None)
    severity = forms.ChoiceField(
        label=_("How bad is it?"),
        choices=[
            (Severity.BLOCKER, _("Blocker: nothing works on")),
            (Severity.CRITICAL, _("Critical: an important function fails")),
            (Severity.MAJOR, _("Major: it works, but not as agreed")),
            (Severity.MINOR, _("Minor: a blemish")),
        ],
        initial=Severity.MAJOR,
        required=False,
    )
    comment = forms.CharField(
        label=_("What did you see?"),
        help_text=_("Needed when the case failed or was blocked."),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    photo = forms.FileField(
        label=_("Photo or screenshot"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def __init__(self, *args, case, steps, **kwargs):
        initial = {"token": uuid.uuid4(), "case_version": case.version} | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **kwargs)
        numbers = [(step.position, f"{step.position}. {step.action}"[:80]) for step in steps]
        self.fields["failed_step"].choices = [("", _("Not one step in particular")), *numbers]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") in {Outcome.FAILED, Outcome.BLOCKED} and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say what you saw, so that the team can find and mend it."))
        return cleaned

    def observation(self) -> Observation:
        return Observation(
            outcome=self.cleaned_data["outcome"],
            comment=self.cleaned_data["comment"],
            failed_step=self.cleaned_data["failed_step"],
            severity=self.cleaned_data["severity"] or Severity.MAJOR,
            photos=[self.cleaned_data["photo"]] if self.cleaned_data["photo"] else [],
        )
