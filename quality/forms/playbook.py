from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from projects.domain import playbooks
from quality.domain.playbook import OfferedCase


class PlaybookForm(forms.Form):
    """Which playbook the test cases are copied from."""

    playbook = forms.ChoiceField(label=_("Playbook"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        language = get_language()
        self.fields["playbook"].choices = [
            (playbook.code, playbook.in_language(language)["name"]) for playbook in playbooks.list_playbooks()
        ]

    def chosen(self, *, default: str) -> str:
        """Return the code that was asked for, else `default`, else the first there is."""
        codes = playbooks.list_codes()
        if self.is_valid():
            return self.cleaned_data["playbook"]
        return default if default in codes else codes[0]


class CopyForm(forms.Form):
    """Which of the offered cases are copied, by their code in the playbook."""

    codes = forms.MultipleChoiceField(
        label=_("Test cases"), error_messages={"required": _("Tick at least one test case.")}
    )

    def __init__(self, *args, offered: list[OfferedCase], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(row.code, row.title) for row in offered if not row.is_here]
        self.fields["codes"].choices = choices  # type: ignore[attr-defined]
