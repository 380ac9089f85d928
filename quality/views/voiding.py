from collections.abc import Callable
from functools import wraps

from django.shortcuts import render
from django_htmx.http import reswap, retarget

from quality.domain import acceptances

ONLY_THE_FORM = {"add_step", "add_row"}  # buttons that give the form one more row and save nothing


def asks_before_voiding(view: Callable) -> Callable:
    """A view whose POST changes what an acceptance may list: while one waits for signature it is done only after a
    second, explicit yes. Inside `project_page`, so that it is called with the project."""

    @wraps(view)
    def asking(request, project, **kwargs):
        saves = request.method == "POST" and ONLY_THE_FORM.isdisjoint(request.POST)
        if saves and "confirmed" not in request.POST:
            waiting = acceptances.waiting(project)
            if waiting:
                return _ask(request, project, waiting)
        return view(request, project, **kwargs)

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
