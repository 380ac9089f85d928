from django import forms
from django.utils.translation import gettext_lazy as _


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Table of test cases"),
        help_text=_("XLSX or CSV, at most 5 MB and 2,000 cases. Nothing is written before you have seen what changes."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
