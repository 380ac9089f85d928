import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.models import Phase
from quality.domain.runs import people_who_test, team_who_tests
from quality.enums import CaseKind, CaseState, Outcome, RunState
from quality.forms.filters import OfProjectFilter
from quality.models import Execution, TestCase, TestRun


class RunForm(forms.ModelForm):
    class Meta:
        model = TestRun
        fields = ["name", "phase", "build", "environment", "site", "shared_for_audit"]

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = Phase.objects.filter(project=project)
        if self.instance.pk and self.instance.state != RunState.PLANNED:
            self.fields["phase"].disabled = self.fields["site"].disabled = True


class PlanCasesForm(forms.Form):
    """A check-box per case of the project, and who is to run it; `ticked` are cases (by id) to begin with."""

    def __init__(self, *args, run, ticked=frozenset(), **kwargs):
        super().__init__(*args, **kwargs)
        self.run = run
        planned = {execution.case_id: execution for execution in run.executions.select_related("assigned_to")}
        testers, team = people_who_test(run.project), team_who_tests(run.project)
        of_customer = [("", _("Anyone who tests")), *((person.pk, person.name) for person in testers)]
        of_either = [("", _("Anyone of the team")), *((person.pk, person.name) for person in [*team, *testers])]
        candidates = TestCase.objects.filter(project=run.project).filter(
            Q(state=CaseState.ACTIVE) | Q(pk__in=planned.keys())
        )
        self.cases = list(candidates.order_by("number"))
        for case in self.cases:
            execution = planned.get(case.pk)
            self.fields[f"case_{case.pk}"] = forms.BooleanField(
                label=str(case),
                required=False,
                initial=execution is not None or case.pk in ticked,
                disabled=execution is not None and run.state != RunState.PLANNED,
            )
            self.fields[f"person_{case.pk}"] = forms.TypedChoiceField(
                label=_("Who runs %(case)s") % {"case": case.code},
                required=False,
                choices=self._choices(of_customer if case.kind == CaseKind.UAT else of_either, execution),
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


class ExecutionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        field_name="case__title",
        lookup_expr="icontains",
        label=_("Words in the title"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    outcome = django_filters.ChoiceFilter(choices=Outcome, label=_("Result"))
    assigned_to = django_filters.ModelChoiceFilter(queryset=User.objects.none(), label=_("Who runs it"))

    class Meta:
        model = Execution
        fields = ["outcome", "assigned_to"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.filter(executions__run__project=self.request.project).distinct()
        self.filters["assigned_to"].queryset = people


class RunFilter(OfProjectFilter):
    state = django_filters.ChoiceFilter(choices=RunState, label=_("State"))
    phase = django_filters.ModelChoiceFilter(queryset=Phase.objects.none(), label=_("Phase"))

    class Meta:
        model = TestRun
        fields = ["state", "phase"]
