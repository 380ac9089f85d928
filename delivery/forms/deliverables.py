from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refusal
from delivery.domain.raci import Letters, can_have_part
from delivery.enums import DeliverableKind, DeliverableState, Raci
from delivery.models import Deliverable
from projects.domain.attachments import check_upload
from projects.domain.file_types import ALLOWED
from projects.models import Phase


class DeliverableForm(forms.ModelForm):
    class Meta:
        model = Deliverable
        fields = ["title", "phase", "kind", "due_on", "template", "audience", "shared_for_audit"]
        widgets = {
            "due_on": forms.DateInput(attrs={"type": "date"}),
            "template": forms.Textarea(attrs={"rows": 12}),
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = Phase.objects.filter(project=project)


class VersionForm(forms.Form):
    """The file of a new version: chosen, or dropped on the field."""

    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"class": "form-control lf-drop-file"}))
    note = forms.CharField(label=_("What is new"), max_length=500, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("Choose a file or drop it here. %(allowed)s; at most %(limit)s MB.") % {
            "allowed": ", ".join(kind.name for kind in ALLOWED),
            "limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024,
        }

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            check_upload(upload)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        return upload


class ReviewForm(forms.Form):
    """What the reviewer says of the version that the page showed. A return says what is missing."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReturnForm(ReviewForm):
    comment = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what is missing, so that it can be mended.")},
    )


class ReopenDeliverableForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the approval taken back?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MatrixForm(forms.Form):
    """A select per deliverable and person of a phase: fields are named by both, `cell_12_7`."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, deliverables: Iterable[Deliverable], people: Iterable[Any], letters: Letters, **kwargs):
        super().__init__(*args, **kwargs)
        self.auto_id = "raci_%s"
        choices = [("", "–"), *((letter, letter) for letter in Raci.values)]
        for deliverable in deliverables:
            for person in people:
                letter = letters.get((deliverable.pk, person.pk), "")
                if letter or can_have_part(person, deliverable):
                    label = f"{person.name}, {deliverable.code}"
                    field = forms.ChoiceField(label=label, choices=choices, required=False, initial=letter)
                    field.widget.attrs |= {"aria-label": label, "class": "form-select form-select-sm"}
                    self.fields[cell_name(deliverable.pk, person.pk)] = field

    def letters(self) -> dict[tuple[int, int], str]:
        """The cells that were changed."""
        found = {}
        for name in self.changed_data:
            if name.startswith("cell_"):
                _cell, deliverable, person = name.split("_")
                found[int(deliverable), int(person)] = self.cleaned_data[name]
        return found


def cell_name(deliverable_id: int, person_id: int) -> str:
    return f"cell_{deliverable_id}_{person_id}"


class DeliverableFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        field_name="title",
        lookup_expr="icontains",
        label=_("Title contains"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    phase = django_filters.ModelChoiceFilter(queryset=Phase.objects.none(), to_field_name="number", label=_("Phase"))
    state = django_filters.ChoiceFilter(
        choices=[("unapproved", _("Not approved")), *DeliverableState.choices], label=_("State"), method="in_state"
    )
    kind = django_filters.ChoiceFilter(choices=DeliverableKind, label=_("Kind"))
    accountable = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), label=_("Accountable"), method="accounted_by"
    )

    class Meta:
        model = Deliverable
        fields = ["q", "phase", "state", "kind", "accountable"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices_in(self.request.project)

    def choices_in(self, project):
        self.filters["phase"].queryset = Phase.objects.filter(project=project)
        accountable = {"raci__letter": Raci.ACCOUNTABLE, "raci__deliverable__project": project}
        self.filters["accountable"].queryset = User.objects.filter(**accountable).distinct()

    def in_state(self, queryset, name, value):
        return queryset.unapproved() if value == "unapproved" else queryset.filter(state=value)

    def accounted_by(self, queryset, name, person):
        return queryset.filter(raci__letter=Raci.ACCOUNTABLE, raci__person=person)
