from collections.abc import Callable
from functools import wraps

from django.contrib.messages import get_messages
from django.db import transaction
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from quality.domain import acceptances

ONLY_THE_FORM = {"add_step", "add_row"}  # buttons that give the form one more row and save nothing


class WouldVoid(Exception):
    """Takes back what was tried: it would void these acceptances."""

    def __init__(self, voided):
        super().__init__()
        self.voided = voided


def asks_before_voiding(view: Callable) -> Callable:
    """A view whose POST changes what an acceptance may list: where it would void one that waits for signature, it is
    done only after a second, explicit yes. Inside `project_page`, so that it is called with the project.

    Whether it would is tried out: what the view has done is taken back if an acceptance was voided by it. A file could
    not be taken back from the store, so with one it is asked beforehand.
    """

    @wraps(view)
    def asking(request, project, **kwargs):
        saves = request.method == "POST" and ONLY_THE_FORM.isdisjoint(request.POST)
        waiting = acceptances.waiting(project) if saves and "confirmed" not in request.POST else []
        if not waiting:
            return view(request, project, **kwargs)
        if request.FILES:
            return _ask(request, project, waiting)
        try:
            with transaction.atomic():
                response = view(request, project, **kwargs)
                if voided := acceptances.voided_of(waiting):
                    raise WouldVoid(voided)
        except WouldVoid as question:
            get_messages(request)._queued_messages.clear()  # "saved", which it is not
            return _ask(request, project, question.voided)
        return response

    return asking


def _ask(request, project, waiting):
    """Show the question with all that was typed; in a dialog where only a piece of the page was asked for."""
    typed = [
        (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]
    context = {"project": project, "waiting": waiting, "typed": typed, "lost_files": bool(request.FILES)}
    if not request.htmx:
        return render(request, "quality/confirm_voiding.html", context)
    return reswap(retarget(render(request, "quality/_confirm_voiding.html", context), "#dialog"), "innerHTML")
