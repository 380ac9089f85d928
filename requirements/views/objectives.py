from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from common.lists import list_page
from projects.access import project_page
from projects.roles import visible_in
from requirements.domain import baselines, objectives
from requirements.enums import BaselineState
from requirements.forms import ObjectiveForm
from requirements.models import Objective, Requirement
from requirements.permissions import can_edit_objective, can_view_scope
from requirements.views.asking import try_step

SORTS = {"number": "number", "due": ("due_on", "number")}


@project_page(can_view_scope)
def objective_list(request, project):
    page = list_page(request, visible_in(Objective.objects.all(), request.user, project), sorts=SORTS, default="number")
    context = {"project": project, "page": page, "may_edit": can_edit_objective(request.user, project)}
    return render(request, "requirements/objective_list.html", context)


@project_page(can_view_scope)
def objective_detail(request, project, number):
    objective = get_object_or_404(visible_in(Objective.objects.all(), request.user, project), number=number)
    objective.project = project  # known; its trail needs it
    tied = visible_in(Requirement.objects.all(), request.user, project).filter(objectives=objective)
    context = {
        "project": project,
        "objective": objective,
        "requirements": tied.select_related("phase"),
        "may_edit": can_edit_objective(request.user, project),
    }
    return render(request, "requirements/objective_detail.html", context)


@project_page(can_edit_objective)
def objective_add(request, project):
    return _edit(request, project, Objective(project=project))


@project_page(can_edit_objective)
def objective_edit(request, project, number):
    return _edit(request, project, get_object_or_404(Objective, project=project, number=number))


def _edit(request, project, objective):
    standing = baselines.standing(project)
    is_signed = bool(standing and standing.state == BaselineState.SIGNED)
    form = ObjectiveForm(request.POST or None, instance=objective, is_signed=is_signed)
    question = None
    if form.is_valid():
        question = try_step(request, form, lambda discard: _save(form, by=request.user, discard=discard))
        if not question and not form.errors:
            messages.success(request, _("%(code)s is saved.") % {"code": objective.code})
            return redirect(objective)
    # What is stored now, to be shown beside what was typed if someone else was quicker.
    present = Objective.objects.filter(pk=objective.pk).first()
    context = {
        "project": project,
        "present": present,
        "is_outdated": bool(present and form.is_bound and form.cleaned_data.get("seen_version") != present.version),
        "form": form,
        "question": question,
        "standing": standing,
    }
    return render(request, "requirements/objective_form.html", context)


def _save(form, *, by, discard):
    if form.instance.pk is None:
        return objectives.add_objective(form.instance, by=by, discard=discard)
    return objectives.edit_objective(
        form.instance, by=by, seen_version=form.cleaned_data["seen_version"], discard=discard
    )
