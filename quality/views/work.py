"""Working through a run on a phone: the open cases in one page, and results that are sent when there is a line."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refusal
from projects.access import project_page, public_page
from projects.roles import visible_in
from quality.domain import acceptances, executions, queries
from quality.enums import OUTCOME_FAMILIES, RECORDED_OUTCOMES, Outcome, RunState
from quality.forms.executions import ResultForm, SentResultForm
from quality.models import Execution, TestRun
from quality.permissions import can_execute_case, can_record_result
from quality.views.runs import visible_runs

WINDOW = 50  # cases in one page: more than a person runs before they are back on a line


@project_page(can_execute_case)
def run_work(request, project, number):
    """The open cases of the person, with all that running them takes: from here on no network is needed."""
    run = get_object_or_404(visible_runs(request, project), number=number)
    run.project = project
    made = timezone.now().timestamp()
    own = queries.own_executions(run, request.user)
    rows = list(queries.still_open(own).select_related("case").prefetch_related("case__steps")[:WINDOW])
    is_running = run.state == RunState.RUNNING
    context = {
        "project": project,
        "made": made,  # results sent later are not in this page
        "run": run,
        "executions": rows,
        "progress": queries.own_progress(own),
        "is_running": is_running,
        "form": ResultForm(version=0, steps=[]),
        "waiting": acceptances.waiting(project) if is_running else [],
        "outcomes": [(value, label, OUTCOME_FAMILIES[Outcome(value)]) for value, label in RECORDED_OUTCOMES],
        "cases": [_content(project, run, execution) for execution in rows] if is_running else [],
    }
    return render(request, "quality/run_work.html", context)


@project_page(can_execute_case)
@require_POST
def execution_send(request, project, number, case_number):
    """Record a result for the script of the page, which keeps it until it is told `saved`.

    200 `saved` (the token), `outcome`, `at`; 409 and 422 `reason`, and `kind`: why it cannot be recorded as it is.
    """
    runs = visible_in(TestRun.objects.filter(number=number), request.user, project)
    rows = Execution.objects.select_related("run__project", "case")
    execution = get_object_or_404(rows, run__in=runs, case__number=case_number)
    if not can_record_result(request.user, execution):
        raise PermissionDenied
    form = SentResultForm(request.POST, request.FILES)
    if not form.is_valid():
        reasons = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"kind": "invalid", "reason": " ".join(reasons)}, status=422)
    if "confirmed" not in request.POST and acceptances.waiting(project):
        reason = _("An acceptance is waiting for signature; recording this voids it.")
        return JsonResponse({"kind": "voids", "reason": reason}, status=409)
    values = form.cleaned_data
    try:
        result = executions.record_result(
            execution.pk,
            form.observation(),
            by=request.user,
            case_version=values["case_version"],
            token=values["token"],
        )
    except Refusal as refusal:
        return JsonResponse({"kind": type(refusal).__name__, "reason": str(refusal)}, status=409)
    return JsonResponse({"saved": str(result.token), "outcome": result.outcome, "at": result.executed_at.timestamp()})


@public_page("is a script, the same for everybody, without data")
def work_script(request):
    """The service worker that opens the page without a network; here, since a worker reaches no wider than its path."""
    return render(request, "quality/uat_worker.js", content_type="text/javascript")


def _content(project, run, execution: Execution) -> dict:
    case, args = execution.case, [project.key, run.number, execution.case.number]
    return {
        "number": case.number,
        "title": str(case),
        "version": case.version,
        "before": case.preconditions,
        "page": reverse("quality:execution", args=args),
        "send": reverse("quality:execution_send", args=args),
        "steps": [step.content() for step in case.steps.all()],
    }
