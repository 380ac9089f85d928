from allauth.account.forms import RequestLoginCodeForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.domain import code_requests, people
from accounts.domain.errors import TooManyCodes
from accounts.enums import OrganisationKind
from accounts.models import ApiToken, Organisation, User
from common.dates import COMMON_ZONES, validate_time_zone


class SearchInput(forms.TextInput):
    input_type = "search"


class ZoneInput(forms.TextInput):
    """Any IANA name, with the common ones to choose from."""

    def render(self, name, value, attrs=None, renderer=None):
        attrs = {**(attrs or {}), "list": f"{name}-zones", "autocomplete": "off", "spellcheck": "false"}
        options = format_html_join("", '<option value="{}"></option>', ((zone,) for zone in COMMON_ZONES))
        control = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}-zones">{}</datalist>', control, name, options)


class RequestCodeForm(RequestLoginCodeForm):
    def clean_email(self):
        email = super().clean_email()
        try:
            code_requests.count(email)
        except TooManyCodes as refusal:
            raise forms.ValidationError(str(refusal)) from None
        people.tell_if_deactivated(email)
        return email


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "kind", "time_zone"]
        widgets = {"time_zone": ZoneInput}


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Full name"), max_length=120, help_text=_("As the person writes it."))
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("Organisation"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.CharField(
        label=_("Time zone"), widget=ZoneInput, validators=[validate_time_zone], initial="Asia/Shanghai"
    )


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["email", "name", "job_title", "organisation", "language", "time_zone", "is_administrator"]
        labels = {"name": _("Full name")}
        widgets = {"time_zone": ZoneInput}

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean(self):
        cleaned = super().clean()
        organisation = cleaned.get("organisation")
        if cleaned.get("is_administrator") and organisation and organisation.kind != OrganisationKind.VENDOR:
            self.add_error("is_administrator", _("Only the vendor's people can be administrators."))
        return cleaned


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "job_title", "language", "time_zone", "theme", "letter_keys"]
        labels = {"name": _("Full name")}
        widgets = {"time_zone": ZoneInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (self.instance.is_of_vendor or self.instance.is_administrator):
            del self.fields["letter_keys"]  # the customers' pages have no keys


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not a common word and not like your name."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]


class TokenForm(forms.ModelForm):
    class Meta:
        model = ApiToken
        fields = ["name", "expires_on"]
        widgets = {"expires_on": forms.DateInput}
        help_texts = {"name": _("What it is for, such as “Nightly import”."), "expires_on": _("Its last day.")}

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        return day
