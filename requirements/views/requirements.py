from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from common.lists import list_page
from projects.access import project_page
from projects.roles import visible_in
from requirements.domain import baselines, requirements
from requirements.domain.errors import BaselineIsOpen
from requirements.enums import BaselineState
from requirements.forms import ReasonForm, RequirementFilter, RequirementForm
from requirements.models import Requirement
from requirements.permissions import can_edit_requirement, can_freeze_baseline, can_view_scope
from requirements.views.asking import DISCARD, try_step

SORTS = {
    "number": "number",
    "process": ("process", "number"),
    "priority": ("priority_rank", "number"),
    "phase": ("phase__number", "number"),
    "state": ("state", "number"),
}


@project_page(can_view_scope)
def requirement_list(request, project):
    visible = visible_in(Requirement.objects.all(), request.user, project)
    rows = visible.select_related("phase").prefetch_related("objectives").with_priority_rank()
    context = {
        "project": project,
        "page": list_page(request, rows, sorts=SORTS, default="number", filterset=RequirementFilter),
        "standing": visible_in(project.baselines.all(), request.user, project)
        .filter(state__in=baselines.STANDING)
        .first(),
        "may_edit": can_edit_requirement(request.user, project),
        "may_freeze": can_freeze_baseline(request.user, project),
    }
    template = "_requirement_table.html" if request.htmx else "requirement_list.html"
    response = render(request, f"requirements/{template}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@project_page(can_view_scope)
def requirement_detail(request, project, number):
    requirement = _requirement(request, project, number)
    may_edit = can_edit_requirement(request.user, project)
    context = {
        "project": project,
        "requirement": requirement,
        "objectives": visible_in(project.objectives.all(), request.user, project).filter(requirements=requirement),
        "frozen": requirement.frozen.filter(
            baseline__in=visible_in(project.baselines.all(), request.user, project)
        ).select_related("baseline"),
        "may_edit": may_edit,
    }
    return render(request, "requirements/requirement_detail.html", context)


@project_page(can_edit_requirement)
def requirement_add(request, project):
    form = _form(request, project, Requirement(project=project))

    def save(discard):
        return requirements.add_requirement(
            form.instance, form.cleaned_data["objectives"], by=request.user, discard=discard
        )

    return _save(request, project, form, save)


@project_page(can_edit_requirement)
def requirement_edit(request, project, number):
    requirement = get_object_or_404(Requirement, project=project, number=number)
    form = _form(request, project, requirement)

    def save(discard):
        return requirements.edit_requirement(
            form.instance,
            form.cleaned_data["objectives"],
            by=request.user,
            seen_version=form.cleaned_data["seen_version"],
            discard=discard,
        )

    return _save(request, project, form, save)


def _form(request, project, requirement):
    standing = baselines.standing(project)
    is_signed = bool(standing and standing.state == BaselineState.SIGNED)
    return RequirementForm(request.POST or None, instance=requirement, project=project, is_signed=is_signed)


def _save(request, project, form, save):
    """Show the form, or save what it holds: then on to the requirement, or back with the question or the refusal."""
    question = None
    if form.is_valid():
        question = try_step(request, form, save)
        if not question and not form.errors:
            messages.success(request, _("%(code)s is saved.") % {"code": form.instance.code})
            return redirect(form.instance)
    # What is stored now, to be shown beside what was typed if someone else was quicker.
    present = Requirement.objects.filter(pk=form.instance.pk).first()
    context = {
        "project": project,
        "form": form,
        "present": present,
        "is_outdated": bool(present and form.is_bound and form.cleaned_data.get("seen_version") != present.version),
        "question": question,
        "standing": baselines.standing(project),
    }
    return render(request, "requirements/requirement_form.html", context)


@project_page(can_edit_requirement)
def requirement_withdraw(request, project, number):
    requirement = get_object_or_404(Requirement, project=project, number=number)
    form, question = ReasonForm(request.POST or None), None
    if form.is_valid():

        def withdraw(discard):
            return requirements.withdraw_requirement(
                requirement.pk, reason=form.cleaned_data["reason"], by=request.user, discard=discard
            )

        question = try_step(request, form, withdraw)
        if not question and not form.errors:
            messages.success(request, _("%(code)s is withdrawn.") % {"code": requirement.code})
            return redirect(requirement)
    context = {"project": project, "requirement": requirement, "form": form, "question": question}
    return render(request, "requirements/requirement_withdraw.html", context)


@project_page(can_edit_requirement)
@require_POST
def requirement_restore(request, project, number):
    requirement = get_object_or_404(Requirement, project=project, number=number)
    try:
        requirements.restore_requirement(requirement.pk, by=request.user, discard=DISCARD in request.POST)
    except BaselineIsOpen as question:
        context = {"project": project, "requirement": requirement, "question": question}
        return render(request, "requirements/requirement_restore.html", context)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(code)s is restored.") % {"code": requirement.code})
    return redirect(requirement)


@project_page(can_edit_requirement)
@require_POST
def requirement_delete(request, project, number):
    requirement = get_object_or_404(Requirement, project=project, number=number)
    try:
        requirements.delete_requirement(requirement.pk, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(requirement)
    messages.success(request, _("%(code)s is deleted.") % {"code": requirement.code})
    return redirect("requirements:requirement_list", project.key)


def _requirement(request, project, number):
    visible = visible_in(Requirement.objects.select_related("phase", "withdrawn_by"), request.user, project)
    requirement = get_object_or_404(visible, number=number)
    requirement.project = project  # known; its address and its discussion need it
    return requirement
