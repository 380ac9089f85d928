from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from projects.access import project_page
from projects.roles import visible_in
from quality.domain import acceptances, executions, queries
from quality.enums import RunState
from quality.forms.executions import ResultForm
from quality.models import Execution, TestRun
from quality.permissions import can_execute_case, can_record_result, can_view_quality
from quality.views.voiding import asks_before_voiding


@project_page(can_view_quality)
def execution(request, project, number, case_number):
    """One case of a run: what to do, what must be seen, and the form of the result for those who test."""
    shown = find_execution(request, project, number, case_number)
    return _show(request, project, shown, result_form(shown))


@project_page(can_execute_case)
@require_POST
@asks_before_voiding
def execution_record(request, project, number, case_number):
    shown = find_execution(request, project, number, case_number)
    if not can_record_result(request.user, shown):
        raise PermissionDenied
    form = result_form(shown, request.POST, request.FILES)
    if form.is_valid():
        values = form.cleaned_data
        try:
            executions.record_result(
                shown.pk,
                form.observation(),
                by=request.user,
                case_version=values["case_version"],
                token=values["token"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _go_on(request, shown)
    return _show(request, project, shown, form)


def find_execution(request, project, number, case_number):
    runs = visible_in(TestRun.objects.filter(number=number), request.user, project)
    rows = Execution.objects.filter(run__in=runs).with_retest().select_related("run", "case", "assigned_to")
    found = get_object_or_404(rows.prefetch_related("case__steps"), case__number=case_number)
    found.run.project = found.case.project = project
    return found


def result_form(shown, *data):
    return ResultForm(*data, version=shown.case.version, steps=shown.case.steps.all())


def _show(request, project, shown, form):
    own = queries.own_executions(shown.run, request.user)
    can_record = shown.run.state == RunState.RUNNING and can_record_result(request.user, shown)
    context = {
        "project": project,
        "run": shown.run,
        "execution": shown,
        "case": shown.case,
        "form": form,
        "results": shown.results.select_related("executed_by").prefetch_related("attachments").order_by("-pk")[:20],
        "progress": queries.own_progress(own),
        "next_execution": queries.next_open(own, after=shown.case),
        "can_record": can_record,
        "is_open": can_record and queries.is_left(shown, request.user),
        "waiting": acceptances.waiting(project) if can_record else [],
    }
    return render(request, "quality/execution.html", context)


def _go_on(request, shown):
    """To the next open case; the address says which one is saved, so that the phone forgets its draft."""
    messages.success(request, _("%(case)s is saved.") % {"case": shown.case.code})
    following = queries.next_open(queries.own_executions(shown.run, request.user), after=shown.case)
    target = following or shown.run
    return redirect(f"{target.get_absolute_url()}?saved={shown.case.number}")
