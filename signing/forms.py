from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.enums import Role
from signing import kinds
from signing.domain import authority, drawings
from signing.domain.requests import SignerSpec
from signing.domain.signatures import Signature
from signing.enums import Method, Side

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


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with the document and told to everyone who was asked."),
    )


class LinkForm(forms.Form):
    email = forms.EmailField(label=_("Your e-mail address"), max_length=254)


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
