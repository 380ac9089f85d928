from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind
from accounts.forms import ZoneInput
from accounts.models import Organisation, User
from common.dates import validate_time_zone
from common.errors import Refusal
from projects.domain import calendars, file_types, gates, playbooks, team
from projects.domain.attachments import check_upload
from projects.domain.queries import people_of
from projects.enums import Audience, GateVerdict, Role
from projects.models import Phase, Project
from projects.models.projects import KEY


class NewProjectForm(forms.Form):
    """What a project needs to start. `calendar` is set once the form is valid."""

    key = forms.CharField(
        label=_("Key"),
        max_length=20,
        validators=[KEY],
        help_text=_("Short and lasting, such as HX-ERP: it is in every address."),
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    customer = forms.ModelChoiceField(
        Organisation.objects.filter(kind=OrganisationKind.CUSTOMER),
        label=_("Customer"),
        required=False,
        empty_label=_("A new customer, named below"),
    )
    new_customer = forms.CharField(label=_("Name of the new customer"), max_length=200, required=False)
    time_zone = forms.CharField(
        label=_("Time zone of the new customer"),
        widget=ZoneInput,
        validators=[validate_time_zone],
        initial="Asia/Shanghai",
        required=False,
    )
    manager = forms.ModelChoiceField(
        User.objects.filter(is_active=True, organisation__kind=OrganisationKind.VENDOR), label=_("Project manager")
    )
    language = forms.ChoiceField(label=_("Language of its documents"), choices=settings.LANGUAGES)
    playbook = forms.ChoiceField(label=_("Playbook"))
    starts_on = forms.DateField(label=_("Starts on"), widget=forms.DateInput)
    go_live_on = forms.DateField(
        label=_("Go-live planned on"),
        widget=forms.DateInput,
        required=False,
        help_text=_("Left empty, the playbook's own length is used."),
    )
    summary = forms.CharField(label=_("Summary"), max_length=2000, widget=forms.Textarea, required=False)

    def __init__(self, *args, language: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["playbook"].choices = [  # type: ignore[attr-defined]
            (playbook.code, playbook.data["name"][language]) for playbook in playbooks.list_playbooks()
        ]

    def clean_key(self):
        key = self.cleaned_data["key"].upper()
        if Project.objects.filter(key=key).exists():
            raise ValidationError(_("This key belongs to another project."))
        return key

    def clean_new_customer(self):
        name = self.cleaned_data["new_customer"].strip()
        if name and not self.data.get("customer") and Organisation.objects.filter(name=name).exists():
            raise ValidationError(_("There is an organisation of this name. Choose it above."))
        return name

    def clean(self):
        cleaned = super().clean() or {}
        if not cleaned.get("customer") and not cleaned.get("new_customer") and "new_customer" not in self.errors:
            self.add_error("customer", _("Choose a customer, or name a new one."))
        if not self.errors:
            try:
                self.calendar = calendars.calendar_for(
                    playbooks.load_playbook(cleaned["playbook"]),
                    starts_on=cleaned["starts_on"],
                    go_live_on=cleaned["go_live_on"],
                    zone=self.customer_organisation().time_zone,
                )
            except Refusal as refusal:
                self.add_error("go_live_on", str(refusal))
        return cleaned

    def customer_organisation(self) -> Organisation:
        """The customer chosen, or a new one that is not stored yet."""
        chosen = self.cleaned_data["customer"]
        return chosen or Organisation(
            name=self.cleaned_data["new_customer"],
            kind=OrganisationKind.CUSTOMER,
            time_zone=self.cleaned_data["time_zone"] or settings.TIME_ZONE,
        )


class ProjectForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = ["name", "language", "starts_on", "go_live_on", "summary"]
        widgets = {"starts_on": forms.DateInput, "go_live_on": forms.DateInput}

    def clean(self):
        cleaned = super().clean() or {}
        if _ends_before_start(cleaned, "starts_on", "go_live_on"):
            self.add_error("go_live_on", _("Go-live cannot be before the start."))
        return cleaned


class PhaseForm(forms.ModelForm):
    class Meta:
        model = Phase
        fields = ["name", "purpose", "starts_on", "ends_on"]
        widgets = {"starts_on": forms.DateInput, "ends_on": forms.DateInput}

    def clean(self):
        cleaned = super().clean() or {}
        if _ends_before_start(cleaned, "starts_on", "ends_on"):
            self.add_error("ends_on", _("The end cannot be before the start."))
        return cleaned


def _ends_before_start(cleaned: dict, start: str, end: str) -> bool:
    return bool(cleaned.get(start) and cleaned.get(end) and cleaned[end] < cleaned[start])


class RolesForm(forms.Form):
    """The roles of a member; only those that fit the side of their organisation are offered."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, organisation: Organisation, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        fitting = team.roles_for(organisation, project)
        self.fields["roles"].choices = [(role.value, role.label) for role in Role if role in fitting]  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As the person writes it."))
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["organisation"].queryset = team.organisations_for(project)  # type: ignore[attr-defined]

    def clean(self):
        cleaned = super().clean() or {}
        organisation = cleaned.get("organisation")
        if organisation:
            wrong = set(cleaned.get("roles", [])) - team.roles_for(organisation, self.project)
            for role in sorted(wrong):
                refusal = team.errors.RoleDoesNotFit(role=Role(role).label, organisation=organisation.name)
                self.add_error("roles", str(refusal))
        return cleaned


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several uploads, each checked by its content."""

    widget = FilesInput

    def clean(self, data, initial=None):
        uploads = [upload for upload in (data if isinstance(data, list | tuple) else [data]) if upload]
        problems = []
        for upload in uploads:
            try:
                check_upload(upload)
            except Refusal as refusal:
                problems.append(str(refusal))
        if problems:
            raise ValidationError(problems)
        return uploads


class DiscussionForm(forms.Form):
    """A remark, files, or both; the team says who may see it."""

    text = forms.CharField(
        label=_("Comment"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    uploads = FilesField(label=_("Files"), required=False)
    audience = forms.ChoiceField(label=_("Visible to"), choices=Audience, initial=Audience.TEAM)

    def __init__(self, *args, is_team: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.auto_id = "discussion_%s"  # apart from the forms of the page it stands on
        allowed = ", ".join(kind.name for kind in file_types.ALLOWED)
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        self.fields["uploads"].help_text = _("%(allowed)s; at most %(limit)s MB each.") % {
            "allowed": allowed,
            "limit": limit,
        }
        if not is_team:
            del self.fields["audience"]

    def clean(self):
        cleaned = super().clean() or {}
        if not self.errors and not cleaned["text"] and not cleaned["uploads"]:
            self.add_error("text", _("Write something or choose a file."))
        return cleaned


class GateReviewForm(forms.Form):
    held_on = forms.DateField(label=_("Held on"), widget=forms.DateInput)
    participants = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Who took part"), widget=forms.CheckboxSelectMultiple
    )
    verdict = forms.ChoiceField(label=_("Verdict"), choices=GateVerdict, widget=forms.RadioSelect)
    summary = forms.CharField(
        label=_("Summary"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    audience = forms.ChoiceField(label=_("Visible to"), choices=Audience, initial=Audience.TEAM)
    shared_for_audit = forms.BooleanField(label=_("Shared for the audit"), required=False)

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["participants"].queryset = people_of(project)  # type: ignore[attr-defined]
        self.fields["held_on"].initial = timezone.localdate()


class FindingForm(forms.Form):
    statement = forms.CharField(label=_("Finding"), max_length=500, required=False)
    action = forms.CharField(label=_("Action to take"), max_length=500, required=False)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False)
    due_on = forms.DateField(label=_("Due on"), widget=forms.DateInput, required=False)

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_of(project)  # type: ignore[attr-defined]

    def clean(self):
        cleaned = super().clean() or {}
        if any(cleaned.get(name) for name in ("action", "owner", "due_on")):
            if not cleaned.get("statement"):
                self.add_error("statement", _("Say what was found."))
            for name in ("action", "owner", "due_on"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("An action has its text, its owner and its date."))
        return cleaned


class BaseFindingFormSet(forms.BaseFormSet):
    """The findings of a review in their order; a row left empty is none."""

    def findings(self) -> list[gates.Finding]:
        return [gates.Finding(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("statement")]

    def with_one_more(self):
        """Return the rows as they were typed, with an empty one after them."""
        data = self.data.copy()
        name = f"{self.prefix}-TOTAL_FORMS"
        data[name] = str(min(len(self.forms) + 1, MOST_FINDINGS))
        return type(self)(data, form_kwargs=self.form_kwargs, prefix=self.prefix)


MOST_FINDINGS = 50
FindingFormSet = forms.formset_factory(
    FindingForm, formset=BaseFindingFormSet, extra=2, max_num=MOST_FINDINGS, validate_max=True, absolute_max=60
)


class GateActionForm(forms.Form):
    outcome = forms.CharField(label=_("What was done"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ExportForm(forms.Form):
    audience = forms.ChoiceField(
        label=_("What goes in"),
        choices=[
            (Audience.TEAM, _("Everything, for us")),
            (Audience.CUSTOMER, _("Only what the customer may see, to be handed over")),
        ],
        widget=forms.RadioSelect,
        initial=Audience.TEAM,
    )


class RetentionForm(forms.Form):
    keep_months = forms.IntegerField(
        label=_("Months to keep files after closing"),
        min_value=1,
        max_value=1200,
        required=False,
        help_text=_("Empty: for ever."),
    )


class HoldForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
