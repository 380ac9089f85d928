import uuid
from collections.abc import Iterable
from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms import FilesField, FilesInput
from quality.domain.executions import Observation
from quality.enums import RECORDED_OUTCOMES, Outcome, Severity
from quality.models import TestStep

MARKS = [(Outcome.PASSED, _("As expected")), (Outcome.FAILED, _("Not as expected"))]


class ResultForm(forms.Form):
    """What a person saw when they ran a case, on a phone; each step may be marked on its own."""

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
    photos = FilesField(
        label=_("Photos or screenshots"),
        help_text=_("Taken with the camera, chosen, pasted or dropped here."),
        required=False,
        widget=FilesInput(attrs={"accept": "image/*"}),
    )

    def __init__(self, *args, version: int, steps: Iterable[TestStep], **kwargs):
        kwargs["initial"] = {"token": uuid.uuid4(), "case_version": version}
        super().__init__(*args, **kwargs)
        self.steps = list(steps)
        numbers = [(step.position, f"{step.position}. {step.action}"[:80]) for step in self.steps]
        self.fields["failed_step"].choices = [("", _("Not one step in particular")), *numbers]  # type: ignore[attr-defined]
        for step in self.steps:
            self.fields[f"step_{step.position}"] = forms.ChoiceField(
                label=_("Step %(step)s") % {"step": step.position},
                choices=MARKS,
                required=False,
                # The steps stand above the form that they belong to.
                widget=forms.RadioSelect(attrs={"form": "result-form"}),
            )

    def marks(self):
        """Each step with the field of its mark."""
        return [(step, self[f"step_{step.position}"]) for step in self.steps]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") in {Outcome.FAILED, Outcome.BLOCKED} and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say what you saw, so that the team can find and mend it."))
        return cleaned

    def observation(self) -> Observation:
        marks = {step.position: self.cleaned_data[f"step_{step.position}"] for step in self.steps}
        return Observation(
            outcome=self.cleaned_data["outcome"],
            comment=self.cleaned_data["comment"],
            failed_step=self.cleaned_data["failed_step"],
            severity=self.cleaned_data["severity"] or Severity.MAJOR,
            photos=self.cleaned_data["photos"],
            marks={position: mark for position, mark in marks.items() if mark},
        )


class SentResultForm(ResultForm):
    """The same as the script of the page sends it; whether the steps exist is asked where it is recorded."""

    failed_step = forms.IntegerField(required=False)  # type: ignore[assignment]
    marks = forms.JSONField(required=False)  # type: ignore[assignment]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, version=0, steps=(), **kwargs)

    def clean_marks(self) -> dict[int, str]:
        marks = self.cleaned_data["marks"] or {}
        if not isinstance(marks, dict) or not all(step.isdigit() for step in marks):
            raise forms.ValidationError(_("The steps that were marked cannot be read."))
        return {int(step): mark for step, mark in marks.items()}

    def observation(self) -> Observation:
        return replace(super().observation(), marks=self.cleaned_data["marks"])
