"""What all steps on the scope share: a refusal is shown, and an open baseline is asked about before it goes."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest

from common.errors import Refusal
from requirements.domain.errors import BaselineIsOpen

DISCARD = "discard"  # the name of the button that says: yes, discard the open baseline


def try_step(request: HttpRequest, form: forms.Form, step: Callable[[bool], object]) -> Refusal | None:
    """Call `step(discard)`; on a refusal put it into `form`, or return the question that the page must ask first."""
    try:
        step(DISCARD in request.POST)
    except BaselineIsOpen as question:
        return question
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return None
