import uuid
from fractions import Fraction

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.enums import VENDOR_ROLES
from projects.models import Phase
from quality import sources
from quality.domain.cases import Step
from quality.domain.criteria_sets import Wording
from quality.domain.executions import Observation
from quality.domain.runs import people_who_test
from quality.enums import (
    RECORDED_OUTCOMES,
    CaseKind,
    CaseState,
    CriterionKind,
    DefectState,
    Operator,
    Outcome,
    Priority,
    RunState,
    Severity,
)
from quality.models import CriteriaSet, Defect, TestCase, TestRun
from requirements.models import Requirement

BLANK_STEPS = 3


def team_of(project):
    """The people a defect can be given to."""
    held = project.memberships.filter(role__in=VENDOR_ROLES).values("user")
    return User.objects.filter(pk__in=held, is_active=True)


class CaseForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = TestCase
        fields = [
            "title",
            "process",
            "kind",
            "priority",
            "requirements",
            "preconditions",
            "audience",
            "shared_for_audit",
        ]
        widgets = {
            "preconditions": forms.Textarea(attrs={"rows": 3}),
            "requirements": forms.SelectMultiple(attrs={"size": 8}),
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["requirements"].queryset = Requirement.objects.filter(project=project).in_scope()
        self.fields["version"].initial = self.instance.version

    def values(self) -> dict:
        """The cleaned fields as the domain functions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class StepForm(forms.Form):
    action = forms.CharField(label=_("Action"), max_length=500, required=False)
    test_data = forms.CharField(label=_("Test data"), max_length=300, required=False)
    expected = forms.CharField(label=_("Expected result"), max_length=500, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("action") and not cleaned.get("expected"):
            self.add_error("expected", _("Say what must be seen after this step."))
        if not cleaned.get("action") and (cleaned.get("expected") or cleaned.get("test_data")):
            self.add_error("action", _("Say what to do in this step."))
        return cleaned


class BaseStepFormSet(forms.BaseFormSet):
    """The steps of a case in their order; a row left empty is no step."""

    def steps(self) -> list[Step]:
        return [Step(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("action")]


StepFormSet = forms.formset_factory(
    StepForm, formset=BaseStepFormSet, extra=BLANK_STEPS, max_num=100, validate_max=True, absolute_max=120
)


class RunForm(forms.ModelForm):
    class Meta:
        model = TestRun
        fields = ["name", "phase", "build", "environment", "shared_for_audit"]

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = Phase.objects.filter(project=project)
        if self.instance.pk and self.instance.state != RunState.PLANNED:
            self.fields["phase"].disabled = True


class PlanCasesForm(forms.Form):
    """A check-box per case of the project, and who is to run it."""

    def __init__(self, *args, run, **kwargs):
        super().__init__(*args, **kwargs)
        self.run = run
        self.people = {person.pk: person for person in people_who_test(run.project)}
        planned = {execution.case_id: execution for execution in run.executions.select_related("assigned_to")}
        people = [("", _("Anyone who tests")), *((pk, person.name) for pk, person in self.people.items())]
        candidates = TestCase.objects.filter(project=run.project).filter(
            Q(state=CaseState.ACTIVE) | Q(pk__in=planned.keys())
        )
        self.cases = list(candidates.order_by("number"))
        for case in self.cases:
            execution = planned.get(case.pk)
            self.fields[f"case_{case.pk}"] = forms.BooleanField(
                label=str(case),
                required=False,
                initial=execution is not None,
                disabled=execution is not None and run.state != RunState.PLANNED,
            )
            self.fields[f"person_{case.pk}"] = forms.TypedChoiceField(
                label=_("Who runs %(case)s") % {"case": case.code},
                required=False,
                choices=self._choices(people, execution),
                coerce=int,
                empty_value=None,
                initial=execution.assigned_to_id if execution else "",
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @staticmethod
    def _choices(people, execution):
        """Who is assigned stays to be chosen even after leaving."""
        person = execution.assigned_to if execution else None
        if person is None or any(person.pk == pk for pk, _name in people):
            return people
        return [*people, (person.pk, person.name)]

    def rows(self):
        return [(case, self[f"case_{case.pk}"], self[f"person_{case.pk}"]) for case in self.cases]

    def assignments(self) -> dict[int, User | None]:
        chosen = [case.pk for case in self.cases if self.cleaned_data[f"case_{case.pk}"]]
        ids = {pk: self.cleaned_data[f"person_{pk}"] for pk in chosen}
        people = User.objects.in_bulk({person for person in ids.values() if person})
        return {pk: people.get(person) for pk, person in ids.items()}


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


class CriteriaScopeForm(forms.Form):
    """The scopes that have no criteria yet."""

    phase = forms.ModelChoiceField(
        label=_("What is accepted"), queryset=Phase.objects.none(), required=False, empty_label=_("Whole project")
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.project = project
        standing = CriteriaSet.objects.filter(project=project).current().exclude(phase=None).values("phase")
        self.fields["phase"].queryset = Phase.objects.filter(project=project).exclude(pk__in=standing)


class CriterionForm(forms.Form):
    statement = forms.CharField(label=_("Criterion"), max_length=300, required=False)
    source = forms.ChoiceField(label=_("Measured by"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=CriterionKind, required=False)
    operator = forms.ChoiceField(label=_("Comparison"), choices=Operator, required=False)
    threshold = forms.DecimalField(label=_("Threshold"), max_digits=14, decimal_places=4, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    how = forms.CharField(
        label=_("How, or which evidence"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = sources.choices()

    def clean(self):
        cleaned = super().clean()
        by_person = cleaned.get("source") == sources.MANUAL
        if cleaned.get("statement") and not by_person and cleaned.get("threshold") is None:
            self.add_error("threshold", _("Give the value that must be reached."))
        return cleaned

    def wording(self) -> Wording:
        values = self.cleaned_data
        source = sources.get(values["source"])
        by_person = source.key == sources.MANUAL
        return Wording(
            statement=values["statement"],
            source=source.key,
            kind=values["kind"] or source.kind,
            operator=source.operator if by_person else values["operator"] or source.operator,
            threshold=source.threshold if by_person else Fraction(values["threshold"]),
            unit="" if by_person else values["unit"] or source.unit,
            how=values["how"],
        )


class BaseCriteriaFormSet(forms.BaseFormSet):
    """The criteria of a set in their order; a row left without a statement is no criterion."""

    def wordings(self) -> list[Wording]:
        return [form.wording() for form in self.forms if form.cleaned_data.get("statement")]


CriteriaFormSet = forms.formset_factory(
    CriterionForm, formset=BaseCriteriaFormSet, extra=1, max_num=60, validate_max=True, absolute_max=80
)


class ReopenCriteriaForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are they reopened?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class CheckForm(forms.Form):
    """What a person found for a criterion: yes or no, or a value."""

    met = forms.ChoiceField(label=_("Is it so?"), choices=[("1", _("Yes")), ("0", _("No"))], widget=forms.RadioSelect)
    value = forms.DecimalField(label=_("Measured value"), max_digits=14, decimal_places=4)
    comment = forms.CharField(
        label=_("What was found, and how"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence = forms.FileField(label=_("Evidence"), required=False)

    def __init__(self, *args, criterion, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["value" if criterion.source == sources.MANUAL else "met"]
        if criterion.unit:
            self.fields["value"].label = _("Measured value in %(unit)s") % {"unit": criterion.unit}

    def values(self) -> dict:
        """The keyword arguments of checks.record_check."""
        found = self.cleaned_data["met" if "met" in self.fields else "value"]
        evidence = self.cleaned_data["evidence"]
        return {
            "value": Fraction(found),
            "comment": self.cleaned_data["comment"],
            "files": [evidence] if evidence else [],
        }


class CaseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        field_name="title",
        lookup_expr="icontains",
        label=_("Title contains"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = django_filters.ChoiceFilter(choices=CaseKind, label=_("Kind"))
    priority = django_filters.ChoiceFilter(choices=Priority, label=_("Priority"))
    state = django_filters.ChoiceFilter(choices=CaseState, label=_("State"))

    class Meta:
        model = TestCase
        fields = ["q", "kind", "priority", "state"]


class OfProjectFilter(django_filters.FilterSet):
    """A filter whose choices are those of the project; the API names things otherwise and has none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices_in(self.request.project)

    def choices_in(self, project):
        self.filters["phase"].queryset = Phase.objects.filter(project=project)


class RunFilter(OfProjectFilter):
    state = django_filters.ChoiceFilter(choices=RunState, label=_("State"))
    phase = django_filters.ModelChoiceFilter(queryset=Phase.objects.none(), label=_("Phase"))

    class Meta:
        model = TestRun
        fields = ["state", "phase"]


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
