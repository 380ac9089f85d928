from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from projects.access import project_page
from projects.roles import is_team
from quality import sources
from quality.domain import acceptances, agreements, checks, criteria_sets, evaluation, facts
from quality.enums import CriteriaState
from quality.forms.criteria import CheckForm, CriteriaFormSet, CriteriaScopeForm, DeemedForm, ReopenCriteriaForm
from quality.forms.rows import with_one_more_row
from quality.models import ImportedTimes
from quality.permissions import (
    can_edit_criteria,
    can_propose_waiver,
    can_record_check,
    can_reopen_criteria,
    can_send_criteria,
    can_view_acceptance,
)
from quality.views.acceptance import visible_sets
from quality.views.scopes import phase_of_scope
from quality.views.voiding import asks_before_voiding
from signing.forms import SendForm

ROWS = "criteria"  # prefix of the rows in the form


def visible_set(request, project, scope, version):
    phase = phase_of_scope(project, scope)
    criteria_set = get_object_or_404(visible_sets(request, project), phase=phase, version=version)
    criteria_set.project = project
    return criteria_set


@project_page(can_edit_criteria)
def criteria_create(request, project):
    form = CriteriaScopeForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        try:
            criteria_set = criteria_sets.start_set(project, form.cleaned_data["phase"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            args = [project.key, criteria_set.scope_slug, criteria_set.version]
            return redirect("quality:criteria_edit", *args)
    return render(request, "quality/criteria_create.html", {"project": project, "form": form})


@project_page(can_view_acceptance)
def criteria_detail(request, project, scope, version):
    return _show(request, project, visible_set(request, project, scope, version), ReopenCriteriaForm())


def _show(request, project, criteria_set, reopen_form):
    measured = facts.of_scope(project, criteria_set.phase)
    criteria = list(criteria_set.criteria.all())
    for criterion in criteria:
        criterion.criteria_set = criteria_set
    context = {
        "project": project,
        "criteria_set": criteria_set,
        "lines": evaluation.evaluate_all(criteria, measured),
        "reopen_form": reopen_form,
        "is_team": is_team(request.user, project),
        "can_edit": can_edit_criteria(request.user, project),
        "can_send": can_send_criteria(request.user, project),
        "can_reopen": can_reopen_criteria(request.user, project),
    }
    return render(request, "quality/criteria_detail.html", context)


@project_page(can_edit_criteria)
def criteria_edit(request, project, scope, version):
    """Show and take the criteria of a draft; “Add criterion” only gives the form one more row."""
    criteria_set = visible_set(request, project, scope, version)
    if criteria_set.is_locked:
        messages.error(request, _("These criteria are locked: they were sent for signature."))
        return redirect(criteria_set)
    is_saving = request.method == "POST" and "add_row" not in request.POST
    term = DeemedForm(request.POST if is_saving else None, instance=criteria_set)
    options = {"prefix": ROWS, "form_kwargs": {"labels": labels_of(criteria_set)}}
    if request.method != "POST":
        rows = CriteriaFormSet(initial=[row_of(c) for c in criteria_set.criteria.all()], **options)
    elif "add_row" in request.POST:
        rows = CriteriaFormSet(with_one_more_row(request.POST, ROWS), **options)
    else:
        rows = CriteriaFormSet(request.POST, **options)
        if rows.is_valid() and term.is_valid():
            try:
                criteria_sets.save_criteria(criteria_set.pk, rows.wordings(), by=request.user, **term.cleaned_data)
            except Refusal as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("The criteria were saved."))
            return redirect(criteria_set)
    is_adding = "add_row" in request.POST
    name = "quality/_criteria_rows.html" if request.htmx and is_adding else "quality/criteria_form.html"
    context = {"project": project, "criteria_set": criteria_set, "rows": rows, "term": term, "is_adding": is_adding}
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def labels_of(criteria_set):
    """The labels to choose from: of the load tests that were imported, and those that the set names already."""
    imported = ImportedTimes.objects.filter(result_import__project=criteria_set.project).exclude(label="")
    named = criteria_set.criteria.exclude(label="").values_list("label", flat=True)
    return sorted({*imported.values_list("label", flat=True), *named})


def row_of(criterion):
    names = ("statement", "source", "kind", "operator", "unit", "how", "label")
    threshold = evaluation.exact_text(criterion.threshold)
    return {name: getattr(criterion, name) for name in names} | {"threshold": threshold}


@project_page(can_send_criteria)
def criteria_send(request, project, scope, version):
    criteria_set = visible_set(request, project, scope, version)
    form = SendForm(request.POST or None, project=project, kind_code=agreements.KIND, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            sent = agreements.send(criteria_set.pk, by=request.user, **form.options())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The criteria are sent for signature and locked."))
            return redirect(sent.document)
    context = {
        "project": project,
        "criteria_set": criteria_set,
        "agreement": agreements.printed(criteria_set),
        "form": form,
    }
    return render(request, "quality/criteria_send.html", context)


@project_page(can_reopen_criteria)
@require_POST
@asks_before_voiding
def criteria_reopen(request, project, scope, version):
    criteria_set = visible_set(request, project, scope, version)
    form = ReopenCriteriaForm(request.POST)
    if not form.is_valid():
        return _show(request, project, criteria_set, form)
    try:
        following = criteria_sets.reopen(criteria_set.pk, reason=form.cleaned_data["reason"], by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(criteria_set)
    messages.success(request, _("The criteria are reopened. Change the next version and send it for signature."))
    return redirect(following)


@project_page(can_view_acceptance)
@asks_before_voiding
def criterion(request, project, scope, version, position):
    """One criterion: what was measured, and for a manual one the checks so far and the form of the next."""
    criteria_set = visible_set(request, project, scope, version)
    shown = get_object_or_404(criteria_set.criteria, position=position)
    shown.criteria_set = criteria_set
    can_record = can_record_check(request.user, project)
    is_manual = shown.source in {sources.MANUAL, sources.MANUAL_VALUE}
    form = CheckForm(request.POST or None, request.FILES or None, criterion=shown) if is_manual else None
    if request.method == "POST":
        if not can_record:
            raise PermissionDenied
        if form and form.is_valid():
            try:
                checks.record_check(shown.pk, by=request.user, **form.values())
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The check is recorded."))
                return redirect(shown)
    found = list(shown.checks.select_related("checked_by").prefetch_related("attachments").order_by("-pk"))
    measured = facts.of_scope(project, criteria_set.phase)
    context = {
        "project": project,
        "criteria_set": criteria_set,
        "criterion": shown,
        "line": evaluation.evaluate_all([shown], measured)[0],
        "checks": found,
        "form": form if can_record and criteria_set.state == CriteriaState.AGREED else None,
        "waiting": acceptances.waiting(project) if form and can_record else [],
        "can_propose": criteria_set.state == CriteriaState.AGREED and can_propose_waiver(request.user, project),
        "is_team": is_team(request.user, project),
    }
    return render(request, "quality/criterion.html", context)
