"""The moves of a defect, each at its own address: GET shows what it asks for, as a page or in the dialog of a table
or board, POST makes it and leads back to where the person was."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import trigger_client_event

from common.errors import Refusal
from projects.access import project_page
from quality.domain import defects
from quality.domain.queries import visible_defects
from quality.enums import DefectMoveName
from quality.forms.defects import CloseForm, DeclineForm, DeferForm, DuplicateForm, FixForm, MoveForm, ReopenForm
from quality.permissions import can_close_defect, can_fix_defect, can_reopen_defect, can_settle_defect
from quality.views.defect_steps import prepare
from quality.views.defects import visible_defect
from quality.views.voiding import asks_before_voiding


class Move(NamedTuple):
    form: type[MoveForm]
    make: Callable
    consequence: str


MOVES = {
    "fix": Move(FixForm, defects.fix_defect, gettext_lazy("Whoever found it is asked to run the case again.")),
    "decline": Move(
        DeclineForm,
        defects.decline_defect,
        gettext_lazy("Its reporter is told the reason and asked to confirm. Until then it counts as open."),
    ),
    "defer": Move(
        DeferForm,
        lambda pk, **fields: defects.defer_defect(pk, on=timezone.localdate(), **fields),
        gettext_lazy("It still counts as open; on the day its owner is asked again."),
    ),
    "duplicate": Move(
        DuplicateForm,
        defects.mark_duplicate,
        gettext_lazy("It is settled by this. Its reporter is told of the moves of the other defect."),
    ),
    "close": Move(CloseForm, defects.close_defect, gettext_lazy("Close it when you have seen it work.")),
    "reopen": Move(ReopenForm, defects.reopen_defect, gettext_lazy("Its owner and its reporter are told.")),
}


@project_page(can_fix_defect)
@asks_before_voiding
def defect_fix(request, project, number):
    return _move(request, project, number, "fix")


@project_page(can_settle_defect)
@asks_before_voiding
def defect_decline(request, project, number):
    return _move(request, project, number, "decline")


@project_page(can_settle_defect)
@asks_before_voiding
def defect_defer(request, project, number):
    return _move(request, project, number, "defer")


@project_page(can_settle_defect)
@asks_before_voiding
def defect_duplicate(request, project, number):
    return _move(request, project, number, "duplicate")


@project_page(can_close_defect)
@asks_before_voiding
def defect_close(request, project, number):
    return _move(request, project, number, "close")


@project_page(can_reopen_defect)
@asks_before_voiding
def defect_reopen(request, project, number):
    return _move(request, project, number, "reopen")


def _move(request, project, number, name):
    defect, move, refused = visible_defect(request, project, number), MOVES[name], ""
    form = move.form(
        request.POST if request.method == "POST" else None, originals=visible_defects(request.user, project)
    )
    if request.method != "POST" or not form.is_valid():
        return _ask(request, project, defect, name, form)
    try:
        move.make(defect.pk, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        refused = str(refusal)
    if request.htmx:
        return _row(request, project, number, refused)
    if refused:
        messages.error(request, refused)
    else:
        done = {"defect": defect.code, "state": defects.MOVES[name][1].label}
        messages.success(request, _("%(defect)s is now “%(state)s”.") % done)
    return redirect(_back(request) or defect.get_absolute_url())


def _ask(request, project, defect, name, form):
    context = {
        "project": project,
        "defect": defect,
        "form": form,
        "action": DefectMoveName(name).label,
        "consequence": MOVES[name].consequence,
        "back": _back(request),
        "is_open": name in {step.name for step in defect.steps},
    }
    template = "quality/_defect_move.html" if request.htmx else "quality/defect_move.html"
    return render(request, template, context)


def _row(request, project, number, refused):
    """Answer with the row that changed; a refusal shows it as it is."""
    defect = visible_defect(request, project, number)
    prepare(request, project, [defect], back=request.htmx.current_url_abs_path or "")
    response = render(request, "quality/_defect_row.html", {"project": project, "defect": defect})
    if refused:
        trigger_client_event(response, "app:toast", {"level": "error", "text": refused})
    return response


def _back(request):
    """The page of ours that the person came from, or nothing."""
    target = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else ""
