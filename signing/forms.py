from datetime import datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refusal
from projects.domain.attachments import check_upload
from projects.enums import Role
from signing import kinds
from signing.domain import authority, delegations, drawings
from signing.domain.delegations import Naming
from signing.domain.errors import LetterMissing
from signing.domain.requests import SignerSpec
from signing.domain.signatures import Signature
from signing.enums import Method, Side
from signing.models import Signer

NOBODY = ""


class SendForm(forms.Form):
    """Who signs, in which order, and until when. Included by the pages that send: signing/_send_form.html.

    Proposed: the project manager first, then the sponsor. Equal numbers sign in parallel.
    """

    remind_after_days = forms.IntegerField(
        label=_("Remind after working days"),
        initial=2,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    expires_in_days = forms.IntegerField(
        label=_("Days to sign"), initial=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )

    def __init__(self, *args, project, kind_code, by, **kwargs):
        super().__init__(*args, **kwargs)
        day = authority.contract_day(project, timezone.now())
        self.candidates = authority.possible_signers(project, kind_code, on=day)
        proposed = self._proposed(by)
        places = [(NOBODY, _("Does not sign")), *((str(n), str(n)) for n in range(1, len(self.candidates) + 1))]
        for user, side, _role in self.candidates:
            self.fields[self._name(user, side)] = forms.ChoiceField(
                label=_("Place of %(name)s") % {"name": user.name},
                choices=places,
                required=False,
                initial=proposed.get((user.pk, side), NOBODY),
            )

    def _proposed(self, by) -> dict:
        first_of = {}
        for user, side, _role in self.candidates:
            if side not in first_of or (side == Side.VENDOR and user.pk == by.pk):
                first_of[side] = (user.pk, side)
        return {key: str(place) for place, key in enumerate(first_of.values(), start=1)}

    @staticmethod
    def _name(user, side) -> str:
        return f"signer_{side}_{user.pk}"

    def signer_rows(self):
        """Yield (bound field, person, side, role) for the template."""
        for user, side, role in self.candidates:
            yield self[self._name(user, side)], user, Side(side).label, Role(role).label

    def clean(self):
        cleaned = super().clean()
        chosen = [(user, side) for user, side, _role in self.candidates if cleaned.get(self._name(user, side))]
        if {side for _user, side in chosen} != set(Side.values):
            raise forms.ValidationError(_("Choose at least one person of each side to sign."))
        if len({user.pk for user, _side in chosen}) != len(chosen):
            raise forms.ValidationError(_("One person cannot sign for both sides."))
        return cleaned

    def signers(self) -> list[SignerSpec]:
        return [
            SignerSpec(user=user, side=side, order=int(self.cleaned_data[self._name(user, side)]))
            for user, side, _role in self.candidates
            if self.cleaned_data[self._name(user, side)]
        ]

    def options(self) -> dict:
        """The keyword arguments of requests.send that this form decides."""
        return {
            "signers": self.signers(),
            "remind_after_days": self.cleaned_data["remind_after_days"],
            "expires_in_days": self.cleaned_data["expires_in_days"],
        }


class DecisionForm(forms.Form):
    """The signer's page: accept and sign, or decline for a reason."""

    ACCEPT, DECLINE = "accept", "decline"

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[(ACCEPT, _("Accept")), (DECLINE, _("Decline"))],
        error_messages={"required": _("Choose: accept, or decline.")},
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea)
    method = forms.ChoiceField(choices=Method.choices, required=False)
    strokes = forms.CharField(required=False, max_length=drawings.MAX_CHARACTERS, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Full name"), required=False, max_length=120)
    job_title = forms.CharField(label=_("Job title"), required=False, max_length=120)
    code = forms.CharField(label=_("6-digit code"), required=False, max_length=20)
    consent = forms.BooleanField(required=False)

    def __init__(self, *args, needs_code: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs_code = needs_code

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == self.DECLINE:
            if not cleaned.get("reason"):
                self.add_error("reason", _("Say why you decline: the team needs to know."))
        elif cleaned.get("decision") == self.ACCEPT:
            self._clean_signature(cleaned)
        if self.needs_code and not (cleaned.get("code", "").isdigit() and len(cleaned["code"]) == 6):
            self.add_error("code", _("Enter the 6 digits from the e-mail."))
        return cleaned

    def _clean_signature(self, cleaned):
        if not cleaned.get("name"):
            self.add_error("name", _("Enter your full name."))
        if not cleaned.get("consent"):
            self.add_error("consent", _("Agree to sign electronically first."))
        cleaned["method"] = cleaned.get("method") or Method.TYPED
        cleaned["drawing"] = None
        if cleaned["method"] == Method.DRAWN:
            drawing = drawings.parse(cleaned.get("strokes", ""))
            if drawing is None:
                self.add_error("strokes", _("Draw your signature, or choose to type your name."))
            elif not drawings.is_signature(drawing):
                self.add_error(
                    "strokes",
                    _("This is very small or a single line. Please draw your signature a little larger, or type it."),
                )
            else:
                cleaned["drawing"] = drawing

    @property
    def is_decline(self) -> bool:
        return self.cleaned_data["decision"] == self.DECLINE

    def signature(self) -> Signature:
        data = self.cleaned_data
        return Signature(
            name=data["name"],
            job_title=data["job_title"],
            method=data["method"],
            consent=data["consent"],
            strokes=data["drawing"],
        )


class DelegateForm(forms.Form):
    """A signer names who signs in their place."""

    user = forms.ModelChoiceField(
        label=_("Who signs in your place"), queryset=User.objects.none(), empty_label=_("Choose a person")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with the document and told to everyone concerned."),
    )
    valid_until = forms.DateField(
        label=_("They may sign until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The end of that day. If they have not signed by then, it is your turn again."),
    )
    letter = forms.FileField(
        label=_("Letter of authorisation"),
        required=False,
        help_text=_(
            "Needed for a person whom the authority register does not name. A PDF or a photo, kept with the document."
        ),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    code = forms.CharField(label=_("6-digit code"), required=False, max_length=20)

    def __init__(self, *args, signer: Signer, needs_code: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.signer, self.needs_code = signer, needs_code
        self.zone = ZoneInfo(signer.request.project.time_zone)
        self.last_day = signer.request.expires_at.astimezone(self.zone).date()
        self.fields["user"].queryset = delegations.possible_delegates(signer)
        self.fields["valid_until"].initial = self.last_day
        self.fields["valid_until"].widget.attrs["max"] = self.last_day.isoformat()

    def clean_code(self):
        code = "".join(self.cleaned_data["code"].split())
        if self.needs_code and not (code.isdigit() and len(code) == 6):
            raise forms.ValidationError(_("Enter the 6 digits from the e-mail."))
        return code

    def clean_valid_until(self):
        day = self.cleaned_data["valid_until"]
        if not timezone.now().astimezone(self.zone).date() <= day <= self.last_day:
            raise forms.ValidationError(_("Choose a day from today to the last day to sign."))
        return day

    def clean_letter(self):
        upload = self.cleaned_data["letter"]
        if upload:
            try:
                check_upload(upload)
            except Refusal as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return upload

    def clean(self):
        cleaned = super().clean()
        user = cleaned.get("user")
        has_letter = cleaned.get("letter") or "letter" in self.errors
        if user and not has_letter and delegations.needs_letter(self.signer, user):
            self.add_error("letter", str(LetterMissing(name=user.name)))
        return cleaned

    def naming(self) -> Naming:
        data = self.cleaned_data
        end = datetime.combine(data["valid_until"], time(23, 59, 59), self.zone)
        until = min(end, self.signer.request.expires_at)
        return Naming(data["user"], data["reason"], until, data["letter"])


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with the document and told to everyone who was asked."),
    )


class LinkForm(forms.Form):
    email = forms.EmailField(label=_("Your e-mail address"), max_length=254)


class FingerprintForm(forms.Form):
    """A document by its number and the SHA-256 of the copy at hand."""

    number = forms.RegexField(
        r"^\s*[A-Za-z0-9-]{3,60}(\s+v\d{1,4})?\s*$",
        label=_("Document number"),
        help_text=_("As printed on the document, with or without its version: HX-ERP-SRS-001 v2"),
    )
    sha256 = forms.RegexField(
        r"^[0-9a-fA-F\s]{64,100}$",
        label=_("SHA-256 of your file"),
        max_length=100,
        help_text=_("64 digits and letters; sha256sum, certutil or shasum prints it."),
    )

    def clean_number(self):
        return self.cleaned_data["number"].split()[0].upper()

    def clean_sha256(self):
        digest = "".join(self.cleaned_data["sha256"].split()).lower()
        if len(digest) != 64:
            raise forms.ValidationError(_("A SHA-256 has 64 digits and letters from a to f."))
        return digest


class VerifyForm(forms.Form):
    file = forms.FileField(
        label=_("PDF file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        help_text=_("At most 10 MB. It is checked and not kept."),
    )


class AuthorityForm(forms.Form):
    user = forms.ModelChoiceField(label=_("Representative"), queryset=User.objects.none())
    kind = forms.ChoiceField(label=_("Kind of document"))
    valid_until = forms.DateField(label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.project = project
        held = project.memberships.filter(role=Role.REPRESENTATIVE).values("user")
        self.fields["user"].queryset = User.objects.filter(pk__in=held, is_active=True)
        self.fields["kind"].choices = kinds.choices()

    def clean_valid_until(self):
        return authority.check_last_day(self.project, self.cleaned_data["valid_until"], timezone.now())
