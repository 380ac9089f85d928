import re

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Phase
from quality.domain.result_imports import About
from quality.domain.results.reading import MAX_MEGABYTES, MEGABYTE
from quality.domain.results.summary_csv import KNOWN
from quality.enums import ResultFormat, RowOutcome, Severity
from quality.forms.filters import OfProjectFilter
from quality.models import ImportedRow, ResultImport, TestCase

CASE = re.compile(r"\s*(?:TC-)?0*([1-9][0-9]{0,8})(?:\s.*)?", re.IGNORECASE | re.DOTALL)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File of results"),
        help_text=_("JUnit XML, Newman JSON, JMeter JTL, SARIF, or a summary as CSV. It is known by its content."),
    )
    build = forms.CharField(label=_("Build"), max_length=60, required=False)
    environment = forms.CharField(label=_("Environment"), max_length=120, required=False)
    phase = forms.ModelChoiceField(
        label=_("Phase"),
        queryset=Phase.objects.none(),
        required=False,
        empty_label=_("Whole project"),
        help_text=_("Whose acceptance the results count for; empty: only that of the whole project."),
    )
    columns = forms.CharField(
        label=_("Columns of a summary"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "label = Transaction Name"}),
        help_text=_("Only where they have names of their own, one per line: what it holds = name of the column."),
    )
    unit = forms.ChoiceField(
        label=_("Times of a summary are in"), choices=[("ms", _("milliseconds")), ("s", _("seconds"))], required=False
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = Phase.objects.filter(project=project)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_MEGABYTES * MEGABYTE:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Split it."), params={"limit": MAX_MEGABYTES}
            )
        return file

    def clean_columns(self):
        lines = [line.partition("=") for line in self.cleaned_data["columns"].splitlines() if line.strip()]
        columns = {holds.strip(): name.strip() for holds, _equals, name in lines}
        if columns.keys() - KNOWN.keys() or not all(columns.values()):
            raise forms.ValidationError(
                _("Write “label = Transaction Name”; what a column holds is one of: %(known)s."),
                params={"known": ", ".join(KNOWN)},
            )
        return columns

    def about(self) -> About:
        values = self.cleaned_data
        return About(values["build"], values["environment"], values["phase"], values["columns"], values["unit"] or "ms")


class MapRowForm(forms.Form):
    """Which test case a row is of: TC-012, or what the list of cases offers."""

    row = forms.ModelChoiceField(queryset=ImportedRow.objects.none(), to_field_name="position")
    case = forms.CharField(max_length=300)

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, **kwargs)
        self.record = record
        self.fields["row"].queryset = record.rows.all()

    def clean_case(self):
        typed = self.cleaned_data["case"]
        code = CASE.fullmatch(typed)
        case = TestCase.objects.filter(project=self.record.project_id, number=code[1]).first() if code else None
        if case is None:
            raise forms.ValidationError(_("There is no test case “%(typed)s”."), params={"typed": typed})
        return case


class SeverityForm(forms.Form):
    severity = forms.ChoiceField(choices=Severity)


class ImportFilter(OfProjectFilter):
    format = django_filters.ChoiceFilter(choices=ResultFormat, label=_("Format"))
    phase = django_filters.ModelChoiceFilter(queryset=Phase.objects.none(), label=_("Phase"))

    class Meta:
        model = ResultImport
        fields = ["format", "phase"]


class RowFilter(django_filters.FilterSet):
    outcome = django_filters.ChoiceFilter(choices=RowOutcome, label=_("Result"))
    case = django_filters.ChoiceFilter(
        choices=[("none", _("Without a test case")), ("some", _("With a test case"))],
        label=_("Test case"),
        method="with_case",
    )

    class Meta:
        model = ImportedRow
        fields = ["outcome", "case"]

    def with_case(self, queryset, name, value):
        return queryset.filter(case__isnull=value == "none")
